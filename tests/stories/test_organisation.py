"""Signing in through an organisation on a running server, with a running provider, and what others try meanwhile."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.browser.conftest import serving
from tests.oidc_provider import (
    CLIENT,
    SECRET,
    OidcProvider,
    as_json,
    oidc_provider,
    parameters,
    signed_with_what_is_public,
)
from tracker.demonstration import PASSWORD

BACK = "/en/sign-in/organisation/back"


class Person:
    """Somebody with a browser of their own, which keeps cookies and follows no link by itself."""

    def __init__(self, server: str) -> None:
        self.server, self.browser = server, requests.Session()

    def get(self, address: str) -> requests.Response:
        return self.browser.get(urljoin(self.server, address), timeout=60, allow_redirects=False)

    def send(self, page: str, action: str, **typed: str) -> requests.Response:
        token = re.search('name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert token, page
        form = {"csrf_token": token[1], **typed}
        return self.browser.post(urljoin(self.server, action), data=form, timeout=60, allow_redirects=False)

    def sent_away(self, page: str = "/en/sign-in", action: str = "/en/sign-in/organisation") -> str:
        """Press the button; return where the provider is."""
        return self.send(page, action).headers["Refresh"].partition("url=")[2]

    @property
    def is_signed_in(self) -> bool:
        return self.get("/en/secretariat/").status_code == 200


@pytest.fixture
def there() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def server(tmp_path: Path, there: OidcProvider) -> Iterator[str]:
    """Return the address of a register whose staff may sign in through the ministry."""
    settings = {"ISSUER": there.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Ministry of Rivers"}
    with serving(
        tmp_path / "register.sqlite", **{f"TRACKER_OIDC_{name}": value for name, value in settings.items()}
    ) as address:
        there.addresses.add(address + BACK)
        yield address


def bind(person: Person, there: OidcProvider, subject: str) -> None:
    """Let somebody sign in with their password, and bind their account."""
    person.send("/en/sign-in", "/en/sign-in", email="staff@example.org", password=PASSWORD)
    page = "/en/account/organisation"
    back = there.come_back(person.sent_away(page, f"{page}/bind"), subject)
    assert person.get(back).headers["Location"] == page


def test_nobody_but_the_person_who_was_sent_there_comes_back(server: str, there: OidcProvider) -> None:
    staff, attacker, victim = Person(server), Person(server), Person(server)
    bind(staff, there, "staff-7")

    # Who goes there and is known is signed in; what brought them back brings nobody else, and not them again.
    back = there.come_back(attacker.sent_away(), "staff-7")
    assert victim.get(back).status_code == 400
    assert not victim.is_signed_in
    assert attacker.get(back).status_code == 302
    assert attacker.is_signed_in
    assert attacker.get(back).status_code == 400

    # A code that was caught on its way is worth nothing in another browser's sign-in.
    caught = parameters(there.come_back(attacker.sent_away("/en/account/organisation"), "staff-7"))["code"]
    state = parameters(victim.sent_away())["state"]
    assert victim.get(f"{BACK}?code={caught}&state={state}").status_code == 400
    assert not victim.is_signed_in

    # Whoever says of themselves that they are somebody, in the provider's name, is nobody.
    there.sign = lambda claims: signed_with_what_is_public({**claims, "sub": "staff-7"}, there.keys[0])
    assert victim.get(there.come_back(victim.sent_away(), "a-stranger")).status_code == 400
    there.sign = there.sign_well
    assert victim.get(there.come_back(victim.sent_away(), "a-stranger")).status_code == 403
    assert not victim.is_signed_in

    # The key that the provider signs with from now on is asked for; the person gets in.
    there.rotate()
    assert victim.get(there.come_back(victim.sent_away(), "staff-7")).status_code == 302
    assert victim.is_signed_in


def test_the_register_goes_on_while_the_provider_is_away(server: str, there: OidcProvider) -> None:
    staff = Person(server)
    bind(staff, there, "staff-7")
    there.answers["/token"] = lambda _: as_json({"error": "server_error"}, 500)
    other = Person(server)
    answer = other.get(there.come_back(other.sent_away(), "staff-7"))
    assert answer.status_code == 503
    assert "Ministry of Rivers does not answer as it should" in answer.text
    other.send("/en/sign-in", "/en/sign-in", email="staff@example.org", password=PASSWORD)
    assert other.is_signed_in
