"""The way to say that something is wrong on a page, from the page to the confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of
from tests.world import World, account, published
from tracker.disputes import reporting
from tracker.extensions import db
from tracker.models import Report

FORM = "/en/report?page=/en/participants/arcadia"
OWN_PAGES = (
    "/en/",
    "/en/clean-rivers",
    "/en/clean-rivers/signatories",
    "/en/clean-rivers/recommendations/2.3",
    "/en/participants/arcadia",
)


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the pages do not depend on the database."""
    return "sqlite"


@pytest.fixture(autouse=True)
def recorded(app: Flask, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)


def reports(app: Flask) -> list[Report]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Report).order_by(Report.id)))


def links(client: CheckedClient, page: str) -> Iterator[str]:
    footer = next(parse(client.get(page)).iter(f"{HTML}footer"))
    yield from (each.get("href") for each in footer.iter(f"{HTML}a"))


@pytest.mark.parametrize("address", OWN_PAGES)
def test_every_public_page_leads_to_it(client: CheckedClient, address: str) -> None:
    (link,) = links(client, address)
    assert link == f"/en/report?page={address}"
    assert f'<a href="{address}">{address}</a>' in client.get(link).text


@pytest.mark.parametrize("address", OWN_PAGES)
def test_public_pages_are_kept_all_the_same_and_set_no_cookie(app: Flask, client: CheckedClient, address: str) -> None:
    first = client.get(address)
    assert "Set-Cookie" not in first.headers
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert app.test_client().get(address).data == first.data


def test_only_the_form_sets_a_cookie_and_it_is_not_kept(client: CheckedClient) -> None:
    form = client.get(FORM)
    assert "session=" in form.headers["Set-Cookie"]
    assert form.headers["Cache-Control"] == "no-store"
    assert "ETag" not in form.headers


def test_a_report_is_taken_and_confirmed_with_its_reference(app: Flask, client: CheckedClient) -> None:
    answer = client.send(FORM, message="It withdrew.", name="Rea Der", address="reader@example.org")
    (found,) = reports(app)
    assert (found.page, found.message, found.name, found.address, found.language) == (
        "/en/participants/arcadia",
        "It withdrew.",
        "Rea Der",
        "reader@example.org",
        "en",
    )
    assert answer.location == f"/en/report/{found.reference}"
    told = text_of(client.get(answer.location))
    assert f"Reference {found.reference}" in told
    assert "It answers at the address that you left." in told
    assert "It withdrew." not in told


