"""A fresh proof of who somebody is, before what matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, parse, text_of, values_of
from tests.invariants.walking import HTML
from tests.world import PASSWORD, World, a_submission, account, in_force, status_of
from tracker import clock
from tracker.extensions import db
from tracker.identity import proving
from tracker.models import SecurityEvent
from tracker.vocabulary import SecurityAction, Status

CONFIRM, WITHDRAW = "/en/account/confirm", "/en/desk/arcadia/clean-rivers/withdraw"


def later(minutes: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.kim)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def test_soon_after_signing_in_nothing_is_asked(alice: CheckedClient) -> None:
    assert alice.get(WITHDRAW).status_code == 200


def test_later_the_form_is_opened_after_a_proof(alice: CheckedClient) -> None:
    with later(20):
        assert alice.get(WITHDRAW).location == f"{CONFIRM}?next={WITHDRAW}"
        answer = alice.send(f"{CONFIRM}?next={WITHDRAW}", "/confirm", **{"proof-password": PASSWORD})
        assert answer.location == WITHDRAW
        assert alice.get(WITHDRAW).status_code == 200


def test_a_copy_of_the_cookie_of_before_is_worth_nothing_after_a_proof(app: Flask, alice: CheckedClient) -> None:
    copied = alice.get_cookie("session")
    assert copied
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/en/desk/").status_code == 200
    with later(20):
        alice.send(f"{CONFIRM}?next={WITHDRAW}", "/confirm", **{"proof-password": PASSWORD})
        assert alice.get("/en/desk/").status_code == 200
        assert thief.get("/en/desk/").status_code == 302


@pytest.mark.parametrize(("typed", "told"), [("wrong", "This is not your password"), ("", "Enter your password")])
def test_a_wrong_proof_opens_nothing(app: Flask, alice: CheckedClient, typed: str, told: str) -> None:
    with later(20):
        answer = alice.send(f"{CONFIRM}?next={WITHDRAW}", "/confirm", **{"proof-password": typed})
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert alice.get(WITHDRAW).status_code == 302
    with app.app_context():
        failed = db.session.query(SecurityEvent).filter_by(action=SecurityAction.CONFIRMATION_FAILED).count()
    assert failed == (typed != "")


def test_the_password_of_somebody_else_proves_nothing(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        assert not proving.again(account(world.alice), "the password of Bruno")
        assert proving.again(account(world.alice), PASSWORD)


def test_staff_who_confirm_too_long_after_are_asked_and_what_they_sent_goes_along(
    app: Flask, sign_in, world: World
) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    sam = sign_in(world.sam)
    page = f"/en/secretariat/endorsements/{reference}"
    for minutes in (50, 70):  # at work all the time
        with later(minutes):
            address, fields = sam.fill(page, "/confirm")
    with later(70):
        asked = sam.post(address, data=fields)
        assert asked.status_code == 403
        assert "Confirm that it is you" in text_of(asked)
        with app.app_context():
            assert status_of(world.arcadia, world.cohort) is Status.SUBMITTED
        form = next(each for each in parse(asked).iter(f"{HTML}form") if "sign-out" not in each.get("action"))
        carried = values_of(form)
        assert carried["version"] == fields["version"]
        wrong = sam.post(form.get("action"), data={**carried, "proof-password": "wrong"})
        assert wrong.status_code == 422
        assert "This is not your password" in text_of(wrong)
        assert sam.post(form.get("action"), data={**carried, "proof-password": PASSWORD}).status_code == 302
    with app.app_context():
        assert status_of(world.arcadia, world.cohort) is Status.IN_FORCE


def test_sessions_are_ended_after_a_proof(sign_in, world: World) -> None:
    here, elsewhere = sign_in(world.bruno), sign_in(world.bruno)
    with later(50):
        address, fields = here.fill("/en/account/security", "/end-others")
    with later(70):
        assert here.post(address, data=fields).status_code == 403
        assert here.post(address, data={**fields, "proof-password": PASSWORD}).status_code == 302
    assert elsewhere.get("/en/desk/").status_code == 302


def test_a_proof_leads_to_no_other_site(alice: CheckedClient) -> None:
    page = f"{CONFIRM}?next=//evil.example/"
    assert alice.send(page, "/confirm", **{"proof-password": PASSWORD}).location == "/en/account/"


def test_markup_that_goes_along_stays_text(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    sam = sign_in(world.sam)
    page = f"/en/secretariat/endorsements/{reference}"
    with later(50):
        address, fields = sam.fill(page, "/refuse", decision="returned", reason_letter="<script>alert(1)</script>")
    with later(70):
        asked = sam.post(address, data=fields)
    assert asked.status_code == 403
    assert "<script>alert" not in asked.text
    assert "&lt;script&gt;alert(1)" in asked.text
