import pytest
from flask import Flask

from tests.acting import act, in_register, open_one
from tests.checked_client import CheckedClient, text_of
from tests.world import World, a_submission, account, status_of
from tracker import endorsing
from tracker.extensions import db
from tracker.models import AccountRole
from tracker.vocabulary import Status


@pytest.fixture
def submission(app: Flask, world: World) -> str:
    """Return the address of the page that decides on Arcadia's submission."""
    reference = act(
        app, a_submission, world.arcadia, world.cohort, world.alice, reservations={"2.3": "Except on feast days."}
    )
    return f"/en/secretariat/endorsements/{reference}"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


def status(app: Flask) -> Status | None:
    with app.app_context():
        return status_of("arcadia", "clean-rivers")


def test_it_shows_the_whole_endorsement_beside_the_wording(sam: CheckedClient, submission: str) -> None:
    told = text_of(sam.get(submission))
    assert "Endorsement by Arcadia" in told
    assert "2.3 Do what 2.3 says. Endorsed with a reservation Except on feast days." in told
    assert "Alice" in told


def test_it_is_confirmed(app: Flask, sam: CheckedClient, submission: str) -> None:
    assert sam.send(submission, "/confirm").location == submission
    assert "This endorsement is confirmed and counts in the public tally." in text_of(sam.get(submission))
    assert status(app) is Status.IN_FORCE
    assert "1 country" in text_of(sam.get("/en/clean-rivers"))


def test_it_is_returned_with_a_reason_to_a_question(app: Flask, sam: CheckedClient, submission: str) -> None:
    answer = sam.send(submission, "/refuse", decision="returned", reason_letter="It is not signed.")
    assert answer.location == submission
    assert "Signed letter It is not signed." in text_of(sam.get(submission))
    assert status(app) is Status.RETURNED


def test_it_is_rejected_with_reasons(app: Flask, sam: CheckedClient, sign_in, world: World, submission: str) -> None:
    reasons = {"reason_letter": "It is a forgery.", "reason_overall": "Write to us."}
    sam.send(submission, "/refuse", decision="rejected", **reasons)
    assert status(app) is Status.REJECTED
    told = text_of(sign_in(world.alice).get("/en/desk/arcadia/"))
    assert "The secretariat rejected this endorsement" in told
    assert "Signed letter It is a forgery." in told
    assert "Endorse" in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"decision": "returned", "reason_overall": " "}, "Say what does not agree, and what to do"),
        ({"reason_overall": "Why."}, "Choose whether to return or to reject it"),
    ],
)
def test_a_return_needs_its_reason_and_a_choice(
    app: Flask, sam: CheckedClient, submission: str, typed: dict[str, str], told: str
) -> None:
    answer = sam.send(submission, "/refuse", **typed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert status(app) is Status.SUBMITTED


def test_two_staff_decide_at_once_and_one_is_told(
    app: Flask, sam: CheckedClient, sign_in, world: World, submission: str
) -> None:
    kim = sign_in(world.kim)
    page = kim.get(submission)
    sam.send(submission, "/confirm")
    from tests.checked_client import HTML, parse, values_of

    form = next(each for each in parse(page).iter(f"{HTML}form") if each.get("action").endswith("/refuse"))
    answer = kim.post(
        form.get("action"), data=values_of(form) | {"decision": "returned", "reason_statement": "What Kim wrote."}
    )
    assert answer.status_code == 409
    assert "Nothing was recorded" in text_of(answer)
    assert "What Kim wrote." in text_of(answer)
    assert status(app) is Status.IN_FORCE


def test_what_was_taken_back_is_not_confirmed(app: Flask, sam: CheckedClient, world: World, submission: str) -> None:
    from tests.checked_client import HTML, parse, values_of

    page = sam.get(submission)
    with in_register(app):
        endorsing.take_back(open_one("arcadia", "clean-rivers"), by=account(world.alice))
    form = next(each for each in parse(page).iter(f"{HTML}form") if each.get("action").endswith("/confirm"))
    answer = sam.post(form.get("action"), data=values_of(form))
    assert answer.status_code == 409
    assert status(app) is Status.DRAFT


def test_who_submitted_it_does_not_decide(app: Flask, sign_in, world: World, submission: str) -> None:
    with in_register(app):
        alice_herself = account(world.alice)
        alice_herself.roles.append(db.session.query(AccountRole).filter_by(name="staff").one())
    alice = sign_in(world.alice)
    page = alice.get(submission)
    assert "somebody else must decide on it" in text_of(page)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = alice.post(f"{submission}/confirm", data={"csrf_token": token, "version": "99"})
    assert answer.status_code == 409
    assert status(app) is Status.SUBMITTED


def test_representatives_have_no_way_in(sign_in, world: World, submission: str) -> None:
    alice = sign_in(world.alice)
    answer = alice.get(submission)
    assert answer.status_code == 403
    assert "You may not open this page" in text_of(answer)


def test_an_unknown_one_is_not_found(sam: CheckedClient) -> None:
    assert sam.get("/en/secretariat/endorsements/nothing").status_code == 404
