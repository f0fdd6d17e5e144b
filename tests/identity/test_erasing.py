"""Who asks for it is forgotten everywhere; what belongs to the participant, and the ledger, stand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from tests.letters import a_letter
from tests.world import PASSWORD, World, a_candidate, a_submission
from tracker import accrediting, clock, ledger, verifying
from tracker.disputes import reporting
from tracker.extensions import Base, db
from tracker.identity import erasing, security_log, sessions, wishes
from tracker.mails import mailing, outbox, posting
from tracker.models import (
    Account,
    Accreditation,
    Authenticator,
    Evidence,
    FactorReset,
    Look,
    Mail,
    MailedLink,
    OutsideIdentity,
    Passkey,
    PasskeyChallenge,
    Proposal,
    RecoveryCode,
    Report,
    SecurityEvent,
)
from tracker.people import admitting, credentials, requesting
from tracker.vocabulary import (
    LinkPurpose,
    MailState,
    Notice,
    PasskeyPurpose,
    ResetStatus,
    SecurityAction,
    SignInWay,
)

NAME, EMAIL, OFFICE = "Zénobie Quartz", "zenobie.quartz@example.org", "Envoy for Sluices"
#: The name under which she was accredited, which is not that of her account.
LONG_NAME = "H.E. Zénobie Marie Quartz"
PRIVATE = (NAME, EMAIL, OFFICE, LONG_NAME, "Quartz", "Sluices", "zenobie")


def zenobie(register: World) -> Account:
    """Return a representative of Arcadia of whom the register keeps whatever it can; her time ends today."""
    candidate = a_candidate(LONG_NAME, office=OFFICE, email=EMAIL)
    found = accrediting.open_account(email=EMAIL, name=NAME, password=PASSWORD)
    proposal = requesting.propose(register.arcadia, candidate, by=register.alice)
    admitting.confirm(proposal, by=register.kim)
    refused = requesting.propose(register.borduria, candidate, by=register.sam)
    admitting.return_(refused, reason=f"{NAME} is of Arcadia.", by=register.kim)
    a_submission(register.arcadia, register.cohort, found, letter=a_letter())
    [held] = accrediting.held_by(found)
    ending = requesting.propose_end(held, last_day=clock.today(), note=f"{NAME} leaves.", by=register.alice)
    admitting.confirm(ending, by=register.kim)
    _signed_in(found, register.sam)
    reporting.report(page="/en/", message="A typo.", name=NAME, address=EMAIL, language="en")
    answered = reporting.report(page="/en/", message="Another.", name=NAME, address=EMAIL.upper(), language="en")
    reporting.answer(answered, text="Thank you.", by=register.sam)
    security_log.record(SecurityAction.INVITED, account=found, by=register.sam, name=NAME, email=EMAIL, office=OFFICE)
    security_log.record(SecurityAction.SIGN_IN_FAILED, tried=EMAIL.upper())
    return found


def _signed_in(account: Account, staff: Account) -> None:
    """Let a person have signed in by every means that there is."""
    now, mine = clock.now(), {"account_id": account.id}
    sessions.open_(account, way=SignInWay.PASSWORD)
    db.session.add_all(
        [
            Passkey(
                **mine,
                reference="passkey",
                credential_id=b"1",
                public_key=b"2",
                sign_count=0,
                transports=[],
                name=f"{NAME}’s phone",
                synced=False,
                created_at=now,
            ),
            PasskeyChallenge(**mine, challenge_hash="c" * 64, purpose=PasskeyPurpose.SIGN_IN, created_at=now),
            Authenticator(**mine, secret="secret", created_at=now, confirmed_at=now),
            RecoveryCode(**mine, code_hash="r" * 64),
            OutsideIdentity(**mine, issuer="https://sso.example.org", subject=EMAIL, bound_at=now),
            FactorReset(
                **mine,
                reference="reset",
                status=ResetStatus.OPEN,
                note=f"I know {NAME}.",
                asked_by_id=staff.id,
                asked_at=now,
            ),
            MailedLink(
                **mine,
                reference="link",
                purpose=LinkPurpose.NEW_PASSWORD,
                created_at=now,
                expires_at=now + timedelta(days=1),
            ),
            Look(**mine, reference="something", looked_at=now),
        ]
    )
    db.session.flush()


def asked(account: Account, reason: str = "") -> int:
    """Let somebody ask to be forgotten; return the number of the wish."""
    return wishes.ask(account, reason=reason).id


def forgotten(account: Account, *, by: Account, reason: str = "") -> SecurityEvent:
    """Forget somebody who asked for it, on the next day."""
    wish = asked(account, reason)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        return erasing.erase(account, by=by, wish=wish)


def dumped() -> str:
    """Return everything that stands in any table, but who signed what for a participant."""
    db.session.flush()
    rows = []
    for table in Base.metadata.tables.values():
        columns = [
            sa.cast(column, sa.String) for column in table.columns if not isinstance(column.type, sa.LargeBinary)
        ]
        rows += [f"{table.name}: {' | '.join(map(str, row))}" for row in db.session.execute(sa.select(*columns))]
    return "\n".join(rows)


def test_neither_name_nor_address_nor_office_stands_in_any_table(register: World) -> None:
    she = zenobie(register)
    before = dumped()
    assert all(each.casefold() in before.casefold() for each in PRIVATE if each.isascii())
    forgotten(she, by=register.sam, reason=f"{NAME} wants it so.")
    found = [line for line in dumped().splitlines() if any(each.casefold() in line.casefold() for each in PRIVATE)]
    assert found == []


def test_nothing_is_left_by_which_she_could_sign_in(register: World) -> None:
    she = zenobie(register)
    before = she.fs_uniquifier
    forgotten(she, by=register.sam)
    assert (she.password, she.active) == (None, False)
    assert she.fs_uniquifier != before
    for model in erasing._GO:
        query = sa.select(sa.func.count()).select_from(model).where(model.account_id == she.id)
        assert db.session.scalar(query) == 0, model


def test_nothing_of_others_goes(register: World) -> None:
    she = zenobie(register)
    sessions.open_(register.alice, way=SignInWay.PASSWORD)
    mail = posting.write(register.alice, Notice.DIGEST, {"week": "something"})
    event = security_log.record(SecurityAction.INVITED, account=register.alice, by=register.sam, office=OFFICE)
    db.session.flush()
    forgotten(she, by=register.sam)
    assert len(sessions.of(register.alice)) == 1
    assert (mail.name, mail.address, mail.facts) == ("Alice", "alice@example.org", '{"week":"something"}')
    assert OFFICE in event.said


def test_the_register_still_agrees_with_its_ledger(register: World, evidence_folder: Any) -> None:
    she = zenobie(register)
    head = ledger.head()
    forgotten(she, by=register.sam)
    assert ledger.head() == head
    assert verifying.verify() is None


def test_the_letters_that_name_her_go(register: World, evidence_folder: Path) -> None:
    account = zenobie(register)
    kept = set(evidence_folder.iterdir())
    named = a_letter(name="Full powers of Zénobie Quartz.pdf")
    refused = requesting.propose(register.league, a_candidate(NAME, email=EMAIL), letter=named, by=register.sam)
    admitting.return_(refused, reason="It is not signed.", by=register.kim)
    db.session.commit()
    assert set(evidence_folder.iterdir()) > kept
    forgotten(account, by=register.kim)
    db.session.commit()
    assert set(evidence_folder.iterdir()) == kept
    assert credentials.letter_of(refused) is None


def test_her_acts_stay_and_name_nobody(register: World) -> None:
    she = zenobie(register)
    forgotten(she, by=register.sam)
    db.session.commit()
    [evidence] = db.session.scalars(sa.select(Evidence))
    assert evidence.uploaded_by is she
    assert she.name == "a former representative"
    assert accrediting.held_by(she)[0].shown_name == "a former representative"
    assert she.email.endswith("@forgotten.invalid")


def test_the_event_that_tells_so_tells_no_name(register: World) -> None:
    she = zenobie(register)
    event = forgotten(she, by=register.sam, reason=NAME)
    assert (event.account, event.by, event.said) == (she, register.sam, "{}")


def test_what_waits_to_be_sent_to_her_goes_and_what_was_sent_is_bare(register: World) -> None:
    she = zenobie(register)
    sent, waiting = (posting.write(she, Notice.DIGEST, {"week": NAME}) for _ in range(2))
    sent.state, sent.sent_at, sent.next_attempt_at = MailState.SENT, clock.now(), None
    db.session.flush()
    waiting_id = waiting.id
    forgotten(she, by=register.sam)
    db.session.expire_all()
    assert (sent.recipient_id, sent.name, sent.address, sent.facts) == (None, "", "", "{}")
    assert db.session.get(Mail, waiting_id) is None


def test_a_mail_that_is_being_sent_meanwhile_stops_nobody(register: World) -> None:
    she = zenobie(register)
    db.session.execute(sa.delete(Mail))
    posting.write(she, Notice.ACCREDITED, {})
    db.session.flush()
    claimed = outbox.claim()
    assert claimed is not None
    forgotten(she, by=register.sam)
    db.session.commit()
    with pytest.raises(mailing.NotTaken, match="forgotten"):
        mailing._written(claimed, "register@example.org")
    assert outbox.failed(claimed, "gone", for_good=True) is MailState.DEAD
    assert outbox.sent(claimed) is MailState.SENT


def test_colleagues_are_still_told_what_they_are_told(register: World) -> None:
    she = zenobie(register)
    facts = {"person": LONG_NAME, "office": OFFICE, "by": "Alice", "list": [{"name": NAME}], "count": 2}
    mail = posting.write(register.alice, Notice.COLLEAGUE_ENDED, facts)
    db.session.flush()
    forgotten(she, by=register.sam)
    assert mail.facts == '{"by":"Alice","count":2,"list":[{"name":"–"}],"office":"–","person":"–"}'


def test_a_report_from_her_address_stays_without_it(register: World) -> None:
    she = zenobie(register)
    forgotten(she, by=register.sam)
    [report] = db.session.scalars(sa.select(Report).execution_options(populate_existing=True))
    assert (report.message, report.name, report.address) == ("A typo.", None, None)


def test_a_name_of_one_word_is_no_part_of_others(register: World) -> None:
    event = security_log.record(SecurityAction.INVITED, by=register.sam, name="Petra", note="Petra Vale and petrafied")
    forgotten(register.petra, by=register.sam)
    assert event.said == '{"name": "–", "note": "Petra Vale and petrafied"}'


def test_somebody_of_the_same_office_keeps_it(register: World) -> None:
    she = zenobie(register)
    accreditation = accrediting.held_by(register.adam)[0]
    accreditation.office = OFFICE
    forgotten(she, by=register.sam)
    assert accreditation.office == OFFICE


def test_what_was_proposed_stays_in_its_form(register: World) -> None:
    she = zenobie(register)
    forgotten(she, by=register.sam)
    for proposal in db.session.scalars(sa.select(Proposal)):
        if "email" in proposal.content:
            assert requesting.person_of(proposal) == "a former representative"


def test_an_accreditation_that_has_no_name_of_its_own_is_forgotten_too(register: World) -> None:
    accreditation = db.session.scalars(sa.select(Accreditation).filter_by(account_id=register.petra.id)).one()
    erasing.erase(register.petra, by=register.sam, wish=asked(register.petra))
    assert (accreditation.name, accreditation.office) == (None, None)
