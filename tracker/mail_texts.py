"""What mails say: a letter for each notice, from the facts that the mail holds, in the language of its recipient."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from tracker import i18n, mails_of_people
from tracker.i18n import Shown
from tracker.mail_parts import Detail, Facts, Letter, Link, Listed, Row, address_of, participant_in
from tracker.models import Mail, Text
from tracker.posting import FOR_PERSONS, FOR_PROPOSERS, FOR_REPRESENTATIVES
from tracker.vocabulary import Action, Matter, Notice, Question, Scope


class CannotBeWritten(Exception):  # noqa: N818  # named for what is wrong
    """A mail's facts do not make its text: another version of the register wrote them."""


def letter_of(mail: Mail) -> Letter:
    """Return what a mail says, in the present language.

    Raises:
        CannotBeWritten: its facts do not make its text.
    """
    try:
        facts = json.loads(mail.facts)
        return _LETTERS[mail.notice](facts)
    except (LookupError, TypeError, ValueError) as error:
        raise CannotBeWritten(f"{type(error).__name__}: {error}") from error


def participant_of(mail: Mail) -> Shown | None:
    """Return the name of the participant that a mail is about, in the present language, if there is one."""
    facts = json.loads(mail.facts)
    return participant_in(facts) if "participant" in facts else None


def because(notice: Notice) -> str:
    """Return why somebody gets a mail, in the present language."""
    if notice in FOR_REPRESENTATIVES:
        return str(gettext("You get this mail because you are accredited to act for the participant."))
    if notice in FOR_PERSONS:
        return str(gettext("You get this mail because it is about your right to act for the participant."))
    if notice in FOR_PROPOSERS:
        return str(gettext("You get this mail because you made the proposal."))
    return str(gettext("You get this mail because you work for the secretariat."))


def _about(facts: Facts, heading: LazyString, link: Link, details: tuple[Detail, ...], **more: Any) -> Letter:
    """Return a letter about one endorsement, which begins its details with whose that is."""
    name, title = _names(facts)
    names = ((gettext("Participant"), name), (gettext("Cohort"), title))
    return Letter(about=name, heading=str(heading), link=link, details=(*names, *details), **more)


def _decision_due(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.DECISION_DUE.label,
        sentences=(gettext("An endorsement was submitted. Compare it with the signed letter or note verbale."),),
        details=((gettext("Received"), _day(facts, "received_on")), _entry(facts)),
        link=Link(gettext("Decide on it"), _decision(facts)),
    )


