"""What mails say of publications: to those who decide on one, and to those who had a hand in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import LazyString, gettext, lazy_gettext

from tracker import i18n
from tracker.errors import sentence_of
from tracker.mails.parts import Detail, Facts, Letter, Link, cohort_in, entry_of, proposal_at, title_in
from tracker.vocabulary import Action, Notice

_SAID: Mapping[Notice, LazyString] = {
    Notice.PUBLICATION_DUE: lazy_gettext("Somebody of the secretariat proposes this, and a second person must decide."),
    Notice.PUBLICATION_RETURNED: lazy_gettext("It is not approved. This is why:"),
    Notice.PUBLICATION_SCHEDULED: lazy_gettext("It is approved, and appears at its moment."),
    Notice.PUBLICATION_PUT_OFF: lazy_gettext("It appears later than was approved."),
    Notice.PUBLICATION_CALLED_OFF: lazy_gettext("It was approved, and does not appear."),
    Notice.PUBLICATION_STOPPED: lazy_gettext("Its moment came, and it could not appear. This is why:"),
    Notice.PUBLISHED: lazy_gettext("It is approved, and stands in the public register."),
}
_ACTIONS = {each.value: each.label for each in Action}


def _about(notice: Notice) -> Callable[[Facts], Letter]:
    def write(facts: Facts) -> Letter:
        due = notice is Notice.PUBLICATION_DUE
        return Letter(
            about=title_in(facts),
            heading=str(notice.label),
            link=Link(gettext("Decide on it") if due else gettext("See the proposal"), proposal_at(facts)),
            sentences=(str(_SAID[notice]),),
            said=str(sentence_of(facts["why"])) if "why" in facts else facts.get("reason"),
            details=_details(facts),
        )

    return write


def _details(facts: Facts) -> tuple[Detail, ...]:
    details: list[Detail] = [
        (gettext("What it is"), str(_ACTIONS[facts["action"]])),
        (gettext("Title"), title_in(facts)),
    ]
    if cohort := cohort_in(facts):
        details.append((gettext("Cohort"), cohort))
    if "due_at" in facts:
        details.append((gettext("Moment"), i18n.moment(datetime.fromisoformat(facts["due_at"]))))
    if "by" in facts:
        details.append((gettext("By"), facts["by"]))
    if "entry" in facts:
        details.append(entry_of(facts))
    return tuple(details)


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {notice: _about(notice) for notice in _SAID}
