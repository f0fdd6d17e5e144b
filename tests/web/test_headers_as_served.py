"""The security headers as a server in production sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.serving import ADDRESS, Server, serving
from tracker.web.headers import A_YEAR, ALWAYS

PAGE = "/en/clean-rivers"


@pytest.fixture(scope="module")
def server(file_of_a_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("headers"), file_of_a_world, PROXIES="1") as running:
        yield running


ANSWERS: dict[str, tuple[int, str, str, tuple[tuple[str, str], ...]]] = {
    "page": (200, "GET", PAGE, ()),
    "page from memory": (200, "GET", PAGE, ()),
    "compressed": (200, "HEAD", PAGE, (("Accept-Encoding", "gzip"),)),
    "head": (200, "HEAD", PAGE, ()),
    "form": (200, "GET", "/en/sign-in", ()),
    "form without its token": (400, "POST", "/en/sign-in", ()),
    "way to sign in": (302, "GET", "/en/desk/", ()),
    "entrance": (302, "GET", "/", ()),
    "without its slash": (308, "GET", "/en", ()),
    "not found": (404, "GET", "/en/nothing", ()),
    "no address at all": (404, "GET", "/nothing/of/the/kind", ()),
    "no path": (404, "OPTIONS", "*", ()),
    "wrong method": (405, "DELETE", PAGE, ()),
    "unheard-of method": (405, "PROPFIND", PAGE, ()),
    "API": (200, "GET", "/api/v1/cohorts/clean-rivers/tally", ()),
    "API not found": (404, "GET", "/api/v1/nothing", ()),
    "API refused": (422, "GET", "/api/v1/cohorts/clean-rivers/tally?as_at=soon", ()),
    "static": (200, "GET", "/static/favicon.svg", ()),
    "static not found": (404, "GET", "/static/nothing.css", ()),
    "outside the folder": (404, "GET", "/static/../config.py", ()),
}


def test_every_kind_of_answer_carries_every_header(server: Server, subtests: pytest.Subtests) -> None:
    for what, (status, method, path, headers) in ANSWERS.items():
        with subtests.test(what):
            answer = server.ask(path, *headers, method=method)
            assert answer.status == status
            assert {name: answer.headers.get_all(name) for name in ALWAYS} == {
                name: [value] for name, value in ALWAYS.items()
            }
            assert answer.headers.get_all("Strict-Transport-Security") == [f"max-age={A_YEAR}; includeSubDomains"]
            assert "granian" not in str(answer.headers).lower()


def test_what_has_not_changed_carries_them_too(server: Server) -> None:
    for path in (PAGE, "/static/favicon.svg"):
        tag = server.ask(path).headers["ETag"]
        answer = server.ask(path, ("If-None-Match", tag))
        assert answer.status == 304
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


def test_a_cookie_belongs_to_this_host_alone_and_is_kept_from_scripts_and_plain_http(server: Server) -> None:
    [cookie] = server.ask("/en/sign-in", ("X-Forwarded-Proto", "https")).headers.get_all("Set-Cookie")
    name, *attributes = re.split(r"; ?", cookie)
    assert name.startswith("__Host-session=")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


def test_over_https_a_form_counts_only_from_a_page_of_the_register(server: Server) -> None:
    https = ("X-Forwarded-Proto", "https")
    page = server.ask("/en/sign-in", https)
    cookie = ("Cookie", page.headers["Set-Cookie"].split(";")[0])
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    told = {
        referrer: server.ask(
            "/en/sign-in", https, cookie, *referrer, method="POST", body=f"csrf_token={token[1]}"
        ).status
        for referrer in ((), (("Referer", "https://evil.example/"),), (("Referer", f"{ADDRESS}/en/sign-in"),))
    }
    assert list(told.values()) == [400, 400, 422]
