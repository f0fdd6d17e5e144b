"""What is told to whom: puts mails into the outbox, in the transaction of what they tell.

``TOLD`` says for each act on an endorsement who must act next or must know. A verb that tells people of anything else
calls :func:`write`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from tracker import accrediting, clock, ledger, proposing
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.identity import links
from tracker.models import Account, Act, Cohort, Endorsement, LedgerEntry, Mail, Participant, Proposal
from tracker.roll import naming
from tracker.vocabulary import Action, MailState, Notice, ProposalKind, ProposalStatus, Question, Stance

#: The rule of four eyes: whether a person has a part in an endorsement, and so may not decide on it.
HasAPart = Callable[[Endorsement, Account], bool]


class Circle(Enum):
    """Those whom an act concerns."""

    REPRESENTATIVES = "who may act for the participant today"
    DECIDING_STAFF = "who works for the secretariat and may decide on the endorsement"
    RECORDERS = "who of the secretariat recorded the letter"


#: Who is told what of an act. Nobody is told twice of one: who is in two circles is told as the first says.
TOLD: Mapping[Action, tuple[tuple[Circle, Notice], ...]] = {
    Action.SUBMITTED: ((Circle.REPRESENTATIVES, Notice.RECEIPT), (Circle.DECIDING_STAFF, Notice.DECISION_DUE)),
    Action.TAKEN_BACK: ((Circle.DECIDING_STAFF, Notice.TAKEN_BACK),),
    Action.RETURNED: ((Circle.REPRESENTATIVES, Notice.RETURNED),),
    Action.REJECTED: ((Circle.REPRESENTATIVES, Notice.REJECTED),),
    Action.ENDORSED: ((Circle.REPRESENTATIVES, Notice.CONFIRMED),),
    Action.POSITION_CHANGED: ((Circle.REPRESENTATIVES, Notice.CONFIRMED),),
    Action.NOTICE_GIVEN: (
        (Circle.REPRESENTATIVES, Notice.WITHDRAWAL_RECEIPT),
        (Circle.DECIDING_STAFF, Notice.WITHDRAWAL_DUE),
    ),
    Action.NOTICE_TAKEN_BACK: ((Circle.DECIDING_STAFF, Notice.WITHDRAWAL_TAKEN_BACK),),
    Action.NOTICE_RETURNED: ((Circle.REPRESENTATIVES, Notice.WITHDRAWAL_RETURNED),),
    Action.WITHDRAWN: ((Circle.REPRESENTATIVES, Notice.WITHDRAWAL_CONFIRMED),),
    Action.CORRECTED: ((Circle.REPRESENTATIVES, Notice.CORRECTED),),
}

#: What is told otherwise of an endorsement that came on paper: the secretariat records it, and corrects it.
TOLD_OF_PAPER: Mapping[Action, tuple[tuple[Circle, Notice], ...]] = {
    Action.SUBMITTED: ((Circle.REPRESENTATIVES, Notice.LETTER_RECORDED), (Circle.DECIDING_STAFF, Notice.DECISION_DUE)),
    Action.RETURNED: ((Circle.RECORDERS, Notice.LETTER_SENT_BACK),),
    Action.REJECTED: ((Circle.RECORDERS, Notice.LETTER_SENT_BACK),),
}

#: What is told otherwise of a notice of withdrawal that came on paper.
TOLD_OF_PAPER_NOTICES: Mapping[Action, tuple[tuple[Circle, Notice], ...]] = {
    Action.NOTICE_GIVEN: (
        (Circle.REPRESENTATIVES, Notice.WITHDRAWAL_RECORDED),
        (Circle.DECIDING_STAFF, Notice.WITHDRAWAL_DUE),
    ),
    Action.NOTICE_RETURNED: ((Circle.RECORDERS, Notice.LETTER_SENT_BACK),),
}

_EVERY = [each for told in (TOLD, TOLD_OF_PAPER, TOLD_OF_PAPER_NOTICES) for pairs in told.values() for each in pairs]
_OF_COLLEAGUES = frozenset(
    {Notice.COLLEAGUE_ACCREDITED, Notice.COLLEAGUE_CHANGED, Notice.COLLEAGUE_ENDING, Notice.COLLEAGUE_ENDED}
)
_OF_WORDINGS = frozenset({Notice.WORDING_CORRECTED, Notice.AMENDMENT_AHEAD, Notice.AMENDED})
_OF_REVIEWS = frozenset({Notice.REVIEW_OPENED, Notice.REVIEW_CLOSED})
_OF_ACTS = {notice for circle, notice in _EVERY if circle is Circle.REPRESENTATIVES}
_OF_LOADS = frozenset({Notice.LOAD_RECORDED})
#: What tells that the roll says something else of a participant.
_OF_THE_ROLL = frozenset({Notice.ROLL_CHANGED})
FOR_REPRESENTATIVES = _OF_LOADS | _OF_THE_ROLL | _OF_COLLEAGUES | _OF_REVIEWS | _OF_WORDINGS | _OF_ACTS
#: What goes to people who have no account.
FOR_READERS = frozenset({Notice.REPORT_ANSWERED})
#: What goes to the address that is published for a participant.
FOR_CONTACTS = frozenset({Notice.DISPUTE_LINK, Notice.REVIEW_ANSWERED})
_OF_PROPOSALS = frozenset(
    {
        Notice.CORRECTION_DUE,
        Notice.CORRECTION_RETURNED,
        Notice.CONTACT_DUE,
        Notice.ACCREDITATION_DUE,
        Notice.WORDING_DUE,
        Notice.ROLL_DUE,
    }
)
_OF_OUTCOMES = frozenset(
    {
        *(Notice.CONTACT_RETURNED, Notice.CONTACT_APPROVED),
        *(Notice.WORDING_RETURNED, Notice.WORDING_PUBLISHED),
        *(Notice.ROLL_RETURNED, Notice.ROLL_APPROVED),
    }
)
_OF_OTHERS = frozenset(
    {Notice.LOAD_DUE, Notice.LOAD_RETURNED, Notice.LOAD_APPROVED, Notice.REVIEW_DUE, Notice.REPORT_DUE, Notice.DIGEST}
)
_OF_RESETS = frozenset({Notice.RESET_DUE, Notice.RESET_RETURNED})
_OF_PUBLICATIONS = frozenset(
    {
        Notice.PUBLICATION_DUE,
        Notice.PUBLICATION_RETURNED,
        Notice.PUBLICATION_SCHEDULED,
        Notice.PUBLICATION_PUT_OFF,
        Notice.PUBLICATION_CALLED_OFF,
        Notice.PUBLICATION_STOPPED,
        Notice.PUBLISHED,
    }
)
_OF_INVITATIONS = frozenset({Notice.INVITATION_EXPIRED})
_OF_ACTS_TO_STAFF = {notice for _, notice in _EVERY} - FOR_REPRESENTATIVES
FOR_STAFF = (
    _OF_ACTS_TO_STAFF | _OF_PROPOSALS | _OF_OUTCOMES | _OF_PUBLICATIONS | _OF_RESETS | _OF_INVITATIONS | _OF_OTHERS
)
#: What goes to those who say who works for the secretariat.
FOR_ADMINISTRATORS = frozenset({Notice.RIGHTS_OF_SOMEBODY_CHANGED})
#: What goes to people who cannot sign in yet.
FOR_INVITED = frozenset({Notice.INVITATION})
#: What holds a mailed link. Its reference is the secret of the mail's facts.
WITH_MAILED_LINK = frozenset({Notice.INVITATION, Notice.PASSWORD_LINK})
#: What tells people of their own right to act, which may be over by then, or to come.
FOR_PERSONS = frozenset(
    {Notice.ACCREDITED, Notice.ACCREDITATION_CHANGED, Notice.ACCREDITATION_ENDING, Notice.ACCREDITATION_ENDED}
)
#: What tells people of their own account, which may be closed by then.
FOR_OWNERS = frozenset(
    {
        *(Notice.SIGN_IN_CHANGED, Notice.PASSWORD_LINK, Notice.PASSWORD_GUESSED, Notice.SECOND_FACTOR_GUESSED),
        *(Notice.RIGHTS_CHANGED, Notice.RESET_ASKED, Notice.RESET_APPROVED, Notice.RESET_ENDED),
    }
)
#: What tells those who proposed something what became of it, be they staff or representatives.
FOR_PROPOSERS = frozenset({Notice.ACCREDITATION_RETURNED})

#: Receipts say who acted, to that person's colleagues.
_NAMING = frozenset({Notice.RECEIPT, Notice.WITHDRAWAL_RECEIPT})


def tell_of(act: Act, entry: LedgerEntry, has_a_part: HasAPart) -> None:
    """Write to those whom an act concerns. What the operator loads was told long ago; of a load they are told at once.

    Args:
        act: the act, among those of its endorsement.
        entry: its entry in the ledger.
        has_a_part: who may not decide on the endorsement.
    """
    if act.by is None or ledger.is_loading():
        return
    facts, told = facts_of(act, entry), set()
    withdrawal = _notice_of(act)
    for circle, notice in _told_of(act, withdrawal):
        for person in _in_circle(circle, act.endorsement, withdrawal, has_a_part):
            if person.id not in told:
                write(person, notice, {**facts, "by": act.by.name} if notice in _NAMING else facts)
                told.add(person.id)


def _told_of(act: Act, withdrawal: Proposal | None) -> tuple[tuple[Circle, Notice], ...]:
    """Return who is told what of an act. withdrawal: the notice that it is about, if it is about one."""
    if withdrawal and withdrawal.content.get("on_paper"):
        return TOLD_OF_PAPER_NOTICES.get(act.action) or TOLD[act.action]
    table = {**TOLD, **TOLD_OF_PAPER} if act.endorsement.on_paper else TOLD
    return table.get(act.action, ())


def _notice_of(act: Act) -> Proposal | None:
    """Return the notice of withdrawal that an act is about, if it is about one."""
    if act.action not in (Action.NOTICE_GIVEN, Action.NOTICE_TAKEN_BACK, Action.NOTICE_RETURNED):
        return None
    return proposing.latest_one(ProposalKind.WITHDRAWAL, subject_of(act.endorsement))


def tell_of_correction(proposal: Proposal, endorsement: Endorsement) -> None:
    """Write to the other staff that a correction waits, or to who proposed it that it was returned."""
    facts = {**names_of(endorsement), "proposal": proposal.reference}
    if proposal.status is ProposalStatus.RETURNED:
        reasons = {Question.OVERALL: proposal.reason}
        write(proposal.proposed_by, Notice.CORRECTION_RETURNED, {**facts, "reasons": reasons})
        return
    write_to_deciders(proposal, Notice.CORRECTION_DUE, facts)


def tell_of_contact(proposal: Proposal) -> None:
    """Write to the other staff that an address waits, or to who proposed it what became of it."""
    facts = {**names_in(proposal.participant, None), "proposal": proposal.reference}
    if proposal.status is ProposalStatus.OPEN:
        write_to_deciders(proposal, Notice.CONTACT_DUE, facts)
    elif proposal.status is ProposalStatus.RETURNED:
        reasons = {Question.OVERALL: proposal.reason}
        write(proposal.proposed_by, Notice.CONTACT_RETURNED, {**facts, "reasons": reasons})
    else:
        write(proposal.proposed_by, Notice.CONTACT_APPROVED, {**facts, "entry": {"sequence": proposal.entry_sequence}})


def write_to_deciders(proposal: Proposal, notice: Notice, facts: Mapping[str, Any]) -> None:
    """Write to everybody of the secretariat who may decide on a proposal."""
    for person in accrediting.staff():
        if not proposing.has_a_part_in(proposal, person):
            write(person, notice, facts)


def write(to: Account, notice: Notice, facts: Mapping[str, Any], *, occasion: str | None = None) -> Mail:
    """Put a mail into the outbox, in the present transaction, and return it.

    Args:
        to: the recipient, who is written to in their language.
        notice: what the mail tells.
        facts: what its text needs; dates, texts and labels may stand in it as they are.
        occasion: for what may be told this person once alone, what that is.

    Raises:
        IntegrityError: on the next flush, where the person was told of the occasion.
    """
    mail = write_to_address(to.email, to.name, to.language, notice, facts, occasion=occasion)
    mail.recipient = to
    return mail


def write_to_address(
    address: str, name: str, language: str, notice: Notice, facts: Mapping[str, Any], *, occasion: str | None = None
) -> Mail:
    """Put a mail into the outbox for somebody who needs no account to get it, and return it.

    Args:
        address, name: the recipient's.
        language: in which the recipient is written to, by its tag.
        notice, facts, occasion: as for :func:`write`.

    Raises:
        IntegrityError: as for :func:`write`.
    """
    reference = str(uuid.uuid4())
    mail = Mail(
        reference=reference,
        message_id=f"<{reference}@{_host()}>",
        name=name,
        address=address,
        language=language,
        notice=notice,
        facts=ledger.canonical(ledger.plain(facts)).decode(),
        occasion=occasion,
        created_at=clock.now(),
        state=MailState.WAITING,
        attempts=0,
        next_attempt_at=clock.now(),
    )
    db.session.add(mail)
    return mail


def still_concerns(mail: Mail) -> bool:
    """Whether a mail may be sent to its recipient today: the person may have left since it was written."""
    person = mail.recipient
    if person is None:
        return mail.notice in FOR_READERS or _is_contact_of(_participant_of(mail), mail.address)
    if mail.notice in FOR_OWNERS:
        return True
    return person.active and _is_still_for(person, mail)


def _is_still_for(person: Account, mail: Mail) -> bool:
    """Whether a person has the rights of those to whom a mail goes."""
    if mail.notice in FOR_ADMINISTRATORS:
        return person.is_administrator
    if mail.notice in FOR_STAFF:
        return person.is_staff
    if mail.notice in FOR_PROPOSERS:
        return person.is_staff or _may_act_for_its_participant(person, mail)
    return mail.notice not in FOR_REPRESENTATIVES or _may_act_for_its_participant(person, mail)


def leads_somewhere(mail: Mail) -> bool:
    """Whether the mailed link in a mail is still good, where there is one: a later one may have been sent meanwhile."""
    if mail.notice not in WITH_MAILED_LINK:
        return True
    link = links.called(json.loads(mail.facts)["secret"])
    return link is not None and links.is_good(link)


def _may_act_for_its_participant(person: Account, mail: Mail) -> bool:
    participant = _participant_of(mail)
    return participant is not None and accrediting.may_act_for(person, participant, clock.today())


def _participant_of(mail: Mail) -> Participant | None:
    return naming.participant_at(json.loads(mail.facts)["participant"]["slug"])


def _is_contact_of(participant: Participant | None, address: str) -> bool:
    return participant is not None and participant.contact_address == address


def facts_of(act: Act, entry: LedgerEntry) -> dict[str, Any]:
    """Return what mails about an act say: no more of a person than the reason of a return may hold."""
    endorsement = act.endorsement
    return {
        **names_of(endorsement),
        "action": act.action,
        "entry": {"sequence": entry.sequence, "hash": entry.hash},
        "scope": endorsement.scope,
        "count": len(endorsement.positions),
        "all": len(endorsement.cohort.recommendations),
        "reserved": sum(position.stance is Stance.RESERVED for position in endorsement.positions),
        "signed_on": act.signed_on,
        "received_on": act.received_on,
        "effective_on": act.effective_on,
        **_of_refusal(act, entry),
        **_of_notice(act),
        **_of_correction(act, entry),
    }


def _of_refusal(act: Act, entry: LedgerEntry) -> dict[str, Any]:
    """Return why something was not accepted: the reasons by question, or the one reason."""
    if act.action in (Action.RETURNED, Action.REJECTED):
        return {"reasons": act.endorsement.reasons}
    if act.action is Action.NOTICE_RETURNED:
        return {"reasons": {Question.OVERALL: ledger.bound(entry.subject, act.action).get("reason")}}
    return {}


def _of_correction(act: Act, entry: LedgerEntry) -> dict[str, Any]:
    if act.action is not Action.CORRECTED:
        return {}
    payload = ledger.facts_of(entry)
    return {"corrects": payload["corrects"], "corrected": payload["action"], "why": payload["reason"]}


def _of_notice(act: Act) -> dict[str, Any]:
    """Return what a notice of withdrawal says, and where it is decided on; nothing where none waits."""
    notice = _notice_of(act)
    if notice is None:
        return {}
    on_paper = {"notice_on_paper": notice.content.get("on_paper")}
    if notice.status is not ProposalStatus.OPEN:
        return on_paper
    return {**on_paper, "proposal": notice.reference, "ends_on": notice.content["effective_on"]}


def names_of(endorsement: Endorsement) -> dict[str, Any]:
    """Return what a text needs to name an endorsement and to lead to it."""
    return {"endorsement": endorsement.reference, **names_in(endorsement.participant, endorsement.cohort)}


def names_in(participant: Participant | None, cohort: Cohort | None) -> dict[str, Any]:
    """Return what a text needs to name a participant and a cohort, where it is about them."""
    names: dict[str, Any] = {}
    if participant:
        names["participant"] = {
            "slug": participant.slug,
            "name": participant.name,
            "iso_code": participant.iso_code,
        }
    if cohort:
        names["cohort"] = {"slug": cohort.slug, "title": cohort.title}
    return names


def _in_circle(
    circle: Circle, endorsement: Endorsement, withdrawal: Proposal | None, has_a_part: HasAPart
) -> list[Account]:
    match circle:
        case Circle.REPRESENTATIVES:
            return accrediting.representatives_of(endorsement.participant, clock.today())
        case Circle.DECIDING_STAFF:
            if withdrawal:
                return [each for each in accrediting.staff() if not proposing.has_a_part_in(withdrawal, each)]
            return [person for person in accrediting.staff() if not has_a_part(endorsement, person)]
        case Circle.RECORDERS:
            if withdrawal:
                return [each for each in accrediting.staff() if each.id == withdrawal.proposed_by_id]
            recorded = {act.by_id for act in endorsement.acts if act.action is Action.SUBMITTED}
            return [person for person in accrediting.staff() if person.id in recorded]


def _host() -> str:
    """Return the register's host, in which a Message-ID is unique."""
    host = urlsplit(current_app.config["ADDRESS"]).hostname
    return "localhost" if host is None or ":" in host else host
