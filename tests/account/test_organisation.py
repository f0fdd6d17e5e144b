"""Staff sign in through their own organisation, against a real provider; and everybody else does not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select

from config import OutsideProvider
from tests import oidc_provider as misbehaving
from tests.acting import in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of
from tests.conftest import close, make_app
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, as_json, parameters
from tests.post_box import deliver, post_box
from tests.world import World, account
from tracker import clock, demonstration
from tracker.account.trips import Trip
from tracker.extensions import db
from tracker.identity import authenticators, sessions
from tracker.models import Account, OutsideIdentity, SecurityEvent
from tracker.vocabulary import SecurityAction

BACK = "https://register.example.org/en/sign-in/organisation/back"
SIGN_IN, GO, PAGE = "/en/sign-in", "/sign-in/organisation", "/en/account/organisation"
BEGIN_AGAIN = "belongs to no sign-in that was begun in this browser"
NOT_LET_IN = "recognised you, but you cannot sign in so"
TWO_FACTORS = {"amr": ["pwd", "otp", "mfa"]}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone, where a writer would keep others waiting; tests of the domain run on both databases."""
    return "sqlite"


@pytest.fixture
def there() -> Iterator[OidcProvider]:
    """Return the provider of the ministry."""
    with misbehaving.oidc_provider(addresses={BACK}) as provider:
        yield provider


@pytest.fixture
def app(database_url: str, there: OidcProvider) -> Iterator[Flask]:
    """Return the application of a register whose staff may sign in through the ministry."""
    facts = OutsideProvider(there.issuer, CLIENT, SECRET, "Ministry of Rivers", allows_http=True)
    app = make_app(database_url, OUTSIDE=facts)
    yield app
    close(app)


def bound(app: Flask, there: OidcProvider, email: str, subject: str = "staff-7") -> None:
    """Bind somebody to a subject of the provider, whoever they are."""
    with in_register(app):
        who = {"issuer": there.issuer, "subject": subject, "bound_at": clock.now()}
        db.session.add(OutsideIdentity(account=account(email), **who))


def begin(browser: CheckedClient, page: str = SIGN_IN, action: str = GO, **typed: Any) -> str:
    """Press the button; return the address at the provider to which the page leads."""
    shown = browser.send(page, action, **typed)
    assert shown.status_code == 200, text_of(shown)
    link = next(each for each in parse(shown).iter(f"{HTML}a") if each.get("class") == "button")
    assert shown.headers["Refresh"] == f"0; url={link.get('href')}"
    return str(link.get("href"))


def arrive(browser: CheckedClient, address: str) -> Any:
    """Open the address to which the provider sent somebody."""
    read = urlsplit(address)
    return browser.get(f"{read.path}?{read.query}")


def come(browser: CheckedClient, there: OidcProvider, who: str = "staff-7", answer: str = "yes", **typed: Any) -> Any:
    """Go to the provider, say there who one is, and come back."""
    return arrive(browser, there.come_back(begin(browser, **typed), who, answer))


def is_signed_in(browser: CheckedClient) -> bool:
    return bool(browser.get("/en/account/security").status_code == 200)


def logged(app: Flask, action: SecurityAction) -> list[tuple[str | None, dict[str, str]]]:
    """Return whom the security log names, and what it says, of each event of a kind."""
    with app.app_context():
        query = select(SecurityEvent).filter_by(action=action).order_by(SecurityEvent.id)
        return [(each.account and each.account.email, json.loads(each.said)) for each in db.session.scalars(query)]


def why(app: Flask) -> str:
    """Return why the last person was refused, as the security log has it."""
    return logged(app, SecurityAction.OUTSIDE_REFUSED)[-1][1]["why"]


# The way in


def test_staff_sign_in_through_their_organisation(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    there.said |= TWO_FACTORS | {"acr": "https://refeds.org/profile/mfa"}
    assert come(client, there).location == "/en/account/"
    assert client.get("/en/secretariat/").status_code == 200
    said = {"subject": "staff-7", "amr": "pwd otp mfa", "acr": "https://refeds.org/profile/mfa"}
    assert logged(app, SecurityAction.OUTSIDE_RECOGNISED) == [(world.sam, said)]
    assert logged(app, SecurityAction.SIGNED_IN) == [(world.sam, {"way": "outside"})]


def test_it_leads_back_to_the_page_that_asked_for_it(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    asked = client.get("/en/secretariat/mail")
    assert come(client, there, page=asked.location).location == "/en/secretariat/mail"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "nonsense"])
