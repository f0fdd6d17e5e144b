"""What mails say of the roll of participants: to those who decide, who proposed it, and the participant's people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from tracker.mails.parts import Detail, Facts, Letter, Link, about, day_of, desk_at, entry_of, proposal_at, reasons_in
from tracker.vocabulary import Kind, Notice, ProposalKind

_PROPOSED: Mapping[str, LazyString] = {
    ProposalKind.PARTICIPANT_ADDITION: lazy_gettext("It is proposed to add this participant to the roll."),
    ProposalKind.PARTICIPANT_RENAME: lazy_gettext("Another name is proposed for this participant."),
    ProposalKind.PARTICIPANT_CHANGE: lazy_gettext("It is proposed to change what the roll says of this participant."),
    ProposalKind.PARTICIPANT_MERGER: lazy_gettext("It is proposed to merge this participant into another one."),
}
_DONE: Mapping[str, LazyString] = {
    ProposalKind.PARTICIPANT_ADDITION: lazy_gettext("The participant is on the roll."),
    ProposalKind.PARTICIPANT_RENAME: lazy_gettext("The participant carries the name above."),
    ProposalKind.PARTICIPANT_CHANGE: lazy_gettext("The roll says of the participant what you proposed."),
    ProposalKind.PARTICIPANT_MERGER: lazy_gettext("The duplicate was merged into the participant above."),
}
_TOLD: Mapping[str, LazyString] = {
    ProposalKind.PARTICIPANT_RENAME: lazy_gettext(
        "The secretariat recorded the participant under the name above. The former name can still be found."
    ),
    ProposalKind.PARTICIPANT_CHANGE: lazy_gettext("The secretariat changed what the roll says of the participant."),
    ProposalKind.PARTICIPANT_MERGER: lazy_gettext(
        "The participant stood on the roll twice, and stands there once now. What was done for either is together."
    ),
}


def _due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.ROLL_DUE.label,
        sentences=(str(_PROPOSED[facts["kind"]]),),
        details=((gettext("Proposed by"), facts["by"]),),
        link=Link(gettext("Decide on it"), proposal_at(facts)),
    )


def _returned(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.ROLL_RETURNED.label,
        sentences=(gettext("It is not approved. This is why:"),),
        said=reasons_in(facts),
        details=(),
        link=Link(gettext("See the proposal"), proposal_at(facts)),
    )


def _approved(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.ROLL_APPROVED.label,
        sentences=(str(_DONE[facts["kind"]]),),
        details=(*_since(facts), entry_of(facts)),
        link=Link(gettext("See the proposal"), proposal_at(facts)),
    )


def _changed(facts: Facts) -> Letter:
    kind = next(kind for kind in Kind if kind == facts["participant_kind"])
    return about(
        facts,
        Notice.ROLL_CHANGED.label,
        sentences=(str(_TOLD[facts["kind"]]),),
        details=((gettext("Kind"), str(kind.label)), *_since(facts), entry_of(facts)),
        next=(gettext("If it is wrong, write to the secretariat."),),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _since(facts: Facts) -> tuple[Detail, ...]:
    return ((gettext("From"), day_of(facts, "since")),) if "since" in facts else ()


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.ROLL_DUE: _due,
    Notice.ROLL_RETURNED: _returned,
    Notice.ROLL_APPROVED: _approved,
    Notice.ROLL_CHANGED: _changed,
}
