"""Who lost the right to do something after the form for it was opened changes nothing by sending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.acting import in_register
from tests.invariants.test_forms import Form, as_fields
from tests.invariants.walking import ADA, forms_on, on_sqlite, person_for, routes, settle, walkers
from tests.world import World, account
from tracker import accrediting, clock
from tracker.access import Audience
from tracker.extensions import db
from tracker.models import SecurityEvent

YESTERDAY = -timedelta(days=1)
OF_REPRESENTATIVES = {Audience.REPRESENTATIVE, Audience.PREPARING}
Lose = Callable[[World], object]


def opened(app: Flask, world: World, audiences: set[Audience]) -> list[Form]:
    """Return every form of a door as the person for whom it is has it open, filled in."""
    reference = settle(app, world)
    found = []
    for who, browser in walkers(app, world).items():
        shown = forms_on(browser, routes(app, reference, "GET"))
        found += [
            Form(route, shown[route.address], browser)
            for route in routes(app, reference, "POST")
            if route.audience in audiences and person_for(route, world) == who
        ]
    return found


def everything(app: Flask) -> dict[str, list[str]]:
    """Return all that stands in the database, but for the log that tells of what was refused."""
    with app.app_context():
        return {
            table.name: sorted(str(row) for row in db.session.execute(sa.select(table)))
            for table in db.metadata.sorted_tables
            if table.name != SecurityEvent.__tablename__
        }


def statuses(app: Flask, world: World, forms: list[Form], lose: Lose) -> set[int]:
    """Let a right be lost, and send all forms; return the statuses. Nothing may have changed by them."""
    with in_register(app):
        lose(world)
    before = everything(app)
    found = set()
    for form in forms:
        answer = form.send(*as_fields(list(form.typed.items())))
        found.add(answer.status_code)
        assert answer.status_code != 302 or "/sign-in" in str(answer.location), form
    assert everything(app) == before
    return found


def end(world: World) -> None:
    for held in accrediting.held_by(account(world.alice)):
        held.starts_on, held.ends_on = clock.today() + 30 * YESTERDAY, clock.today() + YESTERDAY


def suspend(world: World) -> None:
    for held in accrediting.held_by(account(world.alice)):
        held.suspended_on = clock.today()


def deactivate(world: World) -> None:
    for who in (world.alice, world.sam, ADA):
        account(who).active = False


def take_the_role(world: World) -> None:
    for who in (world.sam, ADA):
        account(who).roles = []


@on_sqlite
@pytest.mark.parametrize(("lose", "told"), [(end, {403}), (suspend, {403}), (deactivate, {403})])
def test_no_form_of_the_desk_does_anything_any_more(app: Flask, world: World, lose: Lose, told: set[int]) -> None:
    forms = opened(app, world, OF_REPRESENTATIVES)
    assert len(forms) > 10
    assert statuses(app, world, forms, lose) == told


@on_sqlite
@pytest.mark.parametrize(("lose", "told"), [(take_the_role, {403}), (deactivate, {403})])
def test_no_form_of_the_secretariat_does_anything_any_more(
    app: Flask, world: World, lose: Lose, told: set[int]
) -> None:
    forms = opened(app, world, {Audience.STAFF})
    assert len(forms) > 40
    assert statuses(app, world, forms, lose) == told


@on_sqlite
def test_who_keeps_the_right_does_something_by_sending_these_forms(app: Flask, world: World) -> None:
    forms = opened(app, world, OF_REPRESENTATIVES)
    before = everything(app)
    assert 302 in {form.send(*as_fields(list(form.typed.items()))).status_code for form in forms}
    assert everything(app) != before
