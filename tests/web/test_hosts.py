"""The hosts to which the register answers: on a real server in production, and on a laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, create_environ

from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.web.serving import ADDRESS, HOST, Server, serving
from tests.world import World
from tracker.web.headers import ALWAYS
from tracker.web.hosts import own_hosts

PAGE = "/en/clean-rivers"
WHERE = "The register does not answer under the address at which it was asked."
ANOTHER, PORT_OF_ANOTHER = "register.intranet.example", "10.0.0.5:8000"
CLOSE = b"\r\nConnection: close\r\n\r\n"
#: Nothing of what these tests show depends on the database.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def server(file_of_a_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hosts")
    with serving(folder, file_of_a_world, HOSTS=f"{ANOTHER}, {PORT_OF_ANOTHER}") as running:
        yield running


@pytest.mark.parametrize(
    "host",
    [HOST, HOST.upper(), f"{HOST}:443", ANOTHER, f"{ANOTHER}:80", f"{ANOTHER}:443", PORT_OF_ANOTHER],
)
def test_a_host_of_the_settings_is_answered(server: Server, host: str) -> None:
    answer = server.ask(PAGE, host=host)
    assert answer.status == 200
    assert f'<link rel="canonical" href="{ADDRESS}{PAGE}">' in answer.text


STRANGE = [
    "evil.example",
    f"{HOST}.evil.example",
    f"evil.{HOST}",
    f"evil{HOST}",
    f"{HOST}.",
    f"{HOST}:8443",
    f"{HOST}:80",
    f"{HOST}:",
    f"{HOST}:0443",
    f"{HOST}:443:443",
    f"{HOST}@evil.example",
    f"evil@{HOST}",
    f"{HOST}/evil",
    f"{HOST}#evil",
    f"{HOST},evil.example",
    f"{HOST} evil.example",
    f"xn--{HOST}",
    "10.0.0.5",
    "10.0.0.5:80",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "x" * 5000,
    "",
    None,
]


@pytest.mark.parametrize("host", STRANGE, ids=lambda host: str(host)[:40])
@pytest.mark.parametrize("path", [PAGE, "/en/desk/", "/static/css/tracker.css"])
def test_another_host_is_told_where_the_register_is(server: Server, path: str, host: str | None) -> None:
    answer = server.ask(path, host=host)
    assert answer.status == 400
    assert WHERE in answer.text
    assert f'href="{ADDRESS}/"' in answer.text
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "evil" not in answer.text.replace(path, "") + str(answer.headers)


def test_the_api_tells_it_as_problem_details(server: Server) -> None:
    answer = server.ask("/api/v1/cohorts/clean-rivers/tally", host="evil.example")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert WHERE in answer.text


def test_it_is_told_in_the_language_of_the_address(server: Server) -> None:
    assert '<html lang="fr"' in server.ask("/fr/clean-rivers", host="evil.example").text


@pytest.mark.parametrize("method", ["POST", "DELETE", "HEAD", "OPTIONS"])
def test_no_method_goes_through(server: Server, method: str) -> None:
    assert server.ask("/en/sign-in", host="evil.example", method=method).status == 400


@pytest.mark.parametrize("asked_first", ["evil.example", HOST])
def test_the_page_cache_neither_keeps_nor_gives_a_page_for_another_host(server: Server, asked_first: str) -> None:
    page = "/en/clean-rivers/signatories"
    server.ask(page, host=asked_first)
    assert server.ask(page, host="evil.example").status == 400
    ours = server.ask(page)
    assert ours.status == 200
    assert "evil" not in ours.text


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "X-Original-Host", "X-HTTP-Host-Override", "Forwarded", "X-Rewrite-URL"]
)
def test_no_other_header_names_the_host(server: Server, header: str) -> None:
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    for page in (PAGE, "/en", "/en/desk/"):
        answer = server.ask(page, (header, value))
        assert answer.status in (200, 302, 308)
        assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET http://evil.example{PAGE} HTTP/1.1\r\nHost: {HOST}",
        f"GET https://evil.example:99{PAGE} HTTP/1.1\r\nHost: {HOST}",
        f"GET http://{HOST}@evil.example{PAGE} HTTP/1.1\r\nHost: {HOST}",
    ],
)
def test_the_host_of_a_whole_address_in_the_request_line_stands_nowhere(server: Server, request_line: str) -> None:
    assert "evil" not in server.send(request_line.encode() + CLOSE)


@pytest.mark.parametrize(
    "request_line",
    [
        f"GET http://evil.example{PAGE} HTTP/1.1",
        f"GET http://{HOST}{PAGE} HTTP/1.1\r\nHost: evil.example",
        f"GET {PAGE} HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example",
        f"GET {PAGE} HTTP/1.1\r\nHost: evil.example\r\nHost: {HOST}",
        f"GET {PAGE} HTTP/1.1\r\nHost: {HOST}\r\n evil.example",
        f"GET {PAGE} HTTP/1.1\r\nHost: {HOST}\revil.example",
        f"GET {PAGE} HTTP/1.1\r\nHost : evil.example",
        f"GET {PAGE} HTTP/1.1\r\nHost: r\u00e9gister.example.org",
        f"GET {PAGE} HTTP/1.1\r\nHost: {HOST}\u3002evil.example",
        f"GET {PAGE} HTTP/1.0",
    ],
)
def test_a_request_that_names_no_host_or_more_than_one_is_refused(server: Server, request_line: str) -> None:
    answer = server.send(request_line.encode() + CLOSE)
    assert answer.startswith(("HTTP/1.1 400", "HTTP/1.0 400"))
    assert "evil" not in answer


def test_no_redirect_names_a_host(server: Server) -> None:
    for path in (
        "/",
        "//evil.example/en/",
        "//evil.example",
        "/en//evil.example",
        "/static//evil.example",
        "/%5Cevil.example",
    ):
        answer = server.ask(path)
        assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http://evil", "https://evil"))


@pytest.mark.parametrize(
    ("address", "more", "own"),
    [
        ("https://a.example", (), {"a.example", "a.example:443"}),
        ("https://A.example:443/register", (), {"a.example", "a.example:443"}),
        ("https://a.example:8443", (), {"a.example:8443"}),
        ("http://127.0.0.1:8000", (), {"127.0.0.1:8000"}),
        (
            "http://a.example",
            ("b.example",),
            {"a.example", "a.example:80", "b.example", "b.example:80", "b.example:443"},
        ),
        ("", ("b.example:9", "[::2]"), {"b.example:9", "[::2]", "[::2]:80", "[::2]:443"}),
        ("", (), set()),
    ],
)
def test_the_hosts_of_the_settings_are_read_with_their_ports(
    address: str, more: tuple[str, ...], own: set[str]
) -> None:
    assert own_hosts(address, more) == own


@on_sqlite
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9000", "[::1]:8000", HOST])
def test_a_laptop_answers_to_itself_at_any_port(app: Flask, world: World, host: str) -> None:
    assert answered_at(app, host) == "200 OK"


@on_sqlite
@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.1"])
def test_a_laptop_answers_to_no_other(app: Flask, world: World, host: str) -> None:
    assert answered_at(app, host) == "400 BAD REQUEST"


@on_sqlite
def test_the_page_of_a_refused_host_is_like_any_other(client: CheckedClient) -> None:
    assert WHERE in text_of(client.get(PAGE, headers={"Host": "evil.example"}))


@on_sqlite
def test_a_register_without_an_address_says_nothing_of_one(database_url: str, world: World) -> None:
    app = make_app(database_url, ADDRESS="")
    answer = Client(app).get(PAGE, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    close(app)


def answered_at(app: Flask, host: str) -> str:
    """Return the status of an answer; a host as it stands in the header, which the test client would not send."""
    told = []
    app({**create_environ(PAGE), "HTTP_HOST": host}, lambda status, _headers, *_: told.append(status))
    return str(told[0])
