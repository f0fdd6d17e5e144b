"""The headers of every answer of every route: to whom it is for, to nobody, and to what is sent without its token."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.invariants.walking import Route, on_sqlite, person_for, routes, settle, walkers
from tests.world import World
from tracker.access import Audience
from tracker.web.headers import ALWAYS, SANDBOX

POLICY = "Content-Security-Policy"


def faults(answer: TestResponse, route: Route) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    headers = answer.headers
    download = headers.get("Content-Disposition", "").startswith("attachment")
    expected = {**ALWAYS, POLICY: SANDBOX} if download else ALWAYS
    wrong = [name for name, value in expected.items() if headers.get_all(name) != [value]]
    policy = dict(each.strip().split(" ", 1) for each in headers[POLICY].split(";") if " " in each.strip())
    if (
        "unsafe" in headers[POLICY]
        or policy.get("default-src") != "'none'"
        or policy.get("frame-ancestors") != "'none'"
    ):
        wrong.append(f"{POLICY}: {headers[POLICY]}")
    shared = "public" in headers.get("Cache-Control", "")
    if len(headers.get_all("Cache-Control")) != 1 or (shared and not may_be_shared(answer, route)):
        wrong.append(f"Cache-Control: {headers.get_all('Cache-Control')}")
    cookies = headers.get_all("Set-Cookie")
    wrong += [each for each in cookies if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(re.split(r"; ?", each))]
    if cookies and shared:
        wrong.append("a cookie on what may be shared")
    return wrong


def may_be_shared(answer: TestResponse, route: Route) -> bool:
    return answer.status_code == 200 and (route.audience is Audience.PUBLIC or route.endpoint == "static")


@on_sqlite
def test_every_page_carries_every_header_for_whom_it_is_and_for_nobody(
    app: Flask, world: World, subtests: pytest.Subtests
) -> None:
    pages, browsers = routes(app, settle(app, world), "GET"), walkers(app, world)
    for page in pages:
        for who in {person_for(page, world), None}:
            with subtests.test(endpoint=page.endpoint, who=who):
                assert faults(browsers[who].get(page.address, buffered=True), page) == []


@on_sqlite
def test_every_refused_form_carries_every_header(app: Flask, world: World, subtests: pytest.Subtests) -> None:
    forms, browsers = routes(app, settle(app, world), "POST"), walkers(app, world)
    for form in forms:
        with subtests.test(endpoint=form.endpoint):
            answer = browsers[person_for(form, world)].post(form.address)
            assert answer.status_code == 400
            assert faults(answer, form) == []
