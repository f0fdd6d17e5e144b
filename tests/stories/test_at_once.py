"""Two people at the same moment: one of them wins, the other is told, and nothing stands twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.acting import act, found, in_register
from tests.announced import clean_seas
from tests.bulk.uploading import endorsements, proposed
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.world import World, a_draft, a_submission, account, person, published, status_of, with_contact
from tracker import verifying
from tracker.extensions import db
from tracker.models import DisputeLink, Endorsement, Report
from tracker.publications import preparing
from tracker.vocabulary import Status

DESK = "/en/desk/arcadia/clean-rivers"
SIGNED = {"signed_on-day": "1", "signed_on-month": "1", "signed_on-year": "2024"}


def at_once(*forms: tuple[CheckedClient, str, dict[str, Any]]) -> list[TestResponse]:
    """Send forms at the same moment, each from a browser of its own."""
    start = Barrier(len(forms))

    def send(form: tuple[CheckedClient, str, dict[str, Any]]) -> TestResponse:
        browser, address, fields = form
        start.wait()
        return browser.post(address, data=fields)

    with ThreadPoolExecutor(len(forms)) as people:
        return list(people.map(send, forms))


def filled(browser: CheckedClient, page: str, action: str | None = None, **answers: Any) -> Any:
    return browser, *browser.fill(page, action, **answers)


def outcome(app: Flask) -> tuple[Status | None, int]:
    """Return the status and how many endorsements there are; fail where the register does not agree with itself."""
    with app.app_context():
        assert verifying.verify() is None
        participant, cohort = found("arcadia", "clean-rivers")
        query = select(func.count()).where(
            Endorsement.participant_id == participant.id, Endorsement.cohort_id == cohort.id
        )
        return status_of("arcadia", "clean-rivers"), db.session.scalars(query).one()


def test_two_colleagues_begin(app: Flask, sign_in, world: World) -> None:
    alice, adam = sign_in(world.alice), sign_in(world.adam)
    page = f"{DESK}/recommendations"
    answers = at_once(filled(alice, page, scope="all"), filled(adam, page, scope="chosen", numbers=["1.1"]))
    assert sorted(each.status_code for each in answers) == [302, 409]
    assert outcome(app) == (Status.DRAFT, 1)


def test_two_colleagues_submit(app: Flask, sign_in, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    alice, adam = sign_in(world.alice), sign_in(world.adam)
    answers = at_once(*(filled(each, f"{DESK}/check", "/submit") for each in (alice, adam)))
    assert sorted(each.status_code for each in answers) == [302, 409]
    told = next(each for each in answers if each.status_code == 409)
    assert "How things stand now Cohort on Clean Rivers Submitted" in text_of(told)
    assert outcome(app) == (Status.SUBMITTED, 1)


def test_two_of_the_staff_confirm_and_its_people_are_told_once(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    page = f"/en/secretariat/endorsements/{reference}"
    answers = at_once(*(filled(sign_in(each), page, "/confirm") for each in (world.sam, world.kim)))
    assert sorted(each.status_code for each in answers) == [302, 409]
    assert outcome(app) == (Status.IN_FORCE, 1)
    with post_box() as box:
        deliver(app, box)
    assert box.subjects(world.alice).count("Arcadia: The endorsement is confirmed") == 1


def test_one_confirms_while_the_other_takes_it_back(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    alice, sam = sign_in(world.alice), sign_in(world.sam)
    confirmed, taken_back = at_once(
        filled(sam, f"/en/secretariat/endorsements/{reference}", "/confirm"),
        filled(alice, f"{DESK}/submitted", "/take-back"),
    )
    assert sorted((confirmed.status_code, taken_back.status_code)) == [302, 409]
    assert outcome(app) == (Status.IN_FORCE if confirmed.status_code == 302 else Status.DRAFT, 1)


def test_two_colleagues_withdraw(app: Flask, sign_in, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    alice, adam = sign_in(world.alice), sign_in(world.adam)
    answers = at_once(*(filled(each, f"{DESK}/withdraw", name="Arcadia", **SIGNED) for each in (alice, adam)))
    assert sorted(each.status_code for each in answers) == [302, 409]
    assert outcome(app) == (Status.IN_FORCE, 1)


def test_two_of_the_staff_approve_a_load(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        max_ = person("max", staff=True).email
        load = proposed(endorsements("arcadia,clean-rivers,2024-05-06"), by=account(world.sam)).reference
    page = f"/en/secretariat/proposals/{load}"
    answers = at_once(*(filled(sign_in(each), page, "/approve") for each in (world.kim, max_)))
    assert sorted(each.status_code for each in answers) == [302, 409]
    assert outcome(app) == (Status.IN_FORCE, 1)


def test_two_of_the_staff_discard_what_is_prepared(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        preparation = preparing.begin(clean_seas(), by=account(world.sam)).reference
    page = f"/en/secretariat/preparations/{preparation}"
    forms = [filled(sign_in(each), page, "/discard") for each in (world.sam, world.kim)]
    assert sorted(each.status_code for each in at_once(*forms)) == [302, 409]


def test_one_of_the_staff_presses_twice_that_they_look_at_something(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    page = f"/en/secretariat/endorsements/{reference}"
    forms = [filled(sign_in(world.kim), page, "/look") for _ in range(2)]
    assert [each.status_code for each in at_once(*forms)] == [302, 302]


def test_a_report_is_sent_twice(app: Flask, world: World) -> None:
    form, said = "/en/report?page=/en/participants/arcadia", {"message": "The name is misspelt."}
    one, other = at_once(*(filled(app.test_client(), form, **said) for _ in range(2)))
    assert (one.status_code, one.location) == (302, other.location)
    with app.app_context():
        assert db.session.scalars(select(func.count()).select_from(Report)).one() == 1


def test_a_link_to_dispute_is_asked_for_twice(app: Flask, world: World) -> None:
    with in_register(app):
        with_contact(found(world.arcadia, world.cohort)[0], account(world.sam), account(world.kim))
    reference = act(app, published, world.arcadia, world.cohort)
    answers = at_once(*(filled(app.test_client(), f"/en/dispute/{reference}") for _ in range(2)))
    assert [each.location for each in answers] == [f"/en/dispute/{reference}/sent"] * 2
    with app.app_context():
        assert db.session.scalars(select(func.count()).select_from(DisputeLink)).one() == 1