def test_it_leads_nowhere_else(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider, elsewhere: str
) -> None:
    bound(app, there, world.sam)
    assert come(client, there, next=elsewhere).location == "/en/account/"


def test_it_speaks_the_language_in_which_it_was_begun(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    answer = come(client, there, page="/fr/sign-in")
    assert parse(answer).get("lang") == "fr"
    bound(app, there, world.sam)
    assert come(client, there, page="/fr/sign-in").location == "/fr/account/"


def test_people_come_back_to_our_own_address_whatever_host_they_came_by(
    client: CheckedClient, there: OidcProvider
) -> None:
    _, fields = client.fill(SIGN_IN, GO)
    shown = client.post(f"/en{GO}", data=fields, headers={"Host": "localhost", "X-Forwarded-Host": "evil.example"})
    assert parameters(shown.headers["Refresh"].partition("url=")[2])["redirect_uri"] == BACK


def test_the_cookie_holds_nothing_by_which_the_code_could_be_redeemed(
    app: Flask, client: CheckedClient, there: OidcProvider
) -> None:
    told = parameters(begin(client))
    with client.session_transaction() as session:
        kept = json.dumps(dict(session))
    assert told["state"] in kept
    assert told["nonce"] not in kept
    with app.app_context():
        trip = Trip(**json.loads(kept)["trips"][0])
        assert trip.asked.verifier not in kept


def test_two_windows_may_be_on_their_way_at_once(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    first, second = begin(client), begin(client)
    assert arrive(client, there.come_back(first)).status_code == 302
    client.send("/en/account/security", "/sign-out")
    assert arrive(client, there.come_back(second)).status_code == 400  # the first one's sign-in began a new session


# One factor or two


@pytest.fixture
def totp(app: Flask, world: World) -> TOTP:
    """Set an authenticator app up for Sam; return the app."""
    with in_register(app):
        found = account(world.sam)
        key = authenticators.key(authenticators.begin(found))
        made = TOTP(key=key, new=False)
        # Of a minute ago, so that the present code is good still.
        with time_machine.travel(clock.now() - timedelta(minutes=2)):
            assert authenticators.confirm(found, made.generate().token, by=found)
    return made


def test_the_second_factor_is_asked_for_where_the_provider_asked_for_one(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider, totp: TOTP
) -> None:
    bound(app, there, world.sam)
    assert come(client, there, next="/en/secretariat/mail").location == "/en/sign-in/second-step"
    assert not is_signed_in(client)
    answer = client.send("/en/sign-in/second-step", code=totp.generate().token)
    assert answer.location == "/en/secretariat/mail"
    assert is_signed_in(client)
    assert logged(app, SecurityAction.SIGNED_IN) == [(world.sam, {"way": "outside"})]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (TWO_FACTORS, False),
        ({"acr": "http://eidas.europa.eu/LoA/high"}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"acr": "gold"}, True),
        (TWO_FACTORS | {"auth_time": None}, True),
        (TWO_FACTORS | {"auth_time": 1_600_000_000}, True),
    ],
    ids=repr,
)
@pytest.mark.usefixtures("totp")
def test_the_provider_stands_for_both_factors_only_where_it_says_so_and_of_now(
    client: CheckedClient, world: World, there: OidcProvider, said: dict[str, Any], asked: bool
) -> None:
    bound(client.application, there, world.sam)
    there.said |= said
    come(client, there)
    assert is_signed_in(client) is not asked
    assert there.told["max_age"] == "900"


# Who is not let in


def test_an_address_alone_binds_nothing(app: Flask, client: CheckedClient, world: World, there: OidcProvider) -> None:
    there.said |= {"email": world.sam, "email_verified": True, "preferred_username": world.sam} | TWO_FACTORS
    answer = come(client, there, who=world.sam)
    assert answer.status_code == 403
    assert NOT_LET_IN in text_of(answer)
    assert not is_signed_in(client)
    assert why(app) == "bound to no account"


