"""Evidence in the domain: a file and its row come and go together, and the ledger binds both."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import world as a
from tests.acting import act, found, in_register
from tests.letters import a_letter, a_pdf, an_image
from tests.test_cli import run
from tests.world import World, account
from tracker import drafting, endorsing, ledger, verifying
from tracker.errors import NotAccredited, NotAsSubmitted, Stale, WrongStatus
from tracker.evidence import filing
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Commitment, Evidence, LedgerEntry
from tracker.vocabulary import MediaType, Question

MINISTER = ("Ana Popescu", "Minister of Justice")


def test_it_works(register: World, evidence_folder: Path) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, letter=a_letter(name="Nota.pdf"))
    letter = draft.evidence
    assert letter is not None
    assert (letter.file_name, letter.media_type, letter.uploaded_by) == ("Nota.pdf", MediaType.PDF, register.alice)
    assert filing.path_of(letter).read_bytes() == a_pdf()
    assert filing.is_sound(letter)
    db.session.commit()
    assert [path.name for path in evidence_folder.iterdir()] == [letter.key]


def test_the_file_goes_where_its_row_is_not_committed(register: World, evidence_folder: Path) -> None:
    db.session.commit()
    a.a_draft(register.arcadia, register.cohort, register.alice, letter=a_letter())
    assert list(evidence_folder.iterdir())
    db.session.rollback()
    assert list(evidence_folder.iterdir()) == []


def test_the_file_goes_where_the_session_is_let_go(app: Flask, world: World, evidence_folder: Path) -> None:
    with app.app_context():
        a.a_draft(*found(world.arcadia, world.cohort), account(world.alice), letter=a_letter())
    assert list(evidence_folder.iterdir()) == []


def test_a_replaced_letter_goes_once_that_is_committed(register: World, evidence_folder: Path) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, letter=a_letter())
    db.session.commit()
    drafting.attach(draft, a_letter(an_image(), "scan.png"), by=register.alice)
    assert len(list(evidence_folder.iterdir())) == 2
    db.session.commit()
    assert [path.read_bytes() for path in evidence_folder.iterdir()] == [an_image()]


def test_a_replaced_letter_stays_where_that_is_not_committed(register: World, evidence_folder: Path) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, letter=a_letter())
    db.session.commit()
    drafting.attach(draft, a_letter(an_image(), "scan.png"), by=register.alice)
    db.session.rollback()
    assert [path.read_bytes() for path in evidence_folder.iterdir()] == [a_pdf()]
    assert list(filing.faults()) == []


def test_what_was_submitted_is_kept(register: World, evidence_folder: Path) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice, letter=a_letter())
    endorsing.return_(endorsement, reasons={Question.OVERALL: "It is not signed."}, by=register.sam)
    drafting.attach(endorsement, a_letter(an_image(), "scan.png"), by=register.alice)
    drafting.attach(endorsement, a_letter(an_image("JPEG"), "scan.jpg"), by=register.alice)
    endorsing.submit(endorsement, by=register.alice)
    db.session.commit()
    assert [act.evidence and act.evidence.file_name for act in endorsement.acts] == ["Letter.pdf", None, "scan.jpg"]
    assert len(list(evidence_folder.iterdir())) == 2
    endorsing.confirm(endorsement, by=register.sam)
    assert verifying.verify() is None


def test_it_is_taken_away_and_the_next_submission_has_none(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice, letter=a_letter())
    endorsing.take_back(endorsement, by=register.alice)
    drafting.detach(endorsement, by=register.alice)
    endorsing.submit(endorsement, by=register.alice)
    endorsing.confirm(endorsement, by=register.sam)
    assert verifying.verify() is None


def test_the_ledger_binds_the_letter_and_who_signed_without_telling_of_them(register: World) -> None:
    endorsement = a.a_submission(
        register.arcadia, register.cohort, register.alice, signatory=MINISTER, letter=a_letter(name="Popescu.pdf")
    )
    endorsing.confirm(endorsement, by=register.sam)
    entries = [entry for entry in ledger.entries() if entry.subject.startswith("endorsement/")]
    assert ledger.facts_of(entries[0])["commitments"].keys() == {
        "content",
        "evidence",
        "signatory_name",
        "signatory_office",
    }
    assert endorsement.evidence is not None
    told = " ".join(entry.payload for entry in entries)
    assert not [each for each in ("Popescu", "Minister", endorsement.evidence.sha256) if each in told]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE endorsement SET signatory_name = 'Somebody else'",
        "UPDATE endorsement SET signatory_office = NULL",
        "UPDATE endorsement SET evidence_id = NULL",
        "UPDATE evidence SET sha256 = '{}'".format("0" * 64),
        "DELETE FROM commitment WHERE field = 'evidence'",
    ],
)
def test_what_was_changed_after_its_submission_is_named_and_not_confirmed(register: World, change: str) -> None:
    endorsement = a.a_submission(
        register.arcadia, register.cohort, register.alice, signatory=MINISTER, letter=a_letter()
    )
    db.session.execute(sa.text(change))
    db.session.expire_all()
    difference = verifying.verify()
    assert difference is not None
    assert difference.where.startswith("endorsement/")
    with pytest.raises(NotAsSubmitted):
        endorsing.confirm(endorsement, by=register.sam)


@pytest.mark.parametrize("gone", [True, False])
def test_another_file_in_the_place_of_the_letter_is_named_and_not_confirmed(register: World, gone: bool) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice, letter=a_letter())
    assert endorsement.evidence is not None
    path = filing.path_of(endorsement.evidence)
    path.unlink() if gone else path.write_bytes(a_pdf(pages=2))
    entry = endorsement.acts[-1].entry_sequence
    assert str(verifying.verify()) == f"evidence {path.name}: is missing, or not the file that entry {entry} binds"
    with pytest.raises(NotAsSubmitted):
        endorsing.confirm(endorsement, by=register.sam)


def test_another_letter_for_an_act_of_the_past_is_named(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice, letter=a_letter())
    endorsing.return_(endorsement, reasons={Question.OVERALL: "It is not signed."}, by=register.sam)
    drafting.attach(endorsement, a_letter(an_image(), "scan.png"), by=register.alice)
    submission, returned = endorsement.acts
    submission.evidence = endorsement.evidence
    db.session.flush()
    expected = f"entry {submission.entry_sequence}: binds other evidence than is kept for it"
    assert str(verifying.verify()) == expected
    submission.evidence = None
    db.session.flush()
    assert str(verifying.verify()) == expected
    returned.evidence = endorsement.evidence
    submission.evidence = db.session.scalars(sa.select(Evidence).order_by(Evidence.id)).first()
    db.session.flush()
    assert f"entry {returned.entry_sequence}: binds other evidence" in str(verifying.verify())


def test_who_signed_is_forgotten_and_the_chain_stands(register: World) -> None:
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam, signatory=MINISTER)
    endorsing.forget_signatory(endorsement)
    assert (endorsement.signatory_name, endorsement.signatory_office) == (None, None)
    of_it = sa.select(Commitment.field).join(LedgerEntry).where(LedgerEntry.subject == subject_of(endorsement))
    assert set(db.session.scalars(of_it)) == {"content"}
    assert verifying.verify() is None


def test_who_signed_is_forgotten_before_it_is_confirmed(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice, signatory=MINISTER)
    endorsing.forget_signatory(endorsement)
    endorsing.confirm(endorsement, by=register.sam)
    assert verifying.verify() is None


def test_a_change_asks_for_a_letter_of_its_own(register: World) -> None:
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam, signatory=MINISTER, letter=a_letter())
    change = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    assert (change.evidence, change.signatory_name) == (None, None)


def test_it_refuses_a_letter_to_what_cannot_be_changed(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(WrongStatus):
        drafting.attach(endorsement, a_letter(), by=register.alice)
    with pytest.raises(WrongStatus):
        drafting.detach(endorsement, by=register.alice)


def test_it_refuses_a_letter_from_who_is_not_accredited(register: World, evidence_folder: Path) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    with pytest.raises(NotAccredited):
        drafting.attach(draft, a_letter(), by=register.bruno)
    with pytest.raises(Stale):
        drafting.attach(draft, a_letter(), by=register.alice, version=draft.version - 1)
    assert not list(evidence_folder.glob("*"))


def told(database_url: str, folder: Path) -> tuple[int, list[str]]:
    """Return how ``tracker evidence check`` ends, and the lines that it prints."""
    result = run(database_url, "evidence", "check", EVIDENCE_FOLDER=str(folder))
    return result.exit_code, result.output.splitlines()


def test_the_check_finds_nothing(app: Flask, world: World, database_url: str, evidence_folder: Path) -> None:
    assert told(database_url, evidence_folder)[0] == 0
    assert not evidence_folder.exists()
    act(app, a.a_draft, world.arcadia, world.cohort, world.alice, letter=a_letter())
    assert told(database_url, evidence_folder) == (
        0,
        ["All is well: every file of evidence is there, and is the one that was uploaded."],
    )


def test_the_check_names_every_fault(app: Flask, world: World, database_url: str, evidence_folder: Path) -> None:
    for cohort in ("clean-rivers", "clear-skies"):
        with in_register(app):
            if cohort != "clean-rivers":
                a.a_cohort(cohort, numbers=("1.1",))
        act(app, a.a_draft, world.arcadia, cohort, world.alice, letter=a_letter())
    with app.app_context():
        changed, missing = map(filing.path_of, db.session.scalars(sa.select(Evidence).order_by(Evidence.id)))
    changed.write_bytes(b"something else")
    missing.unlink()
    orphan, unfinished = evidence_folder / ("0" * 32), evidence_folder / ("0" * 32 + ".unfinished")
    orphan.touch()
    unfinished.touch()
    status, lines = told(database_url, evidence_folder)
    assert status == 1
    assert [line.partition(", on ")[0].partition(" on 2")[0] for line in lines] == [
        f"{orphan}: no row refers to this file",
        f"{unfinished}: is no evidence",
        f"{changed}: is not the file that was uploaded",
        f"{missing}: is missing; 'Letter.pdf' was uploaded",
    ]


def test_the_server_does_not_start_without_a_folder_for_evidence(database_url: str, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("This is no folder.")
    result = run(
        database_url, "serve", "--port", "8899", EVIDENCE_FOLDER=str(taken), ENVIRONMENT="laptop", SECRET_KEY="x" * 40
    )
    assert result.exit_code == 1
    assert f"The folder for evidence, {taken}, cannot be written to." in result.output
