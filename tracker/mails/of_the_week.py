"""What the weekly digest says to the secretariat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext, ngettext

from tracker import i18n
from tracker.i18n import Shown
from tracker.mails.parts import (
    Facts,
    Letter,
    Link,
    Listed,
    Row,
    address_of,
    cohort_in,
    day_of,
    names_in,
    title_in,
    waiting_at,
)
from tracker.subjects import name_of_text
from tracker.vocabulary import Action, Matter, Notice


def _digest(facts: Facts) -> Letter:
    heading = gettext("The week from %(first)s to %(last)s", first=day_of(facts, "from"), last=day_of(facts, "until"))
    return Letter(
        heading=heading,
        lists=(
            _listed(gettext("Waiting for a decision"), facts["waiting"], _days_waiting),
            _listed(gettext("Returned in the week"), facts["returned"], _recorded_on),
            _listed(gettext("Confirmed or withdrawn in the week"), facts["recorded"], _act_on),
        ),
        link=Link(gettext("Go to the queue"), address_of("secretariat.queue")),
    )


def _listed(heading: str, part: Facts, note: Callable[[Facts], str]) -> Listed:
    rows = tuple(Row(*_named(each), note(each), waiting_at(each)) for each in part["listed"])
    left = part["count"] - len(rows)
    more = ngettext("and %(count)s more", "and %(count)s more", left, count=i18n.number(left))
    return Listed(heading, rows, str(more) if left else None)


def _named(facts: Facts) -> tuple[Shown, Shown | None]:
    """Return what a row calls something: by its participant, its title, the person or the text that changes."""
    if "participant" in facts:
        return names_in(facts)
    if "title" in facts:
        return title_in(facts), cohort_in(facts)
    if "person" in facts:
        return Shown(facts["person"], i18n.current_language(), foreign=False), None
    return Shown(name_of_text(facts["subject"]), i18n.current_language(), foreign=False), cohort_in(facts)


def _days_waiting(facts: Facts) -> str:
    days = ngettext("%(count)s day", "%(count)s days", facts["days"], count=i18n.number(facts["days"]))
    return f"{next(each.label for each in Matter if each == facts['matter'])}, {days}"


def _recorded_on(facts: Facts) -> str:
    return day_of(facts, "recorded_on")


def _act_on(facts: Facts) -> str:
    return f"{next(each.label for each in Action if each == facts['action'])}, {day_of(facts, 'recorded_on')}"


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.DIGEST: _digest,
}
