"""Whatever changes something asks for the token of the session that sends it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.checked_client import CheckedClient, values_of
from tests.invariants.walking import ADA, TYPED, forms_on, person_for, routes, settle, token_on, walkers
from tests.world import World
from tracker.extensions import Base, db
from tracker.models import SecurityEvent

Send = Callable[..., dict[str, int]]


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: a session does not depend on the database."""
    return "sqlite"


@pytest.fixture
def reference(app: Flask, world: World) -> str:
    return settle(app, world)


@pytest.fixture
def browsers(app: Flask, world: World, reference: str) -> dict[str | None, CheckedClient]:
    return walkers(app, world)


@pytest.fixture
def send(app: Flask, world: World, reference: str, browsers: dict[str | None, CheckedClient]) -> Send:
    """Return a function that sends every form there is, as whom it is for; a field given as ``None`` is left out."""
    forms = {who: forms_on(browser, routes(app, reference, "GET")) for who, browser in browsers.items()}

    def sent(**changed: str | None) -> dict[str, int]:
        answers = {}
        for route in routes(app, reference, "POST"):
            who = person_for(route, world)
            # Who signs in, by whatever form, or changes a password has another token from then on.
            token = {"csrf_token": token_on(browsers[who], "/en/report")}
            fields = values_of(forms[who][route.address]) | TYPED.get(route.endpoint, {}) | token | changed
            fields = {name: value for name, value in fields.items() if value is not None}
            answers[route.endpoint] = browsers[who].post(route.address, data=fields).status_code
        return answers

    return sent


def everything(app: Flask) -> dict[str, list[str]]:
    """Return every row of every table, but for the log that tells of what was refused."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in Base.metadata.sorted_tables
            if table.name != SecurityEvent.__tablename__
        }


def test_the_token_of_the_session_is_taken(app: Flask, send: Send) -> None:
    before = everything(app)
    assert 400 not in send().values()
    assert everything(app) != before


def test_any_other_token_is_refused_and_nothing_changes(app: Flask, sign_in, world: World, send: Send) -> None:
    tokens = {
        "missing": None,
        "empty": "",
        "invented": "rubbish",
        "of another session": token_on(sign_in(world.bruno), "/en/desk/"),
    }
    before = everything(app)
    answers = {name: set(send(csrf_token=token).values()) for name, token in tokens.items()}
    assert answers == {name: {400} for name in tokens}
    assert everything(app) == before


def test_any_other_token_lets_nobody_in_or_out(
    world: World, browsers: dict[str | None, CheckedClient], send: Send
) -> None:
    send(csrf_token=None)
    assert {who: browser.get("/en/desk/").status_code for who, browser in browsers.items()} == {
        None: 302,
        world.alice: 200,
        world.sam: 200,
        world.adam: 302,
        ADA: 200,
    }


def test_a_form_that_does_not_say_what_was_seen_is_refused(send: Send) -> None:
    # Of these, none depends on what was seen.
    blind = {"account.do_sign_in", "account.sign_out", "account.save_language", "secretariat.send_mail_again"}
    blind |= {"secretariat.record_letter", "secretariat.look_at_endorsement", "secretariat.look_at_proposal"}
    blind |= {"desk.do_propose_colleague", "secretariat.do_propose_accreditation", "secretariat.do_propose_participant"}
    blind |= {"secretariat.look_at_review", "secretariat.propose_contact"}
    blind |= {"secretariat.propose_event", "secretariat.propose_document"}
    blind |= {"secretariat.begin_cohort", "secretariat.prepare_change"}
    blind |= {"secretariat.upload_tables", "secretariat.compute_preview", "secretariat.propose_load"}
    blind |= {"account.do_second_factor", "account.do_recovery", "account.do_confirm"}
    blind |= {"account.begin_authenticator", "account.confirm_authenticator", "account.do_remove_authenticator"}
    blind |= {"account.go_to_organisation", "account.bind_organisation", "account.unbind_organisation"}
    blind |= {"account.make_recovery_codes", "account.end_session", "account.end_other_sessions"}
    blind |= {"account.sign_in_options", "account.sign_in_by_passkey", "account.confirm_options"}
    blind |= {"account.second_factor_options", "account.second_factor_by_passkey"}
    blind |= {"account.new_passkey_options", "account.add_passkey"}
    blind |= {"account.do_rename_passkey", "account.do_remove_passkey"}
    blind |= {"account.accept_invitation", "secretariat.do_invite_staff", "secretariat.invite_representative"}
    blind |= {"secretariat.send_invitation_again", "account.accept_by_passkey", "account.invitation_passkey_options"}
    blind |= {"account.ask_to_be_forgotten", "secretariat.decide_erasure"}  # whose address says which wish was seen
    blind |= {"public.send_report", "public.ask_for_link", "public.send_dispute"}
    blind |= {"secretariat.do_ask_for_reset"}
    blind |= {"account.ask_for_password", "account.choose_password", "account.change_password"}
    taken = {endpoint for endpoint, status in send(version=None).items() if status != 409}
    assert taken == blind
