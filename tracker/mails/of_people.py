"""What mails say of accreditations: to those who decide, to the person, to the participant's heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import LazyString, gettext, lazy_gettext

from tracker import i18n
from tracker.mails.parts import Detail, Facts, Letter, Link, address_of, participant_in
from tracker.vocabulary import Action, Notice, ProposalKind, Question

_PROPOSED: Mapping[str, LazyString] = {
    ProposalKind.ACCREDITATION: lazy_gettext("It is proposed that this person may act for the participant."),
    ProposalKind.ACCREDITATION_CHANGE: lazy_gettext("It is proposed to change the accreditation of this person."),
    ProposalKind.ACCREDITATION_END: lazy_gettext("It is proposed that the accreditation of this person ends."),
    ProposalKind.SUSPENSION: lazy_gettext(
        "The accreditation of this person was suspended at once. Confirm that it ends, or let it hold again."
    ),
}
_DONE_TO_YOU: Mapping[str, LazyString] = {
    Action.ACCREDITATION_CHANGED: lazy_gettext("The secretariat changed your accreditation. This is how it stands:"),
    Action.ACCREDITATION_SUSPENDED: lazy_gettext(
        "The secretariat suspended your accreditation. You cannot act for the participant until it has decided."
    ),
    Action.ACCREDITATION_RESTORED: lazy_gettext("Your accreditation holds again. It is suspended no more."),
    Action.ACCREDITATION_ENDED: lazy_gettext("Your accreditation ends on the day below."),
}
_DONE_TO_A_COLLEAGUE: Mapping[str, LazyString] = {
    Action.ACCREDITATION_CHANGED: lazy_gettext("The secretariat changed this accreditation. This is how it stands:"),
    Action.ACCREDITATION_SUSPENDED: lazy_gettext(
        "The secretariat suspended this accreditation. The person cannot act for the participant until it has decided."
    ),
    Action.ACCREDITATION_RESTORED: lazy_gettext("This accreditation holds again. It is suspended no more."),
    Action.ACCREDITATION_ENDED: lazy_gettext("This accreditation ends on the day below."),
}
_ENDORSEMENTS_STAY = lazy_gettext(
    "What was done for the participant stays, and its other representatives go on with it."
)
MAY_ACT = lazy_gettext(
    "You may prepare, submit, change and withdraw the participant’s endorsements, and see all that was done."
)
MAY_PROPOSE = lazy_gettext("You may propose colleagues, and that the accreditation of a colleague ends.")


def _due(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.ACCREDITATION_DUE.label,
        _proposal(facts, gettext("Decide on it")),
        (str(_PROPOSED[facts["kind"]]),),
        details=((gettext("Person"), facts["person"]), (gettext("Proposed by"), facts["by"])),
    )


def _returned(facts: Facts) -> Letter:
    at_the_desk = not facts["by_staff"]
    return _about(
        facts,
        Notice.ACCREDITATION_RETURNED.label,
        _desk(facts) if at_the_desk else _proposal(facts, gettext("See the proposal")),
        (gettext("It is not approved. This is why:"),),
        said=facts["reasons"][Question.OVERALL],
        details=((gettext("Person"), facts["person"]),),
    )


def _accredited(facts: Facts) -> Letter:
    may = [str(MAY_ACT), *([str(MAY_PROPOSE)] if facts["is_head"] else [])]
    return _about(
        facts,
        Notice.ACCREDITED.label,
        Link(gettext("Go to the desk"), address_of("desk.home")),
        (gettext("The secretariat accredited you to act for the participant."), *may),
        details=(*tenure_of(facts), _entry(facts)),
    )


def _changed(facts: Facts) -> Letter:
    heading = Notice.ACCREDITATION_CHANGED.label
    link = Link(gettext("Go to the desk"), address_of("desk.home"))
    details = (*tenure_of(facts), _entry(facts))
    return _about(facts, heading, link, (str(_DONE_TO_YOU[facts["action"]]),), details=details)


def _ending(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.ACCREDITATION_ENDING.label,
        Link(gettext("Go to the desk"), address_of("desk.home")),
        (
            gettext("It holds for the last time on the day below."),
            gettext("If it should go on, ask a head representative or the secretariat to propose it."),
        ),
        details=tenure_of(facts),
    )


def _ended(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.ACCREDITATION_ENDED.label,
        Link(gettext("Go to the public register"), address_of("public.cohorts")),
        (gettext("You cannot act for the participant any more."), str(_ENDORSEMENTS_STAY)),
        details=tenure_of(facts),
    )


def _of_a_colleague(notice: Notice, *sentences: LazyString) -> Callable[[Facts], Letter]:
    """Return what writes to heads about somebody else: the sentences, or what was decided."""

    def write(facts: Facts) -> Letter:
        said = sentences or (_DONE_TO_A_COLLEAGUE[facts["action"]],)
        office = ((gettext("Office"), facts["office"]),) if "office" in facts else ()
        details = ((gettext("Person"), facts["person"]), *office, *tenure_of(facts))
        return _about(facts, notice.label, _desk(facts), tuple(map(str, said)), details=details)

    return write


def _about(
    facts: Facts,
    heading: LazyString,
    link: Link,
    sentences: tuple[str, ...],
    *,
    details: tuple[Detail, ...],
    said: str | None = None,
) -> Letter:
    name = participant_in(facts)
    details = ((gettext("Participant"), name), *details)
    return Letter(about=name, heading=str(heading), link=link, sentences=sentences, details=details, said=said)


def tenure_of(facts: Facts) -> tuple[Detail, ...]:
    """Return from when until when an accreditation holds, and whether it is a head's, each with its label."""
    last = i18n.day(date.fromisoformat(facts["ends_on"])) if "ends_on" in facts else gettext("no end is set")
    return (
        (gettext("From"), i18n.day(date.fromisoformat(facts["starts_on"]))),
        (gettext("Until"), last),
        (gettext("Head representative"), gettext("Yes") if facts["is_head"] else gettext("No")),
    )


def _entry(facts: Facts) -> Detail:
    return gettext("Ledger entry"), i18n.number(facts["entry"]["sequence"])


def _desk(facts: Facts) -> Link:
    return Link(gettext("Go to the desk"), address_of("desk.participant", participant=facts["participant"]["slug"]))


def _proposal(facts: Facts, label: str) -> Link:
    return Link(label, address_of("secretariat.proposal", proposal=facts["proposal"]))


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.ACCREDITATION_DUE: _due,
    Notice.ACCREDITATION_RETURNED: _returned,
    Notice.ACCREDITED: _accredited,
    Notice.ACCREDITATION_CHANGED: _changed,
    Notice.ACCREDITATION_ENDING: _ending,
    Notice.ACCREDITATION_ENDED: _ended,
    Notice.COLLEAGUE_ACCREDITED: _of_a_colleague(
        Notice.COLLEAGUE_ACCREDITED,
        lazy_gettext("The secretariat accredited this person to act for the participant."),
    ),
    Notice.COLLEAGUE_CHANGED: _of_a_colleague(Notice.COLLEAGUE_CHANGED),
    Notice.COLLEAGUE_ENDING: _of_a_colleague(
        Notice.COLLEAGUE_ENDING,
        lazy_gettext("It holds for the last time on the day below."),
        lazy_gettext("If it should go on, propose the person anew from the day after."),
    ),
    Notice.COLLEAGUE_ENDED: _of_a_colleague(
        Notice.COLLEAGUE_ENDED,
        lazy_gettext("This person cannot act for the participant any more."),
        _ENDORSEMENTS_STAY,
    ),
}