def test_neither_name_nor_address_is_needed(app: Flask, client: CheckedClient) -> None:
    answer = client.send(FORM, message="It withdrew.")
    assert "you get no answer" in text_of(client.get(answer.location))
    assert (reports(app)[0].name, reports(app)[0].address) == (None, None)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "javascript:alert(1)",
        "/en/desk/",
        "/en/secretariat/reports",
        "/api/v1/cohorts/clean-rivers/tally",
        "/static/favicon.svg",
        "/en/participants/arcadia?next=https://evil.example/",
        "/en/participants/<script>",
        "/en/../../etc/passwd",
        "en/",
        "/en/" + "x" * 1_000,
        "/en/\r\nSet-Cookie: a=b",
        "/en",
        "",
    ],
)
def test_no_address_but_that_of_a_public_page_of_ours_comes_along(
    app: Flask, client: CheckedClient, address: str
) -> None:
    shown = client.get("/en/report", query_string={"page": address})
    assert '<a href="/en/">/en/</a>' in shown.text
    assert "evil" not in shown.text
    action, fields = client.fill("/en/report", message="Wrong.")
    answer = client.post(action, data={**fields, "page": address})
    assert answer.location.startswith("/en/report/")
    assert [each.page for each in reports(app)] == ["/en/"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"message": " "}, "Say what is wrong"),
        ({"message": "x" * 10_001}, "Shorten the text to 10000 characters or fewer"),
        ({"message": "Wrong.", "name": "x" * 201}, "Shorten this to 200 characters or fewer"),
        ({"message": "Wrong.", "address": "no address"}, "Enter one e-mail address"),
        ({"message": "Wrong.", "address": "a@example.org, b@example.org"}, "Enter one e-mail address"),
        ({"message": "Wrong.", "address": "a@example.org\r\nBcc: b@example.org"}, "Enter one e-mail address"),
    ],
)
def test_what_is_wrong_with_the_form_is_told_and_nothing_is_lost(
    app: Flask, client: CheckedClient, typed: dict[str, str], told: str
) -> None:
    answer = client.send(FORM, **typed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "/en/participants/arcadia" in text_of(answer)
    assert reports(app) == []


def test_a_name_stays_in_its_line(app: Flask, client: CheckedClient) -> None:
    client.send(FORM, message="Wrong.", name="Rea\r\nBcc: everybody@example.org")
    assert reports(app)[0].name == "Rea Bcc: everybody@example.org"


def test_markup_is_shown_as_it_was_typed(app: Flask, client: CheckedClient, sign_in: Any, world: World) -> None:
    client.send(FORM, message="<script>alert(1)</script>", name="<b>Rea</b>")
    page = sign_in(world.sam).get(f"/en/secretariat/reports/{reports(app)[0].reference}")
    assert "<script>alert(1)</script>" in text_of(page)
    assert "<script>alert" not in page.text


def test_a_program_that_fills_in_every_field_is_refused(app: Flask, client: CheckedClient) -> None:
    answer = client.send(FORM, message="Buy this.", website="https://evil.example/")
    assert answer.status_code == 422
    assert "Leave the last field empty" in text_of(answer)
    assert reports(app) == []


def test_a_megabyte_is_too_large(app: Flask, client: CheckedClient) -> None:
    assert client.send(FORM, message="x" * 1_100_000).status_code == 413
    assert reports(app) == []


def test_a_form_that_is_sent_twice_is_one_report_and_is_answered_the_same(app: Flask, client: CheckedClient) -> None:
    address, typed = client.fill(FORM, message="It withdrew.")
    first, second = client.post(address, data=typed), client.post(address, data=typed)
    assert (second.status_code, second.location) == (302, first.location)
    assert len(reports(app)) == 1


def test_a_flood_is_told_to_come_back_and_keeps_what_was_typed(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "MOST_IN_AN_HOUR", 2)
    answers = [client.send(FORM, message=text) for text in ("Wrong.", "Still wrong.", "Wrong again.")]
    assert [each.status_code for each in answers] == [302, 302, 429]
    told = text_of(answers[-1])
    assert "Your report was not taken" in told
    assert "secretariat@example.org" in told
    assert "Wrong again." in told
    assert len(reports(app)) == 2


def test_who_keeps_no_cookie_is_told_so_and_not_to_sign_in(app: Flask, client: CheckedClient) -> None:
    address, fields = client.fill(FORM, message="It withdrew.")
    answer = app.test_client().post(address, data=fields)
    assert answer.status_code == 400
    told = text_of(answer)
    assert "your browser keeps no cookie" in told
    assert "It withdrew." in told
    assert "Sign in" not in told


def test_in_another_language_the_form_keeps_what_was_typed_and_its_page(client: CheckedClient) -> None:
    _, fields = client.fill(FORM, message="It withdrew.")
    shown = client.post("/fr/report", data={**fields, "show": "fr"})
    assert shown.status_code == 200
    assert "It withdrew." in shown.text
    assert "/en/participants/arcadia" in text_of(shown)


def test_a_reference_that_nobody_was_given_is_not_found(client: CheckedClient) -> None:
    assert client.get("/en/report/0123456789").status_code == 404


def test_staff_answer_it(app: Flask, client: CheckedClient, sign_in: Any, world: World) -> None:
    client.send(FORM, message="It withdrew.", address="reader@example.org")
    sam, page = sign_in(world.sam), f"/en/secretariat/reports/{reports(app)[0].reference}"
    assert "It withdrew." in text_of(sam.get("/en/secretariat/reports"))
    assert "Correct what was recorded wrongly , Cohort on Clean Rivers" in text_of(sam.get(page))
    assert "Write the answer" in text_of(sam.send(page, decision="answered", note="Look."))
    sam.send(page, decision="answered", answer="Thank you.", note="Done in entry 20.")
    told = text_of(sam.get(page))
    assert "Thank you." in told
    assert "Done in entry 20." in told
    assert "There are none." in text_of(sam.get("/en/secretariat/reports"))
    assert "It withdrew." in text_of(sam.get("/en/secretariat/reports?status=answered"))
    assert sam.get("/en/secretariat/reports?status=lost").status_code == 404


def test_who_left_no_address_is_offered_no_answer(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    client.send(FORM, message="It withdrew.")
    sam, page = sign_in(world.sam), f"/en/secretariat/reports/{reports(app)[0].reference}"
    shown = sam.get(page)
    assert "No address was left" in text_of(shown)
    assert 'value="answered"' not in shown.text
    assert sam.send(page, decision="answered", answer="Thank you.").status_code in (409, 422)
    sam.send(page, decision="closed")
    assert "Closed without an answer" in text_of(sam.get(page))


def test_a_report_that_a_colleague_closed_is_told(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    client.send(FORM, message="It withdrew.", address="reader@example.org")
    reference = reports(app)[0].reference
    sam, page = sign_in(world.sam), f"/en/secretariat/reports/{reference}"
    address, fields = sam.fill(page, decision="answered", answer="Thank you.")
    with in_register(app):
        found = reporting.report_of(reference)
        assert found is not None
        reporting.close(found, by=account(world.kim))
    answer = sam.post(address, data=fields)
    assert answer.status_code == 409
    assert "Thank you." in text_of(answer)
