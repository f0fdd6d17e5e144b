"""The round trip: a register with everything in it is exported, loaded into an empty database, and exported again."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from tests import world as a
from tests.announced import HELD_ON, WHY, a_document, an_event, an_item, document_facts, event_facts
from tests.bulk.uploading import endorsements, participants, recorded
from tests.conftest import close, make_app
from tests.letters import a_letter
from tests.test_cli import run
from tests.world import World
from tracker import (
    accrediting,
    clock,
    correcting,
    drafting,
    endorsing,
    ledger,
    notices,
    publishing,
    verifying,
    withdrawing,
)
from tracker.disputes import reviewing
from tracker.exports import record
from tracker.extensions import db, writing
from tracker.facts import DOCUMENT_FACTS, EVENT_FACTS
from tracker.models import Account, Cohort, Commitment, Endorsement, Heading, Mail, Participant, Proposal, Text
from tracker.moving import moving
from tracker.moving.moving import NotLoadedError
from tracker.people import admitting, requesting
from tracker.publications import announcing, appearing, establishing, preparing
from tracker.publications.preparing import HeadingFacts, Prepared
from tracker.publishing import Grounds, SourceFacts
from tracker.roll import enrolling
from tracker.vocabulary import (
    OPEN,
    Action,
    DocumentKind,
    EventKind,
    Kind,
    Question,
    Rendering,
    RevisionKind,
    Scope,
    Status,
)
from tracker.wordings import rewording

_WHY = Grounds(reason=Text.of("As its ministry wrote."), source="Note verbale no. 9")

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
Opened = Callable[[str], AbstractContextManager[Flask]]

ARABIC = Text(
    "ar", {"ar": "بيان عن الأنهار", "en": "A statement on rivers; =1+1", "fr": "Une déclaration\nsur deux lignes"}
)


@pytest.fixture
def evidence_folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:  # type: ignore[type-arg]
    """Return what opens an empty register on a database of the other kind, or of the same one."""
    apps: list[Flask] = []
    maintenance: sa.Connection = request.getfixturevalue("maintenance")
    databases: list[str] = []

    @contextmanager
    def opened(dialect: str) -> Iterator[Flask]:
        if dialect == "sqlite":
            path = tmp_path / f"{uuid4().hex}.sqlite"
            shutil.copy(request.getfixturevalue("migrated_file"), path)
            url = f"sqlite:///{path}"
        else:
            databases.append(f"test_{uuid4().hex[:12]}")
            template = request.getfixturevalue("migrated_database")
            maintenance.exec_driver_sql(f"CREATE DATABASE {databases[-1]} TEMPLATE {template}")
            url = request.getfixturevalue("postgresql_server").format(database=databases[-1])
        apps.append(make_app(url))
        with apps[-1].app_context():
            writing.set(True)
            yield apps[-1]
            writing.set(False)

    yield opened
    for app in apps:
        close(app)
    for name in databases:
        maintenance.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def full(register: World) -> World:
    """Return a register in which everything was done that the ledger records, and the acts between."""
    cohort, sam, kim = register.cohort, register.sam, register.kim
    alice, bruno = register.alice, register.bruno
    endorsing.confirm(_on_paper(register), by=kim)
    _texts(register)
    # A ministry: returned, taken back, confirmed with a letter, changed, with notice, withdrawn, again, annulled.
    draft = a.a_draft(
        register.arcadia,
        cohort,
        alice,
        numbers=("1.1", "2.3"),
        reservations={"2.3": "Except on feast days; -2 of them."},
        signatory=("Ada", "Minister"),
        letter=a_letter(),
    )
    drafting.declare(draft, statement=ARABIC, by=alice)
    endorsing.submit(draft, by=alice)
    endorsing.return_(draft, reasons={Question.STATEMENT: "Shorten it."}, by=sam)
    endorsing.submit(draft, by=alice)
    endorsing.take_back(draft, by=alice)
    endorsing.submit(draft, by=alice)
    endorsing.confirm(draft, by=sam)
    a.amended(a.item(cohort, "2.3"), sam, kim, Text.of("Do more than 2.3 says.", fr="Faites plus."))
    change = a.in_force(register.arcadia, cohort, alice, kim)
    withdrawing.take_back(_notice(change, alice), by=alice)
    withdrawing.return_(_notice(change, alice), reason="Sign it.", by=sam)
    a.withdrawn(change, alice, sam, effective_on=clock.today() + timedelta(days=40))
    # A withdrawal that was recorded wrongly, an endorsement that was, and one in the place of it.
    first = a.published(
        register.borduria, cohort, source=cohort.sources[0], date_note=Text.of("The day of the summit.")
    )
    second = a.in_force(register.borduria, cohort, bruno, sam, numbers=("1.1",))
    correcting.confirm(correcting.propose(second, reason=Text.of("Another’s letter."), by=sam), by=kim)
    a.withdrawn(first, bruno, sam)
    correcting.confirm(correcting.propose(first, reason=Text.of("No notice came."), by=sam), by=kim)
    # Disputed and upheld, disputed and open.
    a.with_contact(register.union, sam, kim)
    union = a.published(register.union, cohort, numbers=["1.2"], reservations={"1.2": ARABIC})
    reviewing.uphold(a.disputed(union), finding=Text.of("The minister signed it."), by=sam)
    a.disputed(union, "We still say so.")
    _people(register)
    _roll(register)
    _announced(register)
    _extended(register)
    _withdrawn_on_paper(register)
    recorded(participants("zubrowka,country,en,Zubrowka"), by=sam, other=kim)
    _what_stays(register)
    db.session.commit()
    return register


def _notice(endorsement: Endorsement, by: Account) -> Proposal:
    notice = withdrawing.waiting(a.with_notice(endorsement, by))
    assert notice is not None
    return notice


def _on_paper(register: World) -> Endorsement:
    draft = drafting.begin(register.league, register.cohort, on_paper=True, by=register.sam)
    drafting.choose(draft, scope=Scope.ALL, by=register.sam)
    days = {"signed_on": a.PUBLISHED, "received_on": a.PUBLISHED + timedelta(days=9)}
    drafting.sign(draft, **days, provenance="By post, no. 123", by=register.sam)
    endorsing.submit(draft, by=register.sam)
    return draft


def _roll(register: World) -> None:
    """Rename a participant from a day on and once for all, let one become of another kind, merge a duplicate."""
    days, sam = {"since": a.PUBLISHED}, register.sam
    new = Text.of("Arcadia and the Isles", fr="Arcadie et les Îles")
    enrolling.rename(register.arcadia, name=new, formal_name=ARABIC, grounds=_WHY, by=sam, **days)
    enrolling.rename(register.borduria, name=Text.of("Borduria", fr="La Bordurie", ar="بوردوريا"), by=sam)
    enrolling.change_facts(register.union, kind=Kind.INTERGOVERNMENTAL, website="https://example.org", by=sam, **days)
    enrolling.change_facts(register.league, kind=Kind.CIVIL_SOCIETY, seat="MD", acronym="LCH", by=sam)
    twice = publishing.add_participant(kind=Kind.INTERGOVERNMENTAL, name=Text.of("The Council of Rivers"))
    a.published(twice, register.cohort, numbers=["1.1"])
    enrolling.rename(twice, name=Text.of("Rivers’ Council"), by=sam, **days)
    accrediting.accredit(register.adam, twice, starts_on=clock.today())
    enrolling.merge(twice, register.council, grounds=_WHY, by=sam)


def _people(register: World) -> None:
    """Accredit somebody, change that, suspend it, let it hold again, end it."""
    alice, sam, kim = register.alice, register.sam, register.kim
    admitting.confirm(requesting.propose(register.arcadia, a.a_candidate(), by=alice), by=sam)
    clara = next(each for each in accrediting.of(register.arcadia) if each.shown_name == "Clara")
    ends_on = clock.today() + timedelta(days=300)
    change = requesting.propose_change(clara, starts_on=clara.starts_on, ends_on=ends_on, is_head=True, by=sam)
    admitting.confirm(change, by=kim)
    admitting.return_(requesting.suspend(clara, note="She left.", by=sam), reason="She stays.", by=kim)
    admitting.confirm(requesting.propose_end(clara, last_day=clock.today(), by=alice), by=kim)
    requesting.propose(register.arcadia, a.a_candidate("Cora"), by=alice)


def _announced(register: World) -> None:
    """Add events and documents by four eyes, change them, call one off and take one down."""
    sam, kim = register.sam, register.kim
    said = {"place": Text.of("Arcadia, at the river"), "begins_at": "14:30", "time_zone": "Europe/Brussels"}
    said |= {"description": ARABIC, "link_label": Text.of("Programme"), "url": "https://example.org/"}
    moved = an_event(register, **said)
    later = event_facts("The second meeting, in spring", **said, held_on=HELD_ON + timedelta(days=7))
    appearing.approve(announcing.propose_change(moved, later, why=WHY, by=sam), by=kim)
    for held_on in (HELD_ON, HELD_ON + timedelta(days=9)):  # moved back to its day, and then to another one
        change = event_facts("The second meeting, in spring", held_on=held_on, place=said["place"])
        appearing.approve(announcing.propose_change(moved, change, why=WHY, by=sam), by=kim)
    appearing.approve(announcing.propose_end(moved, why=WHY, by=sam), by=kim)
    appearing.approve(announcing.propose_change(an_event(register, **said), later, why=WHY, by=sam), by=kim)
    released = {"language": "fr", "rendering": Rendering.TRANSLATION, "published_on": a.PUBLISHED, "note": ARABIC}
    report = a_document(register, **released)
    change = document_facts("Le rapport", **{**released, "language": "pt-BR"}, url="https://example.org/report")
    appearing.approve(announcing.propose_change(report, change, why=WHY, by=sam), by=kim)
    appearing.approve(announcing.propose_end(report, why=WHY, by=sam), by=kim)


def _extended(register: World) -> None:
    """Change the facts of a published cohort, its leads and sources, add to its set, and let somebody endorse that."""
    cohort, sam, kim = register.cohort, register.sam, register.kim
    letter = SourceFacts(key="letter", title="A letter", publisher="Arcadia", published_on=a.PUBLISHED)
    page = replace(Prepared.as_published(cohort).sources[0], title="Another title", url="https://example.org/page")
    _changed(register, title=ARABIC, co_leads=(Text.of("Borduria"), ARABIC), sources=(letter, page))
    item = an_item("2.4", 2)
    _changed(
        register,
        summit="Summit of all Rivers",
        established_on=None,
        sources=(page, replace(letter, key="note")),
        headings=(HeadingFacts(3, Text.of("Lakes", fr="Lacs")),),
        items=(an_item("3.1", 3, source="note"), item),
    )
    a.corrected(a.item(cohort, "3.1"), sam, kim, "Do what 3.1 says, once.", source="note")
    freedonia = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Freedonia"))
    a.published(freedonia, cohort, effective_on=clock.today(), reservations={"3.1": Text.of("Not in winter.")})


def _changed(register: World, **more: Any) -> None:
    preparation = preparing.begin_change(register.cohort, by=register.sam)
    preparing.keep(preparation, replace(Prepared.of(preparation), **more), by=register.sam)
    appearing.approve(establishing.propose(preparation, why=WHY, by=register.sam), by=register.kim)


def _withdrawn_on_paper(register: World) -> None:
    """Withdraw by notices on paper: one stands, one was a mistake, and one was taken back before a load records it."""
    cohort, sam, kim = register.cohort, register.sam, register.kim
    slugs = []
    for name in ("Grand Duchy", "Ruritania", "Sylvania"):
        participant = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of(name))
        slugs.append(participant.slug)
        endorsement = a.published(participant, cohort, numbers=["1.1"])
        a.a_notice_on_paper(endorsement, sam, reason=ARABIC, provenance=f"By post, of {name}")
        notice = notices.submit(endorsement, by=sam)
        if name == "Ruritania":
            withdrawing.take_back(notice, by=sam)
            continue
        withdrawing.confirm(notice, by=kim)
        if name == "Sylvania":
            correcting.confirm(correcting.propose(endorsement, reason=Text.of("Not theirs."), by=sam), by=kim)
    head = "participant,cohort,effective_on,status,ended_on,notice_on_paper,notice_provenance"
    line = f"{slugs[1]},clean-rivers,{a.PUBLISHED},withdrawn,{clock.today()},true,By hand"
    recorded(endorsements(line, head=head), by=sam, other=kim)


def _texts(register: World) -> None:
    cohort = register.cohort
    publishing.add_event(
        cohort,
        held_on=a.PUBLISHED,
        kind=EventKind.SEMINAR,
        title=Text.of("A seminar"),
        description=Text.of("On rivers"),
        link_label=Text.of("Programme"),
        url="https://example.org/",
    )
    for _ in range(2):
        publishing.add_document(cohort, kind=DocumentKind.NEWS, title=Text.of("News"), publisher="Summit", note=ARABIC)
    publishing.add_participant(
        kind=Kind.COUNTRY,
        name=Text.of("=cmd()"),
        iso_code="MD",
        acronym="'A",
        footnote=Text.of("-1"),
        name_confirmed=False,
    )
    publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text("ar", {"ar": "أنهار"}), seat="MA")
    publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text.of("A" * 20 + "\n𝒜 <script>"))
    a.corrected(a.item(cohort, "1.2"), register.sam, register.kim, "Do what 1.2 says, twice.")
    heading = db.session.scalars(select(Heading).filter_by(number=2)).one()
    rewording.publish(a.proposed(heading, register.sam, "Rivers", kind=RevisionKind.CORRIGENDUM), by=register.kim)
    a.a_cohort("long-texts", numbers=("1.1",))
    publishing.publish_cohort(slug="wordy", title=Text.of("W" * 40_000, fr="é" * 9_000), co_leads=[ARABIC])


def _what_stays(register: World) -> None:
    """Add what is not of the public record."""
    rejected = a.a_submission(register.borduria, register.cohort, register.bruno, numbers=("2.2",))
    endorsing.reject(rejected, reasons={Question.OVERALL: "No."}, by=register.sam)
    a.a_submission(register.borduria, register.cohort, register.bruno, numbers=("2.1",))
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    drafting.choose(draft, scope=Scope.ALL, by=register.alice)


#: An export of the full register, made once for the tests that only need its files.
_MADE: dict[str, bytes] = {}


@pytest.fixture
def files(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, bytes]:
    """Return the files of an export of the full register."""
    if not _MADE:
        request.getfixturevalue("full")
        _MADE.update(exported(tmp_path, "csv"))
    return dict(_MADE)


def exported(folder: Path, form: str) -> dict[str, bytes]:
    """Export the register of the present context; return the files."""
    target = folder / (f"{uuid4().hex}.xlsx" if form == "xlsx" else uuid4().hex)
    moving.export(target)
    return (
        {"book": target.read_bytes()} if form == "xlsx" else {path.name: path.read_bytes() for path in target.iterdir()}
    )


def kept(folder: Path, form: str, files: dict[str, bytes]) -> Path:
    """Write the files of an export again; return where."""
    if form == "xlsx":
        target = folder / f"{uuid4().hex}.xlsx"
        target.write_bytes(files["book"])
        return target
    target = folder / uuid4().hex
    target.mkdir()
    for name, content in files.items():
        (target / name).write_bytes(content)
    return target


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_what_is_loaded_and_exported_again_is_the_same_to_the_byte(
    full: World, form: str, to: str, elsewhere: Opened, tmp_path: Path
) -> None:
    before, head = exported(tmp_path, form), ledger.head()
    with elsewhere(to):
        assert moving.load(kept(tmp_path, form, before)) == head[0]
        db.session.commit()
        assert exported(tmp_path, form) == before
        assert ledger.head() == head
        assert verifying.verify() is None


@on_sqlite
def test_the_register_that_is_tried_has_everything_in_it(full: World) -> None:
    done = set(db.session.scalars(sa.text("SELECT DISTINCT action FROM ledger_entry")))
    assert done == {action.value for action in Action}


@on_sqlite
def test_every_fact_of_an_event_and_of_a_document_is_in_it(full: World) -> None:
    for kind, facts in (("event", EVENT_FACTS), ("document", DOCUMENT_FACTS)):
        entries = [entry for entry in ledger.entries() if entry.subject.startswith(f"{kind}/")]
        said = {name for entry in entries for name in ledger.facts_of(entry)}
        assert set(facts) <= said


@on_sqlite
def test_a_withdrawal_on_paper_is_in_it_and_one_that_was_a_mistake(full: World) -> None:
    query = select(Endorsement.notice_provenance).where(Endorsement.notice_on_paper).order_by(Endorsement.id)
    assert list(db.session.scalars(query)) == ["By post, of Grand Duchy", "By hand"]


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_the_register_goes_on_from_there(full: World, elsewhere: Opened, to: str, tmp_path: Path) -> None:
    files = exported(tmp_path, "csv")
    with elsewhere(to):
        moving.load(kept(tmp_path, "csv", files))
        db.session.commit()
        staff = [a.person(name, staff=True) for name in ("tom", "ula")]
        first, second = db.session.scalars(select(Cohort).order_by(Cohort.id).limit(2))
        council = db.session.scalars(select(Participant).filter_by(slug="council-of-rivers")).one()
        accrediting.accredit(staff[0], council, starts_on=clock.today())
        new = a.a_submission(council, first, staff[0])
        endorsing.confirm(new, by=staff[1])
        a.with_notice(new, staff[0])
        a.published(council, second)
        db.session.commit()
        assert verifying.verify() is None
        again = exported(tmp_path, "csv")
    with elsewhere("sqlite"):
        moving.load(kept(tmp_path, "csv", again))
        assert exported(tmp_path, "csv") == again


@on_sqlite
def test_a_load_records_there_what_waited_here(full: World, elsewhere: Opened, tmp_path: Path) -> None:
    endorsement = a.published(full.council, a.a_cohort("clean-lakes", numbers=("1.1",)))
    notices.submit(a.a_notice_on_paper(endorsement, full.sam), by=full.sam)
    files = exported(tmp_path, "csv")
    with elsewhere("sqlite"):
        moving.load(kept(tmp_path, "csv", files))
        staff = [a.person(name, staff=True) for name in ("tom", "ula")]
        line = f"council-of-rivers,clean-lakes,{a.PUBLISHED},withdrawn,{clock.today()}"
        head = "participant,cohort,effective_on,status,ended_on"
        recorded(endorsements(line, head=head), by=staff[0], other=staff[1])
        assert verifying.verify() is None


@on_sqlite
def test_nobody_is_named_and_nothing_private_is_in_an_export(full: World, tmp_path: Path) -> None:
    content = b"".join(exported(tmp_path, "csv").values()).decode()
    kept_back = ["Shorten it.", "We still say so.", "She left.", "office@example.org"]
    for person in db.session.scalars(select(Account)):
        kept_back += [person.email, f'"{person.name}"']
    kept_back += db.session.scalars(select(Commitment.value).where(Commitment.field.like("signatory%")))
    assert [each for each in kept_back if each in content.replace('""', '"')] == []


@on_sqlite
def test_nobody_who_acted_can_sign_in_or_is_told_again(
    files: dict[str, bytes], elsewhere: Opened, tmp_path: Path
) -> None:
    with elsewhere("sqlite"):
        moving.load(kept(tmp_path, "csv", files))
        people = list(db.session.scalars(select(Account)))
        assert people
        assert not any(each.active or each.password or each.roles for each in people)
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


@on_sqlite
def test_a_register_that_is_not_empty_takes_none(full: World, tmp_path: Path) -> None:
    with pytest.raises(NotLoadedError, match="has entries already"):
        moving.load(kept(tmp_path, "csv", exported(tmp_path, "csv")))


def forged(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    content = files[name].decode()
    assert old in content
    return {**files, name: content.replace(old, new, 1).encode()}


@on_sqlite
@pytest.mark.parametrize(
    "forgery",
    [
        ("participants.csv", "Arcadia and", "Freedonia and", "participants does not agree with the ledger: row 3 says"),
        ("endorsements.csv", "superseded", "in_force", "endorsements does not agree with the ledger: row"),
        ("endorsements.csv", "By hand", "By sea", "endorsements does not agree with the ledger: row"),
        ("positions.csv", ",reserved,", ",endorsed,", "positions does not agree with the ledger: row"),
        ("positions.csv", "stance", "posture", "it has other columns"),
        ("ledger.csv", "Arcadia", "Freedonia", "entry 1: its content does not give its hash"),
        ("ledger.csv", "endorsed,endorsement/", "withdrawn,endorsement/", "does not follow"),
        ("ledger.csv", "participant_added", "participant_erased", "is no entry that this version knows"),
        ("ledger.csv", "clean-rivers/1.1", "clean-rivers/9.9", "does not follow"),
    ],
)
def test_what_does_not_agree_with_itself_is_refused(
    files: dict[str, bytes], elsewhere: Opened, tmp_path: Path, forgery: tuple[str, str, str, str]
) -> None:
    name, old, new, said = forgery
    files = forged(files, name, old, new)
    with elsewhere("sqlite"), pytest.raises(NotLoadedError, match=re.escape(said)):
        moving.load(kept(tmp_path, "csv", files))


@on_sqlite
def test_a_row_that_is_missing_is_named(files: dict[str, bytes], elsewhere: Opened, tmp_path: Path) -> None:
    files["participants.csv"] = b"".join(files["participants.csv"].splitlines(keepends=True)[:-1])
    with elsewhere("sqlite"), pytest.raises(NotLoadedError, match="rows, the ledger makes"):
        moving.load(kept(tmp_path, "csv", files))


@on_sqlite
def test_an_entry_that_is_missing_is_named(files: dict[str, bytes], elsewhere: Opened, tmp_path: Path) -> None:
    lines = files["ledger.csv"].splitlines(keepends=True)
    with elsewhere("sqlite"), pytest.raises(NotLoadedError, match=r"Entry 3 does not follow"):
        moving.load(kept(tmp_path, "csv", {"ledger.csv": b"".join([*lines[:2], *lines[3:]])}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", "Übersicht".encode("cp1252")])
@on_sqlite
def test_what_is_no_export_is_refused(register: World, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotLoadedError, match="cannot be read"):
        moving.load(path)


@on_sqlite
def test_an_export_without_its_ledger_is_refused(register: World, elsewhere: Opened, tmp_path: Path) -> None:
    files = exported(tmp_path, "csv")
    del files["ledger.csv"]
    with elsewhere("sqlite"), pytest.raises(NotLoadedError, match="no table of the ledger"):
        moving.load(kept(tmp_path, "csv", files))


@on_sqlite
def test_what_was_moved_is_verified_like_any_other(files: dict[str, bytes], elsewhere: Opened, tmp_path: Path) -> None:
    with elsewhere("sqlite"):
        moving.load(kept(tmp_path, "csv", files))
        db.session.execute(sa.update(Endorsement).values(provenance=None))
        assert "the tables say something else than entry" in str(verifying.verify())


@on_sqlite
def test_what_never_came_into_force_stays_behind(full: World, elsewhere: Opened, tmp_path: Path) -> None:
    files = exported(tmp_path, "csv")
    known = set(db.session.scalars(select(Endorsement.reference)))
    with elsewhere("sqlite"):
        moving.load(kept(tmp_path, "csv", files))
        here = list(db.session.scalars(select(Endorsement)))
        assert {each.reference for each in here} < known
        assert not {each.status for each in here} & {*OPEN, Status.REJECTED}


@on_sqlite
def test_a_workbook_has_a_sheet_for_each_table(full: World, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(tmp_path, "xlsx")["book"]))
    assert book.sheetnames == list(record.TABLES)


@on_sqlite
def test_a_long_payload_is_cut_into_columns(full: World) -> None:
    names = [column.name for column in record.ledger_entries().columns]
    assert [name for name in names if name.startswith("payload")] == [
        "payload_1",
        "payload_2",
        "payload_3",
        "payload_4",
    ]


def test_the_commands_take_a_register_to_another_database(
    full: World, database_url: str, elsewhere: Opened, tmp_path: Path
) -> None:
    told = run(database_url, "register", "export", str(tmp_path / "out.xlsx"))
    assert (told.exit_code, "ledger." in told.output) == (0, True)
    with elsewhere("sqlite") as app:
        url = app.config["SQLALCHEMY_DATABASE_URI"]
    sequence, head = ledger.head()
    told = run(url, "register", "load", str(tmp_path / "out.xlsx"))
    assert told.output == f"Loaded out.xlsx: {sequence} entries, head {head}\n"
    assert run(url, "verify").output == f"All is well: {sequence} entries, head {head}\n"
    refused = run(url, "register", "load", str(tmp_path / "out.xlsx"))
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: Nothing was loaded. This register has entries already. Load into an empty one.\n",
    )
