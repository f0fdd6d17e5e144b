"""Staff read the security log, search it, go through its pages and take it away."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import text_of
from tests.identity.test_reading_the_log import an_administrator, an_event
from tests.world import World, account
from tracker import clock
from tracker.exports.cells import restored
from tracker.extensions import db
from tracker.identity.reading_the_log import A_PAGE
from tracker.models import SecurityEvent
from tracker.secretariat import security_log
from tracker.vocabulary import SecurityAction

PAGE = "/en/secretariat/security-log"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


def happened(app: Flask, action: SecurityAction = SecurityAction.INVITED, *, who: str, by: str, **more: Any) -> int:
    """Let something have happened; return the number of the event."""
    with in_register(app):
        event = an_event(action, account=account(who), by=account(by), **more)
        event.agent = FIREFOX
        return event.id


def test_it_works(app: Flask, sign_in, world: World) -> None:
    happened(app, who=world.alice, by=world.kim, reason="New post", days=1)
    told = text_of(sign_in(world.sam).get(PAGE))
    assert "Alice alice@example.org Kim kim@example.org 192.0.2.1 Firefox on Linux Reason: New post" in told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"way": "password_and_code"}, "By what: Password and code from an app"),
        ({"kind": "second_factor"}, "What was guessed at: Second factor"),
        ({"act": "accredited", "participant": "arcadia"}, "What changed: Accreditation Participant: arcadia"),
        ({"until": "2026-01-02T03:04:05+00:00"}, "Has to wait until: 2 January 2026, 03:04:05 UTC"),
        ({"agent": FIREFOX}, "Browser: Firefox on Linux"),
        ({"why": "not theirs to open"}, "Why: not theirs to open"),
        ({"amr": "pwd otp"}, "amr: pwd otp"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_details_are_told_in_plain_words(app: Flask, sign_in, world: World, said: dict[str, str], told: str) -> None:
    happened(app, who=world.alice, by=world.alice, **said)
    assert told in text_of(sign_in(world.sam).get(PAGE))


def test_a_moment_is_told_to_the_second(app: Flask, sign_in, world: World) -> None:
    number = happened(app, who=world.alice, by=world.alice)
    with app.app_context():
        at = db.session.get_one(SecurityEvent, number).at
    page = sign_in(world.sam).get(PAGE)
    assert f"{at:%H:%M:%S} UTC" in text_of(page)
    assert f'datetime="{at:%Y-%m-%dT%H:%M:%S}+00:00"' in page.text


def test_the_queue_leads_to_it(sign_in, world: World) -> None:
    assert f'href="{PAGE}"' in sign_in(world.sam).get("/en/secretariat/").text


def test_an_empty_log_says_so(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.sam)
    with in_register(app):
        db.session.execute(db.delete(SecurityEvent))
    assert "Nothing is in the log yet." in text_of(browser.get(PAGE))


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "alice"},
        {"action": "passkey_added"},
        {"since": "2000-01-01", "until": "2000-01-02"},
        {"address": "203.0.113."},
        {"words": "Arcadia post"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_it_is_searched(app: Flask, sign_in, world: World, asked: dict[str, str]) -> None:
    happened(app, who=world.bruno, by=world.kim, address="198.51.100.1", reason="Hat")
    browser = sign_in(world.sam)
    assert "There is nothing of this kind." in text_of(browser.get(PAGE, query_string=asked))
    with in_register(app):
        event = an_event(
            SecurityAction.PASSKEY_ADDED,
            account=account(world.alice),
            by=account(world.alice),
            address="203.0.113.9",
            reason="A post in Arcadia",
        )
        event.at = clock.now() - timedelta(days=1) if "since" not in asked else event.at.replace(2000, 1, 2)
    told = text_of(browser.get(PAGE, query_string=asked))
    assert "203.0.113.9" in told
    assert "198.51.100.1" not in told


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "yesterday"}, "Enter a day such as 2023-03-27"),
        ({"until": "0023-03-27"}, "Enter a day such as 2023-03-27"),
        ({"since": "2024-01-02", "until": "2024-01-01"}, "The last day cannot come before the first"),
        ({"action": "nonsense"}, "Choose from the list"),
    ],
    ids=["no day", "no year", "order", "no action"],
)
def test_what_was_not_understood_comes_back(sign_in, world: World, asked: dict[str, str], sentence: str) -> None:
    answer = sign_in(world.sam).get(PAGE, query_string={**asked, "words": "kept"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="kept"' in answer.text


def test_pages_keep_what_is_asked_for(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        for _ in range(A_PAGE + 1):
            an_event(SecurityAction.SIGNED_OUT, account=account(world.alice))
    browser = sign_in(world.sam)
    first = browser.get(PAGE, query_string={"person": "alice"})
    older = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "person=alice" in older
    second = browser.get(older)
    assert second.text.count("<time") == 1
    newer = second.text.split('rel="prev" href="')[1].split('"')[0]
    assert newer == f"{PAGE}?person=alice"


@pytest.mark.parametrize("before", ["", "0", "-1", "x", "9" * 30])
def test_a_page_that_nobody_leads_to_is_answered(app: Flask, sign_in, world: World, before: str) -> None:
    happened(app, who=world.alice, by=world.alice)
    assert sign_in(world.sam).get(PAGE, query_string={"before": before}).status_code == 200


def test_staff_are_told_what_they_do_not_see(app: Flask, sign_in, world: World) -> None:
    happened(app, who=world.kim, by=world.kim, address="203.0.113.9")
    told = text_of(sign_in(world.sam).get(PAGE))
    assert "Administrators see what concerns others of the secretariat." in told
    assert "203.0.113.9" not in told


def test_administrators_see_it(app: Flask, sign_in, world: World) -> None:
    happened(app, who=world.kim, by=world.kim, address="203.0.113.9")
    with in_register(app):
        an_administrator()
    told = text_of(sign_in("boss@example.org").get(PAGE))
    assert "Administrators see" not in told
    assert "203.0.113.9" in told


def test_it_is_taken_away_as_csv(app: Flask, sign_in, world: World) -> None:
    number = happened(app, who=world.alice, by=world.kim, reason="=1+1", address="203.0.113.9")
    happened(app, who=world.kim, by=world.kim)
    answer = sign_in(world.sam).get(f"{PAGE}/csv", query_string={"action": "invited"})
    assert answer.headers["Content-Disposition"] == f"attachment; filename=security-log-{clock.today()}.csv"
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert (row["event"], row["action"]) == (str(number), "invited")
    assert (row["name"], row["email"]) == ("Alice", "alice@example.org")
    assert (row["by_name"], row["by_email"]) == ("Kim", "kim@example.org")
    assert (row["address"], row["agent"]) == ("203.0.113.9", FIREFOX)
    assert json.loads(row["said"]) == {"reason": "=1+1"}


def test_a_browser_that_calls_itself_a_formula_is_no_formula(app: Flask, sign_in, world: World) -> None:
    number = happened(app, who=world.alice, by=world.alice)
    with in_register(app):
        db.session.get_one(SecurityEvent, number).agent = "=HYPERLINK(1)"
    answer = sign_in(world.sam).get(f"{PAGE}/csv", query_string={"action": "invited"})
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row["agent"] == "'=HYPERLINK(1)"
    assert restored(row["agent"]) == "=HYPERLINK(1)"


def test_it_is_taken_away_as_a_workbook(app: Flask, sign_in, world: World) -> None:
    number = happened(app, who=world.alice, by=world.kim)
    answer = sign_in(world.sam).get(f"{PAGE}/xlsx", query_string={"action": "invited"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[0] for row in rows] == ["event", number]


def test_who_took_it_away_is_in_it(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.sam)
    browser.get(f"{PAGE}/csv")
    told = text_of(browser.get(PAGE, query_string={"action": "log_downloaded"}))
    assert "Downloaded the security log" in told
    assert "Sam sam@example.org themselves 127.0.0.1 Unknown browser" in told
    assert told.count(f"File: security-log-{clock.today()}.csv") == 1


@pytest.mark.parametrize("form", ["json", "zip", "nothing"])
def test_there_is_no_other_form(sign_in, world: World, form: str) -> None:
    assert sign_in(world.sam).get(f"{PAGE}/{form}").status_code == 404


def test_more_than_a_file_holds_is_refused(app: Flask, sign_in, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(app, who=world.alice, by=world.alice)
    happened(app, who=world.alice, by=world.alice)
    monkeypatch.setattr(security_log, "MOST", 1)
    answer = sign_in(world.sam).get(f"{PAGE}/csv", query_string={"action": "invited"})
    assert answer.status_code == 400
    assert "Ask for fewer events: a file holds 1 at most." in text_of(answer)


def test_what_is_asked_for_goes_along_to_the_other_language(app: Flask, sign_in, world: World) -> None:
    page = sign_in(world.sam).get(PAGE, query_string={"person": "alice"})
    assert 'href="/fr/secretariat/security-log?person=alice"' in page.text
