"""Loads: uploaded, previewed, proposed, and recorded when a second person approves them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.bulk.uploading import a_load, endorsements, participants, proposed, recorded
from tests.world import World, in_force, published, with_notice, withdrawn
from tracker import accrediting, clock, correcting, deciding, ledger, standing, verifying, withdrawing
from tracker.bulk import loads, previews, working
from tracker.errors import (
    AlreadyProposed,
    LoadIncomplete,
    LoadStale,
    NotStaff,
    NotYourProposal,
    OwnSubmission,
    Unfit,
    WrongStatus,
)
from tracker.exports import csv, record, xlsx
from tracker.extensions import db
from tracker.models import Act, LedgerEntry, Mail, Text
from tracker.roll import enrolling
from tracker.roll.naming import participant_at
from tracker.vocabulary import Action, Notice, Outcome, Preview, ProposalStatus

ZUBROWKA = participants("zubrowka,country,en,Zubrowka", "society-of-wells,civil_society,en,Society of Wells")
THEIRS = endorsements("zubrowka,clean-rivers,2024-05-06", "arcadia,clean-rivers,2024-05-06")


def test_a_second_person_has_a_load_recorded_row_by_row(register: World) -> None:
    proposal = recorded(ZUBROWKA, THEIRS, by=register.sam, other=register.kim)
    zubrowka = participant_at("zubrowka")
    assert zubrowka is not None
    endorsement = standing.in_force_one(zubrowka, register.cohort)
    assert endorsement is not None
    assert endorsement.effective_on.isoformat() == "2024-05-06"
    assert len(endorsement.positions) == 5
    assert proposal.status is ProposalStatus.APPROVED
    assert verifying.verify() is None


def test_each_row_has_an_entry_of_its_own_that_names_the_load(register: World) -> None:
    before = ledger.head()[0]
    proposal = recorded(ZUBROWKA, THEIRS, by=register.sam, other=register.kim)
    entries = [each for each in ledger.entries() if each.sequence > before]
    assert [each.action for each in entries] == [
        Action.LOADED,
        Action.PARTICIPANT_ADDED,
        Action.PARTICIPANT_ADDED,
        Action.ENDORSED,
        Action.ENDORSED,
    ]
    assert proposal.entry_sequence == entries[0].sequence
    named = {(ledger.facts_of(each)["load"], ledger.facts_of(each)["proposed_by"]) for each in entries[1:]}
    assert named == {(entries[0].sequence, register.sam.actor)}
    assert {each.actor for each in entries} == {register.kim.actor}


def everything(world: World) -> None:
    """Put everything on record that tables hold of participants and endorsements."""
    today = clock.today()
    in_force(world.arcadia, world.cohort, world.alice, world.kim, reservations={"2.3": "=Except on feast days."})
    in_force(world.borduria, world.cohort, world.bruno, world.kim, numbers=("1.1", "2.1"))
    in_force(world.borduria, world.cohort, world.bruno, world.kim, numbers=("1.1",))
    in_force(world.arcadia, world.cohort, world.alice, world.sam)
    withdrawn(standing.in_force_one(world.arcadia, world.cohort), world.alice, world.kim, effective_on=today)
    published(world.union, world.cohort, statement=Text.of("نؤيد", "ar", ro="Susținem"), date_note=Text.of("As told."))
    enrolling.rename(world.league, name=Text.of("League of the Cleanest Hands", ro="Liga"), since=today)


@pytest.mark.parametrize("write", [csv.write, xlsx.write])
def test_our_own_tables_change_nothing(register: World, write) -> None:
    everything(register)
    ending = "csv" if write is csv.write else "xlsx"
    files = [(f"{name}.{ending}", write(make())) for name, make in record.TABLES.items()]
    load = a_load(*files, by=register.sam)
    assert load.preview is Preview.READY
    assert [(row.row_number, row.mistakes) for row in previews.page(load, number=1, outcome=Outcome.WRONG).rows] == []
    assert {outcome for each in loads.counts(load).values() for outcome, n in each.items() if n} == {Outcome.SAME}
    assert [code for code, *_ in load.remarks] == ["aside"]  # of the ledger


def test_nor_does_our_whole_record_in_one_file(register: World) -> None:
    everything(register)
    for name, content in (("a.xlsx", xlsx.write(*record.everything())), ("a.zip", csv.archive(*record.everything()))):
        load = a_load((name, content), by=register.sam)
        assert {outcome for each in loads.counts(load).values() for outcome, n in each.items() if n} == {Outcome.SAME}


def test_the_ledger_alone_is_no_table_to_load(register: World) -> None:
    with pytest.raises(Unfit):
        loads.take_in([("ledger.csv", csv.write(record.ledger_entries()))], by=register.sam)


def test_nobody_approves_what_they_proposed(register: World) -> None:
    proposal = proposed(ZUBROWKA, by=register.sam)
    with pytest.raises(OwnSubmission):
        deciding.approve(proposal, by=register.sam)
    assert participant_at("zubrowka") is None


def test_who_may_act_for_a_participant_in_it_does_not_approve_a_load(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    proposal = proposed(endorsements("arcadia,clean-rivers,2024-05-06"), by=register.sam)
    with pytest.raises(OwnSubmission):
        deciding.approve(proposal, by=register.kim)


def test_representatives_load_nothing(register: World) -> None:
    with pytest.raises(NotStaff):
        loads.take_in([ZUBROWKA], by=register.alice)
    proposal = proposed(ZUBROWKA, by=register.sam)
    with pytest.raises(NotStaff):
        deciding.approve(proposal, by=register.alice)


def test_who_uploaded_a_load_proposes_it(register: World) -> None:
    with pytest.raises(NotYourProposal):
        loads.propose(a_load(ZUBROWKA, by=register.sam), by=register.kim)


def test_a_load_is_approved_once(register: World) -> None:
    proposal = recorded(ZUBROWKA, by=register.sam, other=register.kim)
    with pytest.raises(WrongStatus):
        deciding.approve(proposal, by=register.kim)
    with pytest.raises(AlreadyProposed):
        loads.propose(loads.load_of(proposal), by=register.sam)


def test_a_load_with_a_wrong_row_is_not_proposed(register: World) -> None:
    load = a_load(participants("zubrowka,country,en,Zubrowka", "nowhere,planet,en,Nowhere"), by=register.sam)
    with pytest.raises(LoadIncomplete):
        loads.propose(load, by=register.sam)


def test_a_load_that_changes_nothing_is_not_proposed(register: World) -> None:
    with pytest.raises(LoadIncomplete):
        loads.propose(a_load(participants("arcadia,country,en,Arcadia"), by=register.sam), by=register.sam)


def test_a_load_is_refused_where_the_register_says_something_else_by_now(register: World) -> None:
    proposal = proposed(ZUBROWKA, endorsements("arcadia,clean-rivers,2024-05-06"), by=register.sam)
    published(register.arcadia, register.cohort)
    with pytest.raises(LoadStale) as refusal:
        deciding.approve(proposal, by=register.kim)
    (other,) = refusal.value.rows
    assert (other.table, other.number, other.before, other.after) == ("endorsements", 2, Outcome.NEW, Outcome.WRONG)
    assert participant_at("zubrowka") is None


def test_a_returned_load_is_computed_again_and_proposed_anew(register: World) -> None:
    proposal = proposed(ZUBROWKA, by=register.sam)
    deciding.return_(proposal, reason="Two names are missing.", by=register.kim)
    load = loads.load_of(proposal)
    loads.begin_anew(load, by=register.sam)
    db.session.commit()
    working.compute(load.reference, load.worker)
    deciding.approve(loads.propose(load, by=register.sam), by=register.kim)
    assert participant_at("zubrowka") is not None


def test_a_load_that_waits_is_not_computed_again(register: World) -> None:
    with pytest.raises(AlreadyProposed):
        loads.begin_anew(loads.load_of(proposed(ZUBROWKA, by=register.sam)), by=register.sam)


def test_a_preview_that_was_begun_anew_is_left_by_the_run_before(register: World) -> None:
    load = loads.take_in([ZUBROWKA], by=register.sam)
    stale, reference = load.worker, load.reference
    loads.begin_anew(load, by=register.sam)
    db.session.commit()
    with pytest.raises(working.SupersededError):
        working.compute(reference, stale)
    working.compute(reference, load.worker)
    db.session.refresh(load)
    assert load.preview is Preview.READY
    assert loads.counts(load)["participants"][Outcome.NEW] == 2


def test_a_preview_without_a_sign_of_life_has_stopped(register: World) -> None:
    load = loads.take_in([ZUBROWKA], by=register.sam)
    assert not loads.has_stopped(load)
    load.seen_at = clock.now() - loads.PATIENCE * 2
    assert loads.has_stopped(load)


def test_a_table_that_breaks_off_fails_with_the_line(register: World) -> None:
    load = a_load(participants("arcadia,country,en,Arcadia", '"zubrowka,country,en,Zubrowka'), by=register.sam)
    assert load.preview is Preview.FAILED
    assert "from line 3 on" in load.remarks[-1][2]


def test_staff_and_representatives_are_told(register: World) -> None:
    recorded(ZUBROWKA, THEIRS, by=register.sam, other=register.kim)
    told = {(mail.address, mail.notice) for mail in db.session.scalars(select(Mail))}
    assert told == {
        ("kim@example.org", Notice.LOAD_DUE),
        ("sam@example.org", Notice.LOAD_APPROVED),
        ("alice@example.org", Notice.LOAD_RECORDED),
        ("adam@example.org", Notice.LOAD_RECORDED),
    }


def test_a_changed_name_is_carried_from_today_on(register: World) -> None:
    recorded(participants("arcadia,country,en,Republic of Arcadia"), by=register.sam, other=register.kim)
    arcadia = participant_at("arcadia")
    assert arcadia is not None
    db.session.refresh(arcadia)
    assert [str(each.name) for each in arcadia.names] == ["Arcadia", "Republic of Arcadia"]
    assert arcadia.name.texts["fr"] == "Arcadie"
    assert verifying.verify() is None


def test_a_withdrawal_is_recorded(register: World) -> None:
    published(register.arcadia, register.cohort)
    head = "participant,cohort,time,effective_on,status,notice_on,ended_on"
    line = "arcadia,clean-rivers,1,2023-03-27,withdrawn,2024-01-10,2024-02-01"
    recorded(endorsements(line, head=head), by=register.sam, other=register.kim)
    assert standing.in_force_one(register.arcadia, register.cohort) is None
    assert standing.last_end(register.arcadia, register.cohort).isoformat() == "2024-02-01"
    assert verifying.verify() is None


WITHDRAWN_ON_PAPER = endorsements(
    "arcadia,clean-rivers,2023-03-27,withdrawn,2024-01-10,2024-02-01,true,By post",
    head="participant,cohort,effective_on,status,notice_on,ended_on,notice_on_paper,notice_provenance",
)


def test_a_withdrawal_by_a_notice_on_paper_is_recorded(register: World) -> None:
    endorsement = published(register.arcadia, register.cohort)
    recorded(WITHDRAWN_ON_PAPER, by=register.sam, other=register.kim)
    assert (endorsement.notice_on_paper, endorsement.notice_provenance) == (True, "By post")
    assert verifying.verify() is None
    again = a_load(("endorsements.csv", csv.write(record.endorsements())), by=register.sam)
    assert {outcome for each in loads.counts(again).values() for outcome, n in each.items() if n} == {Outcome.SAME}


@pytest.mark.parametrize("ending", ["taken back", "returned"])
def test_a_withdrawal_is_recorded_after_a_notice_that_led_to_nothing(register: World, ending: str) -> None:
    endorsement = published(register.arcadia, register.cohort)
    notice = withdrawing.waiting(with_notice(endorsement, register.alice))
    assert notice is not None
    if ending == "taken back":
        withdrawing.take_back(notice, by=register.alice)
    else:
        withdrawing.return_(notice, reason="Sign it.", by=register.sam)
    recorded(WITHDRAWN_ON_PAPER, by=register.sam, other=register.kim)
    assert verifying.verify() is None


def test_a_withdrawal_is_recorded_in_the_place_of_one_that_was_a_mistake(register: World) -> None:
    endorsement = withdrawn(published(register.arcadia, register.cohort), register.alice, register.sam)
    mistake = correcting.propose(endorsement, reason=Text.of("The wrong day."), by=register.sam)
    correcting.confirm(mistake, by=register.kim)
    recorded(WITHDRAWN_ON_PAPER, by=register.sam, other=register.kim)
    assert verifying.verify() is None


def test_a_second_notice_after_a_withdrawal_that_was_a_mistake_is_no_difference(register: World) -> None:
    endorsement = withdrawn(published(register.arcadia, register.cohort), register.alice, register.sam)
    mistake = correcting.propose(endorsement, reason=Text.of("The wrong day."), by=register.sam)
    correcting.confirm(mistake, by=register.kim)
    withdrawn(endorsement, register.alice, register.sam, effective_on=clock.today() + timedelta(days=30))
    assert verifying.verify() is None


def test_a_whole_life_is_recorded_at_once(register: World) -> None:
    head = "participant,cohort,time,effective_on,status,ended_on,recommendations"
    lines = (
        "arcadia,clean-rivers,3,2024-06-01,in_force,,",
        "arcadia,clean-rivers,1,2023-04-01,superseded,2023-05-01,1.1 1.2",
        "arcadia,clean-rivers,2,2023-05-01,withdrawn,2024-03-01,1.1",
    )
    recorded(endorsements(*lines, head=head), by=register.sam, other=register.kim)
    query = select(Act.action).order_by(Act.entry_sequence)
    assert list(db.session.scalars(query)) == [
        Action.ENDORSED,
        Action.POSITION_CHANGED,
        Action.WITHDRAWN,
        Action.ENDORSED,
    ]
    assert verifying.verify() is None


def test_an_entry_that_names_a_load_that_it_does_not_follow_is_named_by_verifying(register: World) -> None:
    proposal = recorded(ZUBROWKA, by=register.sam, other=register.kim)
    published(register.union, register.cohort)
    entry = db.session.get(LedgerEntry, proposal.entry_sequence)
    with ledger.part_of(entry, proposed_by=register.sam.actor):
        published(register.council, register.cohort)
    assert "does not follow the load" in str(verifying.verify())


def test_another_file_than_was_approved_is_named_by_verifying(register: World) -> None:
    proposal = recorded(ZUBROWKA, by=register.sam, other=register.kim)
    loads.load_of(proposal).files[0].content = b"another"
    db.session.flush()
    assert str(verifying.verify()).startswith("load/")


def test_what_is_computed_is_kept_with_the_preview(register: World) -> None:
    load = a_load(participants("=cmd(),country,en,<script>"), by=register.sam)
    file = previews.as_file(load, "csv")
    assert file is not None
    assert b"'=cmd()" in file.content
    assert b"wrong" in file.content


def test_a_load_of_several_tables_is_taken_away_in_an_archive(register: World) -> None:
    load = a_load(ZUBROWKA, THEIRS, by=register.sam)
    assert [previews.as_file(load, form).ending for form in ("csv", "xlsx")] == ["zip", "xlsx"]
    again = a_load((f"preview.{(file := previews.as_file(load, 'xlsx')).ending}", file.content), by=register.sam)
    assert loads.counts(again) == loads.counts(load)


def test_a_file_that_is_no_table_is_refused(register: World) -> None:
    with pytest.raises(Unfit):
        loads.take_in([("letter.csv", b"%PDF-1.7\x00")], by=register.sam)
