from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.acting import found, in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.world import World, account, amended, corrected, item
from tracker import clock, verifying
from tracker.models import Text
from tracker.vocabulary import RevisionKind, TextStatus
from tracker.wordings import rewording

TEXTS = "/en/secretariat/texts/clean-rivers"
AMENDMENT, CORRIGENDUM = f"{TEXTS}/2.3/amendment", f"{TEXTS}/2.3/corrigendum"
ANSWERS = {"reason": "As the cohort agreed.", "reason_in": "en", "provenance": "Note verbale no. 12"}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


def days(day: date) -> dict[str, str]:
    return {f"effective_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def form_on(page: TestResponse) -> tuple[str, dict[str, Any]]:
    form = next(each for each in parse(page).iter(f"{HTML}form") if each.get("id") == "answers")
    return form.get("action"), values_of(form)


def press(browser: CheckedClient, page: TestResponse, button: str, value: str = "1", **typed: Any) -> TestResponse:
    address, fields = form_on(page)
    return browser.post(address, data={**fields, **typed, button: value})


def checked(browser: CheckedClient, page: str = AMENDMENT, **answers: Any) -> TestResponse:
    return browser.send(page, "/" + page.rpartition("/")[2], **{**ANSWERS, **answers})


def test_a_change_is_checked_proposed_and_approved(
    app: Flask, client: CheckedClient, sam: CheckedClient, kim: CheckedClient, world: World
) -> None:
    check = checked(sam, **{"text-0": "Do all that 2.3 says."})
    assert "As it is As proposed" in text_of(check)
    assert "<ins>" in check.text
    proposal = press(sam, check, "sure").location
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    assert "Amendment of 2.3" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    told = text_of(kim.get(proposal))
    assert "Before" in told
    assert "Approved" in told
    public = text_of(client.get("/en/clean-rivers/recommendations/2.3"))
    assert "Do all that 2.3 says. Summary Amendment" in public
    with app.app_context():
        assert verifying.verify() is None


def test_a_headings_title_is_corrected(client: CheckedClient, sam: CheckedClient, kim: CheckedClient) -> None:
    page = f"{TEXTS}/headings/2/corrigendum"
    assert "only ever corrected" in text_of(sam.get(page))
    proposal = press(sam, checked(sam, page, **{"text-0": "Rivers that meet"}), "sure").location
    kim.send(proposal, "/approve")
    assert "2. Rivers that meet" in text_of(client.get("/en/clean-rivers"))
    told = text_of(sam.get(TEXTS))
    assert "Rivers that meet Corrigendum" in told
    assert "Heading 2 Original wording" in told


def test_a_translation_is_added_without_a_script(sam: CheckedClient, kim: CheckedClient, client: CheckedClient) -> None:
    more = press(sam, sam.get(CORRIGENDUM), "add", **ANSWERS)
    address, fields = form_on(more)
    assert (fields["reason"], fields["text-1"]) == ("As the cohort agreed.", "")
    fields |= {"written_in-1": "fr", "text-1": "Faites ce que dit le 2.3.", "authentic": "0"}
    check = sam.post(address, data=fields)
    assert "French Not given in this language" in text_of(check)
    kim.send(press(sam, check, "sure").location, "/approve")
    assert "Faites ce que dit le 2.3." in text_of(client.get("/fr/clean-rivers/recommendations/2.3"))


def test_a_day_that_was_half_typed_is_kept_where_a_language_is_added(sam: CheckedClient) -> None:
    more = press(sam, sam.get(CORRIGENDUM), "add", **{"effective_on-day": "31", "effective_on-year": ""})
    _, fields = form_on(more)
    assert (fields["effective_on-day"], fields["effective_on-year"]) == ("31", "")


def test_it_can_be_changed_after_the_check(sam: CheckedClient) -> None:
    check = checked(sam, **{"text-0": "Do moore."})
    back = press(sam, check, "back")
    _, fields = form_on(back)
    assert (fields["text-0"], fields["reason"], fields["provenance"]) == (
        "Do moore.",
        "As the cohort agreed.",
        "Note verbale no. 12",
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "This says the same as the text that is published, so there is nothing to propose"),
        ({"text-0": ""}, "Write the text"),
        ({"text-0": "Do more.", "reason": ""}, "Say why the text changes"),
        ({"text-0": "Do more.", "reason_in": ""}, "Choose the language of the reason"),
        ({"text-0": "Do more.", "provenance": ""}, "Choose one of the cohort’s sources, or name another one"),
        ({"text-0": "Do more.", "source": "page"}, "Choose one of the cohort’s sources, or name another one"),
        ({"text-0": "Do more.", "source": "x", "provenance": ""}, "Choose from the list"),
        ({"text-0": "Do more.", "text_status": "x"}, "Choose what this text is"),
        ({"text-0": "Do more.", **days(date(2020, 1, 1))}, "It cannot stand before the text that it follows"),
        ({"text-0": "Do more.", **days(date(2099, 1, 1))}, "Choose a day within two years from today"),
        ({"text-0": "Do more.", "effective_on-day": ""}, "Enter the day too"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(sam: CheckedClient, answers: dict[str, str], said: str) -> None:
    answer = checked(sam, **answers)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_corrigendum_takes_effect_today_or_earlier(sam: CheckedClient) -> None:
    answer = checked(sam, CORRIGENDUM, **{"text-0": "Do more."}, **days(clock.today() + timedelta(days=1)))
    assert "A corrigendum takes effect today or on an earlier day" in text_of(answer)


def test_the_authoritative_text_replaces_a_summary(
    client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    check = checked(sam, CORRIGENDUM, text_status="authoritative", source="page", provenance="")
    assert "Summary until now; from then on Authoritative text" in text_of(check)
    kim.send(press(sam, check, "sure").location, "/approve")
    assert "Do what 2.3 says. Authoritative text Corrigendum" in text_of(
        client.get("/en/clean-rivers/recommendations/2.3")
    )


def test_what_changed_meanwhile_is_told_and_nothing_is_lost(app: Flask, sam: CheckedClient, world: World) -> None:
    check = checked(sam, **{"text-0": "Do more."})
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        corrected(item(cohort, "2.3"), account(world.sam), account(world.kim), "Do what 2.3 said.")
    answer = press(sam, check, "sure")
    assert answer.status_code == 409
    assert "Nothing was recorded" in text_of(answer)
    assert "Do what 2.3 said." in text_of(answer)
    _, fields = form_on(answer)
    assert fields["text-0"] == "Do more."
    assert sam.post(AMENDMENT, data={**fields, "sure": "1"}).status_code == 302


def test_a_proposal_whose_text_changed_can_only_be_sent_back(
    app: Flask, sam: CheckedClient, kim: CheckedClient, world: World
) -> None:
    proposal = press(sam, checked(sam, **{"text-0": "Do more."}), "sure").location
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        corrected(item(cohort, "2.3"), account(world.sam), account(world.kim), "Do what 2.3 said.")
    assert "The text changed since this was proposed" in text_of(kim.get(proposal))
    assert kim.send(proposal, "/approve").status_code == 409
    kim.send(proposal, "/return", reason="It was corrected meanwhile.")
    assert "It was corrected meanwhile." in text_of(sam.get(AMENDMENT))


def test_what_was_returned_is_begun_with(sam: CheckedClient, kim: CheckedClient) -> None:
    proposal = press(sam, checked(sam, **{"text-0": "Do moore."}), "sure").location
    kim.send(proposal, "/return", reason="A slip.")
    page = sam.get(AMENDMENT)
    assert "The last proposal was returned A slip." in text_of(page)
    assert form_on(page)[1]["text-0"] == "Do moore."


def test_who_proposed_it_takes_it_back(sam: CheckedClient, kim: CheckedClient) -> None:
    proposal = press(sam, checked(sam, **{"text-0": "Do more."}), "sure").location
    assert "Take it back" not in text_of(kim.get(proposal))
    sam.send(proposal, "/take-back")
    assert "Taken back" in text_of(kim.get(proposal))


def test_nobody_takes_back_what_somebody_else_proposed(sam: CheckedClient, kim: CheckedClient) -> None:
    proposal = press(sam, checked(sam, **{"text-0": "Do more."}), "sure").location
    _, fields = kim.fill(proposal, "/approve")
    answer = kim.post(f"{proposal}/take-back", data=fields)
    assert answer.status_code == 409
    assert "Only who proposed this can take it back." in text_of(answer)


def test_it_waits_in_the_queue(sam: CheckedClient, kim: CheckedClient) -> None:
    press(sam, checked(sam, **{"text-0": "Do more."}), "sure")
    assert "Recommendation 2.3 Amendment" in text_of(kim.get("/en/secretariat/"))
    assert "Recommendation 2.3" not in text_of(kim.get("/en/secretariat/?matter=corrigendum"))
    assert "Amendment Proposed by Sam" in text_of(kim.get(TEXTS))


def test_every_wording_is_listed(app: Flask, sam: CheckedClient, world: World) -> None:
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        amended(item(cohort, "2.3"), account(world.sam), account(world.kim), Text.of("各国合作。", "zh"))
    told = text_of(sam.get(TEXTS))
    assert "2 wordings" in told
    assert "各国合作。" in told
    assert "Do what 2.3 says." in told


def test_there_is_nothing_to_renumber_or_to_delete_with(sam: CheckedClient) -> None:
    page = sam.get(TEXTS)
    assert not [each for each in parse(page).iter(f"{HTML}form") if "texts" in (each.get("action") or "")]


def test_a_text_that_is_not_there_is_not_found(sam: CheckedClient) -> None:
    for address in (f"{TEXTS}/9.9/amendment", f"{TEXTS}/2.3/rumour", f"{TEXTS}/headings/9/corrigendum"):
        assert sam.get(address).status_code == 404


def test_the_status_of_a_title_is_none(app: Flask, world: World) -> None:
    with app.app_context():
        _, cohort = found(world.arcadia, world.cohort)
        assert rewording.as_it_is(cohort.headings[0]) == (Text.of("Heading 1"), None)
        assert rewording.as_it_is(item(cohort, "2.3"))[1] is TextStatus.SUMMARY
        assert rewording.days_for(item(cohort, "2.3"), RevisionKind.CORRIGENDUM)[1] == clock.today()
