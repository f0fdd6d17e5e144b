import io
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from tests.acting import act, in_register, open_one
from tests.checked_client import CheckedClient, text_of
from tests.letters import a_pdf
from tests.world import World, a_draft, account, status_of
from tracker import endorsing
from tracker.vocabulary import Question, Status

LETTERS = "/en/secretariat/letters"
STEPS = "/en/desk/council-of-rivers/clean-rivers"


def days(field: str, day: date) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


SIGNED, RECEIVED = days("signed_on", date(2026, 3, 2)), days("received_on", date(2026, 3, 9))


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


def begin(browser: CheckedClient) -> None:
    browser.send(LETTERS, participant="council-of-rivers", cohort="clean-rivers")


def record(browser: CheckedClient) -> None:
    """Record the Council's letter, to the end."""
    begin(browser)
    browser.send(f"{STEPS}/recommendations", scope="all")
    browser.send(f"{STEPS}/reservations")
    browser.send(f"{STEPS}/statement")
    browser.send(f"{STEPS}/signature", **SIGNED, **RECEIVED, provenance="By post, no. 123")
    browser.send(f"{STEPS}/check", "/submit")


def test_a_letter_is_recorded_and_confirmed_by_somebody_else(
    app: Flask, sam: CheckedClient, sign_in, world: World
) -> None:
    record(sam)
    assert "Somebody else of the secretariat compares it with the letter." in text_of(sam.get(f"{STEPS}/submitted"))
    with app.app_context():
        decision = f"/en/secretariat/endorsements/{open_one('council-of-rivers', 'clean-rivers').reference}"
    assert "Somebody else must decide" in text_of(sam.get(decision))
    kim = sign_in(world.kim)
    assert "a letter that came on paper: By post, no. 123" in text_of(kim.get(decision))
    kim.send(decision, "/confirm")
    told = text_of(kim.get("/en/participants/council-of-rivers"))
    assert "In force from 9 March 2026" in told
    assert "received on 9 March 2026, By post, no. 123" in told


def test_it_is_found_among_the_letters_until_it_is_submitted(sam: CheckedClient, sign_in, world: World) -> None:
    begin(sam)
    assert "Council of Rivers" in text_of(sign_in(world.kim).get(LETTERS)).split("Being recorded")[-1]
    record(sam)
    assert "No letter is being recorded." in text_of(sam.get(LETTERS))


def test_whose_letter_it_is_has_to_be_chosen(sam: CheckedClient) -> None:
    answer = sam.send(LETTERS)
    assert answer.status_code == 422
    assert "Choose the participant whose letter it is" in text_of(answer)
    assert "Choose the cohort whose recommendations it is about" in text_of(answer)


def test_a_participant_that_prepares_one_itself_is_refused(app: Flask, sam: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    answer = sam.send(LETTERS, participant="arcadia", cohort="clean-rivers")
    assert answer.status_code == 409
    assert "is being prepared already" in text_of(answer)


def test_its_day_of_receipt_follows_that_of_signature(sam: CheckedClient) -> None:
    begin(sam)
    sam.send(f"{STEPS}/recommendations", scope="all")
    answer = sam.send(f"{STEPS}/signature", **SIGNED, **days("received_on", date(2026, 3, 1)))
    assert answer.status_code == 422
    assert "It cannot have been received before it was signed" in text_of(answer)


def test_the_letter_is_attached_and_seen_by_staff_alone(sam: CheckedClient, sign_in, world: World) -> None:
    begin(sam)
    sam.send(f"{STEPS}/recommendations", scope="all")
    sam.send(
        f"{STEPS}/signature", "/signature", **SIGNED, **RECEIVED, letter=FileStorage(io.BytesIO(a_pdf()), "letter.pdf")
    )
    page = sam.get(f"{STEPS}/signature").text
    address = page.split('href="/en/desk/council-of-rivers/evidence/')[1].split('"')[0]
    address = f"/en/desk/council-of-rivers/evidence/{address}"
    assert sam.get(address, buffered=True).status_code == 200
    assert sign_in(world.alice).get(address).status_code == 404


def test_representatives_see_it_on_their_desk_and_leave_it_alone(
    app: Flask, sam: CheckedClient, sign_in, world: World
) -> None:
    sam.send(LETTERS, participant="arcadia", cohort="clean-rivers")
    alice = sign_in(world.alice)
    assert "The secretariat is recording a letter of this participant" in text_of(alice.get("/en/desk/arcadia/"))
    assert alice.get("/en/desk/arcadia/clean-rivers/recommendations").location == "/en/desk/arcadia/"


def test_what_was_sent_back_is_corrected_where_it_was_recorded(app: Flask, sam: CheckedClient, world: World) -> None:
    record(sam)
    with in_register(app):
        reasons = {Question.LETTER: "Page 2 is missing."}
        endorsing.return_(open_one("council-of-rivers", "clean-rivers"), reasons=reasons, by=account(world.kim))
    assert "Returned" in text_of(sam.get(LETTERS))
    assert "Page 2 is missing." in text_of(sam.get(f"{STEPS}/check"))
    sam.send(f"{STEPS}/check", "/submit")
    with app.app_context():
        assert status_of("council-of-rivers", "clean-rivers") is Status.SUBMITTED


def test_steps_of_what_did_not_come_on_paper_are_not_for_staff(app: Flask, sam: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    assert sam.get("/en/desk/arcadia/clean-rivers/check").status_code == 404


def test_staff_are_spoken_to_as_staff_at_each_step(sam: CheckedClient) -> None:
    begin(sam)
    sam.send(f"{STEPS}/recommendations", scope="all")
    assert "Answer from the letter alone." in text_of(sam.get(f"{STEPS}/signature"))
    sam.send(f"{STEPS}/signature", **SIGNED, **RECEIVED)
    sam.send(f"{STEPS}/check", "/submit")
    told = text_of(sam.get(f"{STEPS}/submitted"))
    assert "Take it back to attach the letter." in told
    assert "your desk" not in told