def test_nobody_gets_an_account_or_a_right_through_it(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    there.said |= {"roles": ["staff", "administrator"], "groups": ["staff"]} | TWO_FACTORS
    with app.app_context():
        before = len(db.session.scalars(select(Account)).all())
    come(client, there, who="stranger")
    with app.app_context():
        assert len(db.session.scalars(select(Account)).all()) == before
    bound(app, there, world.sam)
    come(client, there)
    with app.app_context():
        assert [role.name for role in account(world.sam).roles] == ["staff"]


def test_everybody_who_is_not_let_in_is_told_the_same(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    there.said |= TWO_FACTORS
    bound(app, there, world.alice, "a-representative")
    bound(app, there, world.kim, "deactivated")
    with in_register(app):
        account(world.kim).active = False
    answers = [come(client, there, who) for who in ("a-stranger", "a-representative", "deactivated")]
    assert {each.status_code for each in answers} == {403}
    assert len({text_of(each) for each in answers}) == 1
    assert not is_signed_in(client)
    assert logged(app, SecurityAction.OUTSIDE_REFUSED) == [
        (None, {"why": "bound to no account"}),
        (world.alice, {"why": "not of the secretariat"}),
        (world.kim, {"why": "deactivated"}),
    ]


def test_who_is_no_longer_staff_is_not_let_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    assert come(client, there).status_code == 302
    with in_register(app):
        account(world.sam).roles = []
    assert come(app.test_client(), there).status_code == 403  # type: ignore[arg-type]


def test_the_subject_of_another_provider_is_somebody_else(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    with in_register(app):
        other = {"issuer": "https://login.example.net", "subject": "staff-7", "bound_at": clock.now()}
        db.session.add(OutsideIdentity(account=account(world.sam), **other))
    assert come(client, there).status_code == 403


@pytest.mark.parametrize("demo", [True, False])
def test_the_demos_accounts_get_in_only_where_the_demo_is_on(
    app: Flask, there: OidcProvider, world: World, demo: bool
) -> None:
    app.config["DEMO"] = True
    with in_register(app):
        demonstration.make()
    bound(app, there, "staff@example.org")
    app.config["DEMO"] = demo
    assert come(app.test_client(), there).status_code == (302 if demo else 403)  # type: ignore[arg-type]


# When it goes wrong


@pytest.mark.parametrize("error", ["access_denied", "consent_required", "login_required"])
def test_a_person_who_did_not_go_on_is_told_so(
    app: Flask, client: CheckedClient, there: OidcProvider, error: str
) -> None:
    state = parameters(begin(client))["state"]
    answer = client.get(f"/en{GO}/back", query_string={"error": error, "state": state})
    assert answer.status_code == 200
    assert "You did not go on at Ministry of Rivers" in text_of(answer)
    assert why(app) == error


def test_a_person_may_cancel(client: CheckedClient, there: OidcProvider) -> None:
    answer = come(client, there, answer="no")
    assert text_of(answer).startswith("You are not signed in You did not go on at Ministry of Rivers")
    assert "The person said no" not in answer.text


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable", "<script>alert(1)</script>", ""])
def test_any_other_error_is_the_providers(app: Flask, client: CheckedClient, there: OidcProvider, error: str) -> None:
    state = parameters(begin(client))["state"]
    answer = client.get(f"/en{GO}/back", query_string={"error": error, "error_description": "<b>x</b>", "state": state})
    assert answer.status_code == 503
    assert "does not answer as it should" in text_of(answer)
    assert "<b>x" not in answer.text
    assert why(app) in ("server_error", "temporarily_unavailable", "an error of its own")


def test_a_provider_that_is_away_is_said_to_be(app: Flask, database_url: str, world: World) -> None:
    away = make_app(database_url)
    browser: Any = away.test_client()
    answer = browser.send(SIGN_IN, GO)
    assert answer.status_code == 503
    assert "Ministry of Rivers does not answer as it should" in text_of(answer)
    assert "ConnectionError" in why(away)
    close(away)


def test_a_wrong_secret_is_said_to_be_the_providers_matter_and_logged(
    app: Flask, client: CheckedClient, there: OidcProvider
) -> None:
    there.answers["/token"] = lambda _: as_json({"error": "invalid_client"}, 401)
    assert come(client, there).status_code == 503
    assert why(app) == "token endpoint: invalid_client"


def test_what_cannot_be_verified_lets_nobody_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    there.sign = misbehaving.unsigned
    answer = come(client, there)
    assert answer.status_code == 400
    assert "could not be verified" in text_of(answer)
    assert not is_signed_in(client)
    assert why(app) == "unsupported_algorithm"


def test_an_answer_is_good_once(app: Flask, client: CheckedClient, world: World, there: OidcProvider) -> None:
    bound(app, there, world.sam)
    back = there.come_back(begin(client))
    assert arrive(client, back).status_code == 302
    again = arrive(client, back)
    assert again.status_code == 400
    assert BEGIN_AGAIN in text_of(again)
    assert there.asked.count("/token") == 1


def test_a_failed_answer_is_good_once_too(client: CheckedClient, there: OidcProvider) -> None:
    there.said["nonce"] = "another"
    back = there.come_back(begin(client))
    assert [arrive(client, back).status_code for _ in range(2)] == [400, 400]
    assert there.asked.count("/token") == 1


def test_an_answer_that_was_planted_in_another_browser_signs_nobody_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    planted = there.come_back(begin(client))
    victim: Any = app.test_client()
    begin(victim)
    answer = arrive(victim, planted)
    assert answer.status_code == 400
    assert BEGIN_AGAIN in text_of(answer)
    assert not is_signed_in(victim)
    assert why(app) == "no such trip"
    assert "/token" not in there.asked


def test_a_code_that_was_planted_with_the_victims_own_state_signs_nobody_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    stolen = parameters(there.come_back(begin(client)))["code"]
    victim: Any = app.test_client()
    state = parameters(begin(victim))["state"]
    answer = victim.get(f"/en{GO}/back", query_string={"code": stolen, "state": state})
    assert answer.status_code == 400
    assert not is_signed_in(victim)


@pytest.mark.parametrize("query", ["", "?code=x", "?state=", "?code=x&state=é", "?state=x&error=access_denied"])
def test_an_answer_for_which_nobody_asked_is_refused(app: Flask, client: CheckedClient, query: str) -> None:
    answer = client.get(f"/en{GO}/back{query}")
    assert answer.status_code == 400
    assert BEGIN_AGAIN in text_of(answer)
    assert why(app) == "no such trip"


def test_an_answer_that_took_too_long_is_refused(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    back = there.come_back(begin(client))
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert arrive(client, back).status_code == 400


def test_an_answer_without_a_code_is_refused(client: CheckedClient, there: OidcProvider) -> None:
    state = parameters(begin(client))["state"]
    assert client.get(f"/en{GO}/back?state={state}").status_code == 400


def test_whoever_planted_the_cookie_before_is_not_signed_in_with_it(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    back = there.come_back(begin(client))
    planted = client.get_cookie("session")
    assert arrive(client, back).status_code == 302
    attacker: Any = app.test_client()
    attacker.set_cookie("session", planted.value)
    assert not is_signed_in(attacker)


# Binding


def test_staff_bind_their_account_while_they_are_signed_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    answer = come(client, there, page=PAGE, action="/bind")
    assert answer.location == PAGE
    assert there.told["prompt"] == "login"
    assert "Your account has been bound to your sign-in at Ministry of Rivers since" in text_of(client.get(PAGE))
    assert logged(app, SecurityAction.OUTSIDE_BOUND) == [(world.sam, {"subject": "staff-7"})]
    assert come(app.test_client(), there).location == "/en/account/"  # type: ignore[arg-type]


def test_who_is_signed_in_is_not_told_that_they_are_not(
    client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    back = there.come_back(begin(client, PAGE, "/bind"))
    assert arrive(client, back).location == PAGE
    assert text_of(arrive(client, back)).startswith("Nothing has changed")


def test_the_owner_is_told_by_mail_that_the_account_was_bound_and_unbound(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    come(client, there, page=PAGE, action="/bind")
    client.send(PAGE, "/unbind")
    with post_box() as box:
        deliver(app, box)
    assert len(box.to(world.sam)) == 2


def test_staff_unbind_their_account(app: Flask, client: CheckedClient, world: World, there: OidcProvider) -> None:
    bound(app, there, world.sam)
    client.sign_in(world.sam)
    assert client.send(PAGE, "/unbind").location == PAGE
    assert "Bind your account" in text_of(client.get(PAGE))
    assert logged(app, SecurityAction.OUTSIDE_UNBOUND) == [(world.sam, {"subject": "staff-7"})]
    assert come(app.test_client(), there).status_code == 403  # type: ignore[arg-type]


def test_nobody_unbinds_their_only_way_in(app: Flask, client: CheckedClient, world: World, there: OidcProvider) -> None:
    bound(app, there, world.sam)
    client.sign_in(world.sam)
    form = client.fill(PAGE, "/unbind")
    with in_register(app):
        account(world.sam).password = None
    assert "Add a passkey before you unbind your account" in text_of(client.get(PAGE))
    answer = client.post(form[0], data=form[1])
    assert answer.status_code == 409
    assert "You have neither a password nor a passkey" in text_of(answer)
    assert come(app.test_client(), there).status_code == 302  # type: ignore[arg-type]


def test_to_bind_and_unbind_one_has_to_have_proved_lately_who_one_is(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    form = client.fill(PAGE, "/bind")
    bound(app, there, world.kim)
    with time_machine.travel(clock.now() + timedelta(minutes=50)):
        client.get(PAGE)
    with time_machine.travel(clock.now() + timedelta(minutes=70)):
        answer = client.post(form[0], data=form[1])
        assert answer.status_code == 403
        assert "Confirm that it is you" in text_of(answer)


def test_nobody_binds_who_is_not_signed_in(client: CheckedClient) -> None:
    assert client.get(PAGE).location.startswith(SIGN_IN)


def test_representatives_have_nothing_to_bind(client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/en/account/security").text


def test_a_subject_is_bound_to_one_account(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.kim)
    client.sign_in(world.sam)
    answer = come(client, there, page=PAGE, action="/bind")
    assert answer.status_code == 409
    assert text_of(answer).startswith("Your account was not bound")
    assert logged(app, SecurityAction.OUTSIDE_REFUSED) == [(world.sam, {"why": "bound already"})]


def test_an_account_is_bound_to_one_subject(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    first, second = begin(client, PAGE, "/bind"), begin(client, PAGE, "/bind")
    assert arrive(client, there.come_back(first, "staff-7")).status_code == 302
    assert arrive(client, there.come_back(second, "staff-8")).status_code == 409
    assert come(app.test_client(), there, "staff-8").status_code == 403  # type: ignore[arg-type]


def test_a_way_that_was_begun_to_sign_in_binds_nothing(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    _, fields = client.fill(PAGE, "/bind")
    shown = client.post(f"/en{GO}", data=fields)
    answer = arrive(client, there.come_back(shown.headers["Refresh"].partition("url=")[2]))
    assert answer.status_code == 403
    with app.app_context():
        assert db.session.scalars(select(OutsideIdentity)).all() == []


def test_nothing_is_bound_once_somebody_else_is_signed_in(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    back = there.come_back(begin(client, PAGE, "/bind"))
    client.send(PAGE, "/sign-out")
    client.sign_in(world.kim)
    assert arrive(client, back).status_code == 400
    with app.app_context():
        assert db.session.scalars(select(OutsideIdentity)).all() == []


def test_nothing_is_bound_once_the_session_is_over(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    client.sign_in(world.sam)
    back = there.come_back(begin(client, PAGE, "/bind"))
    with in_register(app):
        sessions.end_all(account(world.sam))
    assert arrive(client, back).status_code == 400
    with app.app_context():
        assert db.session.scalars(select(OutsideIdentity)).all() == []


def test_an_address_to_which_nothing_is_bound_is_planted_in_vain(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    attacker: Any = app.test_client()
    attacker.sign_in(world.kim)
    planted = there.come_back(begin(attacker, PAGE, "/bind"), "the-attacker")
    client.sign_in(world.sam)
    begin(client, PAGE, "/bind")
    assert arrive(client, planted).status_code == 400
    with app.app_context():
        assert db.session.scalars(select(OutsideIdentity)).all() == []


# Off


def test_without_the_settings_there_is_no_button_and_no_address(database_url: str, world: World) -> None:
    app = make_app(database_url, OUTSIDE=None)
    browser: Any = app.test_client()
    assert "organisation" not in browser.get(SIGN_IN).text
    assert browser.get(f"/en{GO}/back?code=x&state=y").status_code == 404
    _, fields = browser.fill(SIGN_IN)
    assert browser.post(f"/en{GO}", data=fields).status_code == 404
    browser.sign_in(world.sam)
    assert "organisation" not in browser.get("/en/account/security").text
    assert browser.get(PAGE).status_code == 404
    _, fields = browser.fill("/en/account/security", "/sign-out")
    assert {browser.post(f"{PAGE}/{each}", data=fields).status_code for each in ("bind", "unbind")} == {404}
    close(app)


def test_signing_out_ends_our_session_alone(
    app: Flask, client: CheckedClient, world: World, there: OidcProvider
) -> None:
    bound(app, there, world.sam)
    there.said |= TWO_FACTORS
    come(client, there)
    there.asked.clear()
    assert client.send(PAGE, "/sign-out").location == SIGN_IN
    assert not is_signed_in(client)
    assert there.asked == []
