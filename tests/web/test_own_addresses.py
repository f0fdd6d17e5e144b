"""Where the register may be asked to lead on to: its own pages, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import pytest
from flask import Flask

from tests.web.serving import ADDRESS, HOST, Server, Told, serving
from tests.world import PASSWORD
from tracker.web.own_pages import LONGEST_ADDRESS, own_address

SIGN_IN = "/en/sign-in"
HOME = "/en/account/"

#: What stands for each of these is a way to somewhere else, or to nothing of ours.
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/en/desk/",
    "HTTPS:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "//evil.example",
    "//evil.example/en/desk/",
    "///evil.example",
    "////evil.example/en/desk/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/en/desk/\r\nLocation: https://evil.example/",
    "/en/desk/?a=\r\nSet-Cookie: session=planted",
    "/en/../..//evil.example",
    "/en/desk/..//evil.example",
    "/en/desk/%2e%2e//evil.example",
    "/en//evil.example",
    "/en/desk/../../static/..//evil.example",
    "/static/..//evil.example",
    "/static/css/tracker.css",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "%2F%2Fevil.example",
    "/%09/evil.example",
    "\u2044\u2044evil.example",
    "/\u2028/evil.example",
    "//evil.example\u3002example",
    "//evil\u3002example",
    "@evil.example",
    "/@evil.example",
    f"https://{HOST}@evil.example/",
    f"https://{HOST}.evil.example/",
    f"//{HOST}/en/desk/",
    f"{ADDRESS}/en/desk/",
    "javascript:alert(1)",
    "data:text/html,evil",
    "mailto:evil@evil.example",
    "evil.example",
    "en/desk/",
    "?next=//evil.example",
    "#//evil.example",
    "//[::1",
    "http://[evil",
    "/en/desk/#//evil.example",
    "/en/nothing/of/the/kind",
    "/" + "x" * 5000,
    "/en/desk/?" + "x" * LONGEST_ADDRESS,
    "",
    None,
]
OURS = [
    "/en/desk/",
    "/fr/clean-rivers",
    "/en/desk/arcadia/",
    "/en/report?page=/en/clean-rivers",
    "/en/desk/?a=b%20c&d=//e",
]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_address_of_ours_is_kept_and_any_other_forgotten(app: Flask, subtests: pytest.Subtests) -> None:
    with app.test_request_context():
        for address in ELSEWHERE:
            with subtests.test(address=address):
                assert own_address(address) is None
        for address in OURS:
            with subtests.test(address=address):
                assert own_address(address) == address


@pytest.fixture(scope="module")
def server(file_of_a_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("addresses"), file_of_a_world, PROXIES="1") as running:
        yield running


class Person:
    """Somebody at a browser of their own, at an address of their own, so that no limit is reached."""

    numbers = count(1)

    def __init__(self, server: Server) -> None:
        self.server = server
        self.from_ = ("X-Forwarded-For", f"203.0.113.{next(self.numbers)}")
        self.cookie = ("Cookie", "none=none")

    def get(self, page: str) -> Told:
        return self._keep(self.server.ask(page, self.from_, self.cookie))

    def post(self, page: str, form_at: str, **typed: str) -> Told:
        """Send what the form of a page would send, with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(form_at).text)
        assert token
        body = urlencode({"csrf_token": token[1], **typed})
        return self._keep(self.server.ask(page, self.from_, self.cookie, method="POST", body=body))

    def sign_in(self, email: str, at: str = SIGN_IN, **more: str) -> Told:
        return self.post(at, SIGN_IN, email=email, password=PASSWORD, **more)

    def _keep(self, answer: Told) -> Told:
        if given := answer.headers.get_all("Set-Cookie"):
            self.cookie = ("Cookie", "; ".join(each.split(";")[0] for each in given))
        return answer


@pytest.fixture
def somebody(server: Server) -> Person:
    return Person(server)


def strange(addresses: list[str | None]) -> list[str]:
    return [each for each in addresses if each]


@pytest.mark.parametrize("elsewhere", strange(ELSEWHERE), ids=lambda address: ascii(address)[:60])
def test_signing_in_leads_nowhere_else(somebody: Person, elsewhere: str) -> None:
    shown = somebody.get(f"{SIGN_IN}?next={quote(elsewhere)}")
    assert shown.status == 200
    answer = somebody.sign_in("alice@example.org", f"{SIGN_IN}?next={quote(elsewhere)}", next=elsewhere)
    assert (answer.status, answer.headers["Location"]) == (302, HOME)
    again = somebody.get(f"{SIGN_IN}?next={quote(elsewhere)}")
    assert (again.status, again.headers["Location"]) == (302, HOME)


@pytest.mark.parametrize("ours", OURS)
def test_signing_in_leads_back_to_where_one_came_from(somebody: Person, ours: str) -> None:
    answer = somebody.sign_in("alice@example.org", next=ours)
    assert urljoin(ADDRESS, answer.headers["Location"]) == f"{ADDRESS}{ours}"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example/", "/en/..//evil.example"]
)
def test_confirming_who_one_is_leads_nowhere_else(somebody: Person, elsewhere: str) -> None:
    somebody.sign_in("alice@example.org")
    confirm = "/en/account/confirm"
    answer = somebody.post(confirm, confirm, next=elsewhere, **{"proof-password": PASSWORD})
    assert (answer.status, answer.headers["Location"]) == (302, HOME)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/en/",
        "/en//evil.example",
        "/%2F%2Fevil.example/",
        "/\\evil.example",
        "/static//evil.example",
    ],
)
def test_no_path_leads_elsewhere(somebody: Person, path: str) -> None:
    location = somebody.get(path).headers.get("Location", "/")
    assert urljoin(f"http://{HOST}/en/", location).startswith(f"http://{HOST}/")
