"""Who asks, behind proxies and without any, as a real server is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.serving import ADDRESS, HOST, Server, serving

TOLD = "/en/told"
#: Where the requests of these tests come from: the nearest proxy, where there is one.
US = "127.0.0.1"
READER, FORGED, OUTER = "203.0.113.7", "198.51.100.66", "192.0.2.1"


@pytest.fixture(scope="module")
def behind(file_of_a_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Server]]:
    """Return a function that gives a server which believes so many proxies."""
    running = {}
    servers: dict[int, Server] = {}

    def server(proxies: int) -> Server:
        if proxies not in servers:
            folder = tmp_path_factory.mktemp(f"behind-{proxies}")
            settings = {"PROXIES": str(proxies)} if proxies else {}
            running[proxies] = serving(folder, file_of_a_world, "tests.web.telling:application", **settings)
            servers[proxies] = running[proxies].__enter__()
        return servers[proxies]

    yield server
    for each in running.values():
        each.__exit__(None, None, None)


def told(server: Server, *headers: tuple[str, str]) -> dict[str, str]:
    answer = server.ask(TOLD, *headers)
    assert answer.status == 200
    return dict(json.loads(answer.text))


def forwarded(*addresses: str) -> tuple[str, str]:
    return "X-Forwarded-For", ", ".join(addresses)


@pytest.mark.parametrize(
    "header",
    [
        forwarded(FORGED),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Port", "99"),
        ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", f"for={FORGED};proto=https;host=evil.example"),
        ("X-Real-IP", FORGED),
    ],
    ids=lambda header: header[0],
)
def test_without_proxies_no_header_is_believed(behind: Callable[[int], Server], header: tuple[str, str]) -> None:
    assert told(behind(0), header) == {"address": US, "scheme": "http", "host": HOST}


def test_one_proxy_is_believed_in_what_it_added(behind: Callable[[int], Server]) -> None:
    seen = told(behind(1), forwarded(FORGED, READER), ("X-Forwarded-Proto", "https"))
    assert seen == {"address": READER, "scheme": "https", "host": HOST}


def test_a_proxy_may_add_a_header_of_its_own_to_a_forged_one(behind: Callable[[int], Server]) -> None:
    assert told(behind(1), forwarded(FORGED), forwarded(READER))["address"] == READER


def test_of_two_proxies_the_outer_one_says_who_asked(behind: Callable[[int], Server]) -> None:
    seen = told(behind(2), forwarded(FORGED, READER, OUTER), ("X-Forwarded-Proto", "https"))
    assert seen == {"address": READER, "scheme": "https", "host": HOST}


def test_who_goes_past_the_outer_proxy_cannot_say_who_they_are(behind: Callable[[int], Server]) -> None:
    # The inner proxy adds the one address that it sees, so there is no second one to believe.
    assert told(behind(2), forwarded(FORGED))["address"] == US


@pytest.mark.parametrize("proxies", [1, 2])
def test_no_proxy_is_believed_in_a_host(behind: Callable[[int], Server], proxies: int) -> None:
    forged = (("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Port", "99"), ("X-Forwarded-Prefix", "/evil"))
    assert told(behind(proxies), *forged)["host"] == HOST


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (f"{READER}:50123", READER),
        ("2001:DB8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:50123", "2001:db8::7"),
        ("unknown", US),
        ("_hidden", US),
        ("203.0.113.777", US),
        ("", US),
        ("<script>", US),
    ],
)
def test_what_a_proxy_says_is_an_address_or_is_not_believed(
    behind: Callable[[int], Server], said: str, read: str
) -> None:
    assert told(behind(1), ("X-Forwarded-For", said))["address"] == read


@pytest.mark.parametrize(
    ("said", "read"), [("javascript", "http"), ("HTTPS", "http"), ("https", "https"), ("", "http")]
)
def test_a_scheme_is_one_of_the_two(behind: Callable[[int], Server], said: str, read: str) -> None:
    assert told(behind(1), ("X-Forwarded-Proto", said))["scheme"] == read


def test_the_page_cache_keeps_nothing_of_a_forged_scheme(behind: Callable[[int], Server]) -> None:
    behind(1).ask("/en/clean-rivers", ("X-Forwarded-Proto", "javascript"))
    assert f'<link rel="canonical" href="{ADDRESS}/en/clean-rivers">' in behind(1).ask("/en/clean-rivers").text
