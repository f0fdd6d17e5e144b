from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import delete, select

from tests.letters import a_letter
from tests.world import NUMBERS, World, a_cohort, a_draft, a_submission, amended, in_force, published
from tracker import accrediting, clock, drafting, endorsing, submissions
from tracker.exports.paper import Exact, Paper, Words
from tracker.extensions import db
from tracker.models import Act, Commitment, Endorsement, Participant, ParticipantName, Text
from tracker.papers import letters
from tracker.vocabulary import Action, Scope, TextStatus

RECORD = "https://register.example.org/en/participants/arcadia"


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Read in a language."""
    with current_app.test_request_context(f"/{language}/"):
        yield


def said(value: Any) -> list[str]:
    """Return every text of a paper, in order."""
    if isinstance(value, Words):
        return [value.text]
    if isinstance(value, Exact):
        return list(value.lines)
    if is_dataclass(value):
        return [text for each in fields(value) for text in said(getattr(value, each.name))]
    if isinstance(value, tuple):
        return [text for each in value for text in said(each)]
    return [value] if isinstance(value, str) else []


def letter(draft: Endorsement, *, replaces: Endorsement | None = None, contact: str = "") -> list[str]:
    return said(letters.model_letter(draft, replaces=replaces, contact=contact))


def receipt_of(endorsement: Endorsement) -> Paper:
    """Return the receipt for an endorsement's latest submission."""
    entry = [act.entry_sequence for act in endorsement.acts if act.action is Action.SUBMITTED][-1]
    found = submissions.submission(endorsement.participant, entry)
    assert found is not None
    act, content = found
    assert content is not None
    return letters.receipt(act, content, record=RECORD)


def facts(paper: Paper) -> dict[str, str]:
    """Return the facts of a receipt, by their names."""
    rows = [row for part in paper.parts for row in getattr(part, "rows", ())]
    return {name.text: " ".join(said(fact)) for name, fact in rows}


def test_it_works(register: World) -> None:
    text = letter(a_draft(register.arcadia, register.cohort, register.alice), contact="desk@example.org")
    assert text[:4] == ["Endorsement of recommendations", "Cohort on Clean Rivers", "Arcadia", "Page {page} of {pages}"]
    for expected in (
        "desk@example.org",
        "The secretariat, as depositary of the endorsements",
        "It covers the whole set: all 5 recommendations. It is made without reservation.",
        "2. Heading 2",
        "Place and date",
        "Signature",
        "Name",
        "Office",
    ):
        assert expected in text
    assert [each for each in text if each in NUMBERS] == list(NUMBERS)
    assert [each for each in text if each.startswith("Do what")] == [f"Do what {number} says." for number in NUMBERS]


def test_what_was_chosen_is_listed_and_nothing_else(register: World) -> None:
    text = letter(a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.2", "2.3")))
    assert "It covers 2 recommendations of the set’s 5, and no others. It is made without reservation." in text
    assert [each for each in text if each in NUMBERS] == ["1.2", "2.3"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arcadia", "On behalf of my Government, "),
        ("union", "On behalf of my institution, "),
        ("league", "On behalf of my organisation, "),
        ("council", "On behalf of my organisation, "),
    ],
)
def test_the_wording_fits_the_kind(register: World, name: str, expected: str) -> None:
    participant: Participant = getattr(register, name)
    if participant is not register.arcadia:
        accrediting.accredit(register.alice, participant, starts_on=clock.today())
    text = letter(a_draft(participant, register.cohort, register.alice))
    assert any(each.startswith(expected) for each in text)


@pytest.mark.parametrize(
    ("reservations", "expected"),
    [
        ({"2.3": "Except on feast days."}, "It is made with a reservation to recommendation\xa02.3."),
        (
            {"1.1": "Not in winter.", "2.3": "Except on feast days."},
            "It is made with reservations to recommendations\xa01.1 and 2.3.",
        ),
    ],
)
def test_reservations_are_counted_and_stand_under_what_they_are_to(
    register: World, reservations: dict[str, str], expected: str
) -> None:
    text = letter(a_draft(register.arcadia, register.cohort, register.alice, reservations=reservations))
    assert any(each.endswith(expected) for each in text)
    assert text[text.index("Do what 2.3 says.") + 1 :][:2] == ["Except on feast days.", "Reservation"]


def test_a_statement_is_given_in_each_language_the_authentic_one_first(register: World) -> None:
    draft = a_draft(register.arcadia, register.cohort, register.alice)
    statement = Text("ar", {"ar": "نعلن", "en": "We declare.", "fr": "Nous déclarons."})
    drafting.declare(draft, statement=statement, by=register.alice)
    drafting.sign(draft, signed_on=clock.today(), by=register.alice)
    text = letter(draft)
    assert "The statement at the end of this letter is attached to the endorsement." in text
    assert text[text.index("Statement") + 1 :][:6] == [
        "نعلن",
        "In Arabic, the authentic text",
        "We declare.",
        "Translation into English",
        "Nous déclarons.",
        "Translation into French",
    ]


def test_what_is_to_be_known_of_every_wording_alike_is_said_once(register: World) -> None:
    text = letter(a_draft(register.arcadia, register.cohort, register.alice))
    assert text.count("For each of them: Wording 1 · Original wording · 27 March 2023 · Summary") == 1