def _receipt(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("The endorsement was submitted"),
        sentences=(gettext("This is the receipt. The ledger binds what was submitted; it is not public yet."),),
        details=(
            *_content(facts),
            (gettext("Signed on"), _day(facts, "signed_on")),
            (gettext("Received"), _day(facts, "received_on")),
            (gettext("Submitted by"), facts["by"]),
            _entry(facts),
            _hash(facts),
        ),
        next=(
            gettext("Send the signed letter or note verbale to the secretariat, if you have not done so yet."),
            gettext(
                "The secretariat compares your answers with it, and confirms the endorsement or returns it with a "
                "reason. You get a mail then. Until then the public sees no change, and you can take it back."
            ),
        ),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _taken_back(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.TAKEN_BACK.label,
        sentences=(gettext("Its representatives are changing it. You see it when they submit it again."),),
        details=(_entry(facts),),
        link=Link(gettext("See the endorsement"), _decision(facts)),
    )


def _returned(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("The secretariat returned this endorsement"),
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=_reasons(facts),
        details=(_entry(facts),),
        next=(gettext("Correct the endorsement and submit it again."),),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _confirmed(facts: Facts) -> Letter:
    changed = facts["action"] == Action.POSITION_CHANGED
    return _about(
        facts,
        lazy_gettext("The change is confirmed") if changed else lazy_gettext("The endorsement is confirmed"),
        sentences=(
            gettext("The secretariat confirmed it. It is public now, with every reservation and the statement."),
            gettext("It counts in the public tally from the day on which it takes effect."),
        ),
        details=(
            *_content(facts),
            (gettext("In force from"), _day(facts, "effective_on")),
            _entry(facts),
            _hash(facts),
        ),
        link=Link(gettext("See it in the public register"), _public(facts)),
    )


def _letter_recorded(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.LETTER_RECORDED.label,
        sentences=(gettext("The secretariat recorded an endorsement from a letter that came on paper."),),
        details=(
            *_content(facts),
            (gettext("Signed on"), _day(facts, "signed_on")),
            (gettext("Received"), _day(facts, "received_on")),
            _entry(facts),
            _hash(facts),
        ),
        next=(
            gettext("Somebody else of the secretariat compares it with the letter, and confirms it or sends it back."),
            gettext("Write to the secretariat at once if the participant did not send this letter."),
        ),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _letter_sent_back(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.LETTER_SENT_BACK.label,
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=_reasons(facts),
        details=(_entry(facts),),
        link=Link(gettext("See the endorsement"), _decision(facts)),
    )


def _rejected(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("The secretariat rejected this endorsement"),
        sentences=(gettext("It cannot be corrected. This is why:"),),
        said=_reasons(facts),
        details=(_entry(facts),),
        next=(gettext("What was in force stays in force. The participant may begin a new endorsement."),),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _withdrawal_due(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.WITHDRAWAL_DUE.label,
        sentences=(gettext("Compare the notice with the signed letter or note verbale, and confirm its receipt."),),
        details=(*_announced(facts), _entry(facts)),
        link=Link(gettext("Decide on it"), _proposal(facts)),
    )


def _withdrawal_receipt(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("Notice of withdrawal given"),
        sentences=(gettext("This is the receipt. The ledger binds what was submitted; it is not public yet."),),
        details=(*_announced(facts), (gettext("Given by"), facts["by"]), _entry(facts), _hash(facts)),
        next=(
            gettext("Send the signed letter or note verbale to the secretariat, if you have not done so yet."),
            gettext(
                "The secretariat confirms that it received the notice, or returns it with a reason. You get a mail "
                "then. Until then the public sees no change, and you can take it back."
            ),
        ),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _withdrawal_taken_back(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.WITHDRAWAL_TAKEN_BACK.label,
        sentences=(gettext("The endorsement stays in force. There is nothing to decide."),),
        details=(_entry(facts),),
        link=Link(gettext("See the endorsement"), _decision(facts)),
    )


def _withdrawal_returned(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("The secretariat returned the notice of withdrawal"),
        sentences=(gettext("The endorsement stays in force. This is why:"),),
        said=_reasons(facts),
        details=(_entry(facts),),
        next=(gettext("Correct the notice and give it again, if the participant withdraws."),),
        link=Link(gettext("Go to the desk"), _desk(facts)),
    )


def _withdrawal_confirmed(facts: Facts) -> Letter:
    return _about(
        facts,
        lazy_gettext("The withdrawal is confirmed"),
        sentences=(gettext("The name stays on the public list, in brackets from the day of effect on."),),
        details=(
            (gettext("Day of notice"), _day(facts, "received_on")),
            (gettext("Day of effect"), _day(facts, "effective_on")),
            _entry(facts),
            _hash(facts),
        ),
        link=Link(gettext("See it in the public register"), _public(facts)),
    )


def _correction_due(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.CORRECTION_DUE.label,
        sentences=(gettext("It is proposed to annul an act that was recorded wrongly."),),
        details=(),
        link=Link(gettext("Decide on it"), _proposal(facts)),
    )


def _correction_returned(facts: Facts) -> Letter:
    return _about(
        facts,
        Notice.CORRECTION_RETURNED.label,
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=_reasons(facts),
        details=(),
        link=Link(gettext("See the correction"), _proposal(facts)),
    )


def _corrected(facts: Facts) -> Letter:
    withdrawal = facts["corrected"] == Action.WITHDRAWN
    return _about(
        facts,
        Notice.CORRECTED.label,
        sentences=(
            gettext("The withdrawal was recorded wrongly. The endorsement is in force, as if it had never ended.")
            if withdrawal
            else gettext("The endorsement was recorded wrongly. It counts on no day; what it superseded is in force."),
        ),
        said=i18n.shown(Text.from_json(facts["why"]), i18n.current_language()).text,
        details=((gettext("Entry that it corrects"), i18n.number(facts["corrects"])), _entry(facts), _hash(facts)),
        link=Link(gettext("See it in the public register"), _public(facts)),
    )


def _digest(facts: Facts) -> Letter:
    heading = gettext("The week from %(first)s to %(last)s", first=_day(facts, "from"), last=_day(facts, "until"))
    return Letter(
        heading=heading,
        lists=(
            _listed(gettext("Waiting for a decision"), facts["waiting"], _days_waiting),
            _listed(gettext("Returned in the week"), facts["returned"], _recorded_on),
            _listed(gettext("Confirmed or withdrawn in the week"), facts["recorded"], _act_on),
        ),
        link=Link(gettext("Go to the queue"), address_of("secretariat.queue")),
    )


def _named(facts: Facts) -> tuple[Shown, Shown | None]:
    """Return what a list calls something: its participant, and its cohort where it is about one."""
    return _names(facts) if "cohort" in facts else (participant_in(facts), None)


def _names(facts: Facts) -> tuple[Shown, Shown]:
    """Return the names of a participant and of a cohort."""
    return participant_in(facts), i18n.shown(Text.from_json(facts["cohort"]["title"]), i18n.current_language())


def _content(facts: Facts) -> tuple[Detail, ...]:
    """Return how much of the set an endorsement covers, and how many reservations it makes."""
    whole = facts["scope"] == Scope.ALL
    some = {"count": i18n.number(facts["count"]), "all": i18n.number(facts["all"])}
    return (
        (gettext("Covers"), str(Scope.ALL.label if whole else gettext("%(count)s of %(all)s recommendations", **some))),
        (gettext("Reservations"), i18n.number(facts["reserved"])),
    )


def _announced(facts: Facts) -> tuple[Detail, ...]:
    return (
        (gettext("Day of notice"), _day(facts, "received_on")),
        (gettext("Day of effect"), _day(facts, "ends_on")),
    )


def _reasons(facts: Facts) -> str:
    """Return what the secretariat wrote, under the question where it is about one."""
    labels = {question.value: question.label for question in Question}
    return "\n\n".join(
        reason if question == Question.OVERALL else f"{labels[question]}\n{reason}"
        for question, reason in facts["reasons"].items()
    )


def _entry(facts: Facts) -> Detail:
    return gettext("Ledger entry"), i18n.number(facts["entry"]["sequence"])


def _hash(facts: Facts) -> Detail:
    return gettext("Hash of the ledger entry"), facts["entry"]["hash"]


def _day(facts: Facts, name: str) -> str:
    return i18n.day(date.fromisoformat(facts[name]))


def _listed(heading: str, part: Facts, note: Callable[[Facts], str]) -> Listed:
    rows = tuple(
        Row(*_named(each), note(each), _proposal(each) if "proposal" in each else _decision(each))
        for each in part["listed"]
    )
    left = part["count"] - len(rows)
    more = ngettext("and %(count)s more", "and %(count)s more", left, count=i18n.number(left))
    return Listed(heading, rows, str(more) if left else None)


def _days_waiting(facts: Facts) -> str:
    days = ngettext("%(count)s day", "%(count)s days", facts["days"], count=i18n.number(facts["days"]))
    return f"{next(each.label for each in Matter if each == facts['matter'])}, {days}"


def _recorded_on(facts: Facts) -> str:
    return _day(facts, "recorded_on")


def _act_on(facts: Facts) -> str:
    return f"{next(each.label for each in Action if each == facts['action'])}, {_day(facts, 'recorded_on')}"


def _decision(facts: Facts) -> str:
    return address_of("secretariat.decide", endorsement=facts["endorsement"])


def _proposal(facts: Facts) -> str:
    return address_of("secretariat.proposal", proposal=facts["proposal"])


def _desk(facts: Facts) -> str:
    return address_of("desk.participant", participant=facts["participant"]["slug"])


def _public(facts: Facts) -> str:
    return address_of("public.participant", participant=facts["participant"]["slug"])


_LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.DECISION_DUE: _decision_due,
    Notice.RECEIPT: _receipt,
    Notice.TAKEN_BACK: _taken_back,
    Notice.RETURNED: _returned,
    Notice.REJECTED: _rejected,
    Notice.CONFIRMED: _confirmed,
    Notice.WITHDRAWAL_DUE: _withdrawal_due,
    Notice.WITHDRAWAL_RECEIPT: _withdrawal_receipt,
    Notice.WITHDRAWAL_TAKEN_BACK: _withdrawal_taken_back,
    Notice.WITHDRAWAL_RETURNED: _withdrawal_returned,
    Notice.WITHDRAWAL_CONFIRMED: _withdrawal_confirmed,
    Notice.LETTER_RECORDED: _letter_recorded,
    Notice.LETTER_SENT_BACK: _letter_sent_back,
    Notice.CORRECTION_DUE: _correction_due,
    Notice.CORRECTION_RETURNED: _correction_returned,
    Notice.CORRECTED: _corrected,
    **mails_of_people.LETTERS,
    Notice.DIGEST: _digest,
}
