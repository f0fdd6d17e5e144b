"""What mails about bulk loads say: to staff what waits or came of one, to representatives what it recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString, gettext

from tracker import i18n
from tracker.mails.parts import Detail, Facts, Letter, Link, desk_at, isolated, participant_in, proposal_at
from tracker.models import Text
from tracker.vocabulary import Action, Notice, Outcome, Question


def _due(facts: Facts) -> Letter:
    sentence = gettext("%(person)s proposed it. Somebody else approves it or sends it back.", person=facts["by"])
    return _of_load(facts, Notice.LOAD_DUE.label, gettext("Decide on it"), (sentence,))


def _returned(facts: Facts) -> Letter:
    sentences = (gettext("Nothing was recorded. This is why:"),)
    said = facts["reasons"][Question.OVERALL]
    return _of_load(facts, Notice.LOAD_RETURNED.label, gettext("See the proposal"), sentences, said=said)


def _approved(facts: Facts) -> Letter:
    sentences = (gettext("Somebody else approved what you proposed. It is part of the public record now."),)
    entry = (gettext("Ledger entry"), i18n.number(facts["entry"]["sequence"]))
    return _of_load(facts, Notice.LOAD_APPROVED.label, gettext("See the proposal"), sentences, more=(entry,))


def _recorded(facts: Facts) -> Letter:
    name = participant_in(facts)
    return Letter(
        about=name,
        heading=str(Notice.LOAD_RECORDED.label),
        sentences=(
            gettext("The secretariat recorded what stood in a table, and two people looked at it."),
            gettext("Write to the secretariat if the participant does not agree."),
        ),
        details=tuple(_act(each) for each in facts["acts"]),
        link=Link(gettext("Go to the desk of the participant"), desk_at(facts)),
    )


def _act(act: Mapping[str, Any]) -> Detail:
    label = next(str(each.label) for each in Action if each == act["action"])
    title = i18n.shown(Text.from_json(act["cohort"]), i18n.current_language())
    said = gettext(
        "%(cohort)s, effective %(day)s, ledger entry %(entry)s",
        cohort=isolated(title.text),
        day=i18n.day(date.fromisoformat(act["effective_on"])),
        entry=i18n.number(act["entry"]),
    )
    return label, said


def _of_load(
    facts: Facts,
    heading: LazyString,
    link: str,
    sentences: tuple[str, ...],
    *,
    said: str | None = None,
    more: tuple[Detail, ...] = (),
) -> Letter:
    rows = tuple(
        (gettext("%(label)s: %(value)s", label=table, value=outcome.label), i18n.number(numbers[outcome]))
        for table, numbers in facts["rows"].items()
        for outcome in (Outcome.NEW, Outcome.CHANGED)
    )
    return Letter(
        heading=str(heading),
        sentences=sentences,
        said=said,
        details=(*rows, *more),
        link=Link(link, proposal_at(facts)),
    )


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.LOAD_DUE: _due,
    Notice.LOAD_RETURNED: _returned,
    Notice.LOAD_APPROVED: _approved,
    Notice.LOAD_RECORDED: _recorded,
}