def test_wordings_that_differ_are_told_apart(register: World) -> None:
    amended(
        register.cohort.recommendations[0],
        register.sam,
        register.kim,
        "Do more.",
        text_status=TextStatus.AUTHORITATIVE,
        effective_on=date(2024, 5, 1),
    )
    text = letter(a_draft(register.arcadia, register.cohort, register.alice))
    assert text[text.index("Do more.") + 1] == "Wording 2 · Amendment · 1 May 2024"
    assert text.count("Wording 1 · Original wording · 27 March 2023 · Summary") == len(NUMBERS) - 1


def test_it_speaks_the_readers_language_and_names_that_of_a_foreign_wording(register: World) -> None:
    draft = a_draft(register.arcadia, register.cohort, register.alice)
    with reading("fr"):
        paper = letters.model_letter(draft, replaces=None, contact="")
    text = said(paper)
    assert "Arcadie" in text
    assert any("Libellé initial · 27 mars 2023" in each and "anglais" in each for each in text)
    assert paper.title.language == "fr"
    assert paper.subtitle == Words("Cohort on Clean Rivers", "en", "ltr")


def test_a_change_names_what_it_replaces(register: World) -> None:
    present = published(register.arcadia, register.cohort)
    draft = a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    text = letter(draft, replaces=present)
    assert any(each.endswith("takes the place of the one that is in force from 27 March 2023.") for each in text)


def test_a_receipt_says_who_submitted_what_and_when_under_which_entry(register: World) -> None:
    endorsement = a_submission(
        register.arcadia,
        register.cohort,
        register.alice,
        numbers=("1.1", "2.3"),
        reservations={"2.3": "Except on feast days."},
    )
    paper, entry = receipt_of(endorsement), endorsement.acts[-1].entry
    told = facts(paper)
    assert told["Participant"] == "Arcadia"
    assert told["Submitted by"] == "Alice"
    assert told["Submitted on"].endswith(" UTC")
    assert told["Ledger entry"] == str(entry.sequence)
    assert told["Hash of the ledger entry"].replace(" ", "") == entry.hash
    assert told["Reference"] == endorsement.reference
    assert told["Address of the record"] == RECORD
    assert told["Covers"] == "2 of 5 recommendations"
    assert told["Recommendations not endorsed"] == "1.2, 2.1 and 2.2"
    assert told["Reservations"] == "To 2.3"
    assert "Except on feast days." in said(paper)
    assert paper.footer.text == f"Arcadia, ledger entry {entry.sequence}"


def test_a_receipt_names_the_letter_that_came_with_it(register: World) -> None:
    letter = a_letter(name="Note.pdf")
    paper = receipt_of(a_submission(register.arcadia, register.cohort, register.alice, letter=letter))
    told = facts(paper)
    assert told["Letter"] == "Note.pdf"
    assert told["SHA-256 of the letter"].replace(" ", "") == letter.sha256
    assert "The secretariat compares your answers with the letter that you attached." in said(paper)
    assert not any(each.startswith("Send the signed letter") for each in said(paper))


def test_without_a_letter_a_receipt_asks_for_it(register: World) -> None:
    paper = receipt_of(a_submission(register.arcadia, register.cohort, register.alice))
    assert "Letter" not in facts(paper)
    assert any(each.startswith("Send the signed letter") for each in said(paper))


def test_a_hash_is_set_in_groups_of_four(register: World) -> None:
    paper = receipt_of(a_submission(register.arcadia, register.cohort, register.alice))
    groups = facts(paper)["Hash of the ledger entry"].split(" ")
    assert [len(group) for group in groups] == [4] * 16


def test_a_receipt_shows_what_was_submitted_then(register: World) -> None:
    endorsement = a_submission(
        register.arcadia, register.cohort, register.alice, reservations={"2.3": "Except on feast days."}
    )
    before = receipt_of(endorsement)
    endorsing.take_back(endorsement, by=register.alice)
    drafting.choose(endorsement, scope=Scope.CHOSEN, numbers=["1.1"], by=register.alice)
    assert receipt_of(endorsement) == before


def test_a_receipt_carries_the_name_of_its_day(register: World) -> None:
    before = receipt_of(a_submission(register.arcadia, register.cohort, register.alice))
    tomorrow = clock.today() + timedelta(days=1)
    register.arcadia.names[0].valid_until = clock.today()
    register.arcadia.names.append(ParticipantName(name=Text.of("New Arcadia"), valid_from=tomorrow))
    db.session.flush()
    db.session.expire_all()
    assert register.arcadia.name == Text.of("New Arcadia")
    assert receipt_of(db.session.scalars(select(Endorsement)).one()) == before


def test_each_submission_has_its_receipt(register: World) -> None:
    endorsement = in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    a_submission(register.arcadia, register.cohort, register.alice, numbers=("2.3",))
    assert "Do what 1.1 says." in said(receipt_of(endorsement))
    assert "Do what 2.3 says." not in said(receipt_of(endorsement))


def test_only_a_submission_of_the_participant_is_found(register: World) -> None:
    endorsement = in_force(register.arcadia, register.cohort, register.alice, register.sam)
    submitted, confirmed = (act.entry_sequence for act in endorsement.acts)
    assert submissions.submission(register.arcadia, submitted) is not None
    assert submissions.submission(register.borduria, submitted) is None
    assert submissions.submission(register.arcadia, confirmed) is None
    assert submissions.submission(register.arcadia, 9_999) is None


def test_what_was_forgotten_is_known_to_be(register: World) -> None:
    a_submission(register.arcadia, a_cohort("clear-skies", ("1.1",)), register.alice)
    db.session.execute(delete(Commitment))
    entry = db.session.scalars(select(Act.entry_sequence)).one()
    found = submissions.submission(register.arcadia, entry)
    assert found is not None
    assert found[1] is None
