import io

import docx
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete
from werkzeug.test import TestResponse

from tests.acting import act, in_register, open_one, submitted_as
from tests.checked_client import CheckedClient, text_of
from tests.exports.test_pdf import text_of as text_of_pdf
from tests.world import World, a_draft, a_submission, account, in_force, published
from tracker import endorsing
from tracker.extensions import db
from tracker.models import Commitment
from tracker.vocabulary import Question

DESK = "/en/desk/arcadia/clean-rivers"
RESERVED = {"2.3": "Except on feast days: <b>#1</b>."}


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)  # type: ignore[no-any-return]


def submitted(app: Flask, world: World) -> str:
    """Let Alice submit; return the address of the receipt."""
    return receipt_for(app, act(app, a_submission, world.arcadia, world.cohort, world.alice, reservations=RESERVED))


def receipt_for(app: Flask, reference: str) -> str:
    with app.app_context():
        return f"/en/desk/arcadia/receipts/{submitted_as(reference)}.pdf"


def is_a_download(answer: TestResponse, mimetype: str, name: str) -> None:
    assert answer.status_code == 200
    assert answer.mimetype == mimetype
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{name}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_letter_is_taken_away_as_pdf(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice, reservations=RESERVED)
    answer = alice.get(f"{DESK}/letter.pdf")
    is_a_download(answer, "application/pdf", "Endorsement%20of%20recommendations%20%E2%80%93%20Arcadia.pdf")
    text = text_of_pdf(answer.data)
    assert "Do what 2.3 says." in text
    assert RESERVED["2.3"] in text


def test_a_letter_is_taken_away_for_a_word_processor(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice, reservations=RESERVED)
    answer = alice.get(f"{DESK}/letter.docx")
    is_a_download(
        answer,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Endorsement%20of%20recommendations%20%E2%80%93%20Arcadia.docx",
    )
    assert RESERVED["2.3"] in [line.text for line in docx.Document(io.BytesIO(answer.data)).paragraphs]


def test_a_letter_is_in_the_language_of_its_address(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    file = alice.get("/fr/desk/arcadia/clean-rivers/letter.pdf").data
    assert PdfReader(io.BytesIO(file)).root_object["/Lang"] == "fr"
    assert "Arcadie" in text_of_pdf(file)


def test_a_letter_to_change_what_is_in_force_says_so(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    act(app, a_draft, world.arcadia, world.cohort, world.alice, numbers=("1.1",))
    assert "in force from 27 March 2023" in text_of_pdf(alice.get(f"{DESK}/letter.pdf").data)


@pytest.mark.parametrize("name", ["letter.pdf", "letter.docx"])
def test_before_the_first_answer_there_is_no_letter(alice: CheckedClient, name: str) -> None:
    assert alice.get(f"{DESK}/{name}").location == f"{DESK}/recommendations"


@pytest.mark.parametrize("name", ["letter.pdf", "letter.docx"])
def test_what_was_submitted_needs_no_letter(app: Flask, alice: CheckedClient, world: World, name: str) -> None:
    submitted(app, world)
    assert alice.get(f"{DESK}/{name}").location == "/en/desk/arcadia/"


def test_what_was_returned_can_be_signed_anew(app: Flask, alice: CheckedClient, world: World) -> None:
    submitted(app, world)
    with in_register(app):
        endorsing.return_(
            open_one(world.arcadia, world.cohort), reasons={Question.OVERALL: "Not signed."}, by=account(world.sam)
        )
    assert alice.get(f"{DESK}/letter.pdf").status_code == 200


def test_a_receipt_is_taken_away(app: Flask, alice: CheckedClient, world: World) -> None:
    address = submitted(app, world)
    number = address.removesuffix(".pdf").rpartition("/")[2]
    answer = alice.get(address)
    is_a_download(answer, "application/pdf", f"Receipt%20{number}%20%E2%80%93%20Arcadia.pdf")
    text = text_of_pdf(answer.data)
    assert f"Arcadia, ledger entry {number} Page 1 of 1" in text
    assert "Submitted by Alice" in text
    assert RESERVED["2.3"] in text
    assert "https://register.example.org/en/participants/arcadia" in text


def test_a_receipt_is_the_same_whenever_it_is_taken(app: Flask, alice: CheckedClient, world: World) -> None:
    address = submitted(app, world)
    before = alice.get(address).data
    with in_register(app):
        endorsing.confirm(open_one(world.arcadia, world.cohort), by=account(world.sam))
    assert alice.get(address).data == before


def test_a_colleague_finds_it_too(app: Flask, sign_in, world: World) -> None:
    assert sign_in(world.adam).get(submitted(app, world)).status_code == 200


def test_the_receipt_of_somebody_else_is_not_found(app: Flask, sign_in, world: World) -> None:
    address = submitted(app, world)
    bruno = sign_in(world.bruno)
    assert bruno.get(address).status_code == 404
    assert bruno.get(address.replace("arcadia", "borduria")).status_code == 404


@pytest.mark.parametrize("person", ["petra", "fay", "sam"])
def test_who_may_not_act_today_may_not_have_it(app: Flask, sign_in, world: World, person: str) -> None:
    assert sign_in(getattr(world, person)).get(submitted(app, world)).status_code == 403


def test_there_is_no_receipt_for_another_act(app: Flask, alice: CheckedClient, world: World) -> None:
    reference = act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    with app.app_context():
        confirmation = submitted_as(reference) + 1
    assert alice.get(f"/en/desk/arcadia/receipts/{confirmation}.pdf").status_code == 404


def test_what_is_forgotten_has_no_receipt_and_a_page_says_why(app: Flask, alice: CheckedClient, world: World) -> None:
    address = submitted(app, world)
    with in_register(app):
        db.session.execute(delete(Commitment))
    answer = alice.get(address)
    assert answer.status_code == 404
    assert "is no longer kept, so there is no receipt for it" in text_of(answer)


def test_the_desk_leads_to_them(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    check = alice.get(f"{DESK}/check").text
    assert f'href="{DESK}/letter.pdf"' in check
    assert f'href="{DESK}/letter.docx"' in check
    alice.send(f"{DESK}/check", "/submit")
    with app.app_context():
        address = receipt_for(app, open_one(world.arcadia, world.cohort).reference)
    assert f'href="{address}"' in alice.get(f"{DESK}/submitted").text
    assert f'href="{address}"' in alice.get("/en/desk/arcadia/").text
