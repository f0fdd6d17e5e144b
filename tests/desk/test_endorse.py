import pytest
from flask import Flask

from tests.acting import act, in_register, open_one
from tests.checked_client import CheckedClient, parse, text_of
from tests.world import NUMBERS, World, a_draft, a_submission, account, status_of
from tracker import clock, drafting, endorsing
from tracker.vocabulary import Question, Scope, Status

DESK = "/en/desk/arcadia/clean-rivers"
TODAY = clock.today()
SIGNED = {"signed_on-day": str(TODAY.day), "signed_on-month": str(TODAY.month), "signed_on-year": str(TODAY.year)}


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)  # type: ignore[no-any-return]


def test_it_works(app: Flask, alice: CheckedClient) -> None:
    assert alice.send(f"{DESK}/recommendations", scope="all").location == f"{DESK}/reservations"
    answer = alice.send(f"{DESK}/reservations", written_in="en", **{"reservation-2.3": "Except on feast days."})
    assert answer.location == f"{DESK}/statement"
    answer = alice.send(f"{DESK}/statement", **{"statement-0": "With pleasure."})
    assert answer.location == f"{DESK}/signature"
    assert alice.send(f"{DESK}/signature", **SIGNED).location == f"{DESK}/check"
    check = text_of(alice.get(f"{DESK}/check"))
    assert "The whole set" in check
    assert "To 2.3, in English: Except on feast days." in check
    assert "In English: With pleasure." in check
    assert "With pleasure." in check
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"
    assert "What happens next" in text_of(alice.get(f"{DESK}/submitted"))
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.SUBMITTED


def test_a_draft_is_resumed_by_a_colleague(alice: CheckedClient, sign_in, world: World) -> None:
    alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1", "2.3"])
    adam = sign_in(world.adam)
    assert "A draft is saved." in text_of(adam.get("/en/desk/arcadia/"))
    assert "2.3 Do what 2.3 says." in text_of(adam.get(f"{DESK}/check"))


def test_the_form_comes_back_with_what_was_answered(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1", "2.3"])
    page = parse(alice.get(f"{DESK}/recommendations"))
    checked = [each.get("value") for each in page.iter() if each.get("checked") is not None]
    assert checked == ["chosen", "1.1", "2.3"]


def test_a_changed_answer_leads_back_to_the_check(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    assert alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1"]).location == f"{DESK}/check"


def test_every_error_comes_back_at_once_and_nothing_is_lost(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    answer = alice.send(
        f"{DESK}/signature",
        signatory_office="Minister of everything " * 20,
        **{"signed_on-day": "31", "signed_on-month": "2", "signed_on-year": "2023"},
    )
    told = text_of(answer)
    assert answer.status_code == 422
    assert "There is a problem Enter a real date, such as 27 3 2023 Shorten this to 200 characters" in told
    assert 'value="31"' in answer.text
    assert "Minister of everything Minister of everything" in answer.text


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("", "", "", "Enter the date"),
        ("1", "", "2023", "Enter the month too"),
        ("1", "1", "", "Enter the year too"),
        ("1", "1", "23", "Enter the year with four digits"),
        ("1", "1", "2999", "The date of signature cannot be in the future"),
        ("one", "1", "2023", "Enter a real date"),
        ("-1", "1", "2023", "Enter a real date"),
        ("1", "1", "99999999999999", "Enter a real date"),
        ("²", "1", "2023", "Enter a real date"),
    ],
)
def test_a_date_that_is_none_is_told(alice: CheckedClient, day: str, month: str, year: str, expected: str) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    answer = alice.send(f"{DESK}/signature", **{"signed_on-day": day, "signed_on-month": month, "signed_on-year": year})
    assert answer.status_code == 422
    assert expected in text_of(answer)


def test_nothing_chosen_is_told(alice: CheckedClient) -> None:
    assert "Choose what the endorsement covers" in text_of(alice.send(f"{DESK}/recommendations"))
    answer = alice.send(f"{DESK}/recommendations", scope="chosen")
    assert answer.status_code == 422
    assert "Choose at least one recommendation" in text_of(answer)


def test_the_whole_set_and_a_part_of_it_contradict_each_other(alice: CheckedClient) -> None:
    answer = alice.send(f"{DESK}/recommendations", scope="all", numbers=["1.1", "1.2"])
    assert answer.status_code == 422
    assert "You chose the whole set and only some recommendations" in text_of(answer)
    assert alice.send(f"{DESK}/recommendations", scope="all", numbers=list(NUMBERS)).status_code == 302


def test_the_check_names_what_is_not_endorsed(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice, numbers=("1.1", "1.2", "2.1", "2.2"))
    assert "Not endorsed: 2.3 Do what 2.3 says." in text_of(alice.get(f"{DESK}/check"))


def pressed(alice: CheckedClient, heading: str, **typed: object) -> list[str]:
    """Press the button of a heading, and return what is checked on the form that comes back."""
    address, fields = alice.fill(f"{DESK}/recommendations", **typed)
    answer = alice.post(address, data=fields | {"heading": heading})
    assert answer.status_code == 200
    assert "There is a problem" not in text_of(answer)
    return [str(each.get("value")) for each in parse(answer).iter() if each.get("checked") is not None]


def test_a_heading_is_chosen_at_once_and_taken_out_again(alice: CheckedClient) -> None:
    assert "Choose all of heading 2" in text_of(alice.get(f"{DESK}/recommendations"))
    assert pressed(alice, "2") == ["chosen", "2.1", "2.2", "2.3"]
    assert pressed(alice, "2", scope="all", numbers=["1.1", "2.2"]) == ["chosen", "1.1", "2.1", "2.2", "2.3"]
    assert pressed(alice, "2", numbers=["1.1", "2.1", "2.2", "2.3"]) == ["chosen", "1.1"]
    assert pressed(alice, "9", numbers=["1.1"]) == ["chosen", "1.1"]


def test_choosing_a_heading_saves_nothing_yet(alice: CheckedClient) -> None:
    pressed(alice, "2")
    assert "Not endorsed" in text_of(alice.get("/en/desk/arcadia/"))


@pytest.mark.parametrize(
    ("page", "typed", "expected"),
    [
        ("reservations", {"reservation-1.1": "Nu."}, "Choose the language of the reservations"),
        ("statement", {"statement-0": "Nu."}, "Choose the language of the statement"),
    ],
)
def test_the_language_of_a_text_is_asked_for(
    alice: CheckedClient, page: str, typed: dict[str, str], expected: str
) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    answer = alice.send(f"{DESK}/{page}", **typed)
    assert answer.status_code == 422
    assert expected in text_of(answer)


def test_the_language_of_the_reservations_is_offered_for_the_statement(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    alice.send(f"{DESK}/reservations", written_in="ro", **{"reservation-1.1": "Nu."})
    assert '<option value="ro" lang="ro" selected>' in alice.get(f"{DESK}/statement").text


def test_what_was_typed_goes_along_to_another_language(app: Flask, alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    _, fields = alice.fill(f"{DESK}/signature", signatory_name="Not finished", **{"signed_on-day": "31"})
    answer = alice.post(DESK.replace("/en/", "/fr/") + "/signature", data={**fields, "show": "fr"})
    assert answer.status_code == 200
    assert 'lang="fr"' in answer.text
    assert "Not finished" in answer.text
    assert 'value="31"' in answer.text
    assert "Il y a un problème" not in answer.text
    with app.app_context():
        assert open_one("arcadia", "clean-rivers").signatory_name is None


def test_what_was_typed_after_signing_out_elsewhere_is_shown_to_copy(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    address, fields = alice.fill(f"{DESK}/statement", **{"statement-0": "Typed by Alice."})
    alice.send("/en/desk/", "/sign-out")
    answer = alice.post(address, data=fields)
    assert answer.status_code == 400
    assert "You are not signed in any more" in text_of(answer)
    assert "What you wrote, which was not kept Typed by Alice." in text_of(answer)
    assert f'href="/en/sign-in?next={DESK}/statement"' in answer.text


@pytest.mark.parametrize("numbers", [["9.9"], ["1.1", "<script>"], ["1.1\x00"]])
def test_an_unknown_recommendation_is_refused(alice: CheckedClient, numbers: list[str]) -> None:
    assert alice.send(f"{DESK}/recommendations", scope="chosen", numbers=numbers).status_code == 422


def test_what_is_submitted_can_be_taken_back(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    assert alice.send(f"{DESK}/submitted", "/take-back").location == f"{DESK}/check"


def test_a_draft_can_be_discarded(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    assert "All the answers in it are lost." in text_of(alice.get(f"{DESK}/discard"))
    assert alice.send(f"{DESK}/discard").status_code == 422
    alice.send(f"{DESK}/discard", sure="no")
    assert "A draft is saved." in text_of(alice.get("/en/desk/arcadia/"))
    alice.send(f"{DESK}/discard", sure="yes")
    assert "Not endorsed" in text_of(alice.get("/en/desk/arcadia/"))


def test_a_returned_one_shows_its_reason_and_is_submitted_again(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        reasons = {Question.OVERALL: "Page 2 is missing."}
        endorsing.return_(open_one("arcadia", "clean-rivers"), reasons=reasons, by=account(world.sam))
    assert "Page 2 is missing." in text_of(alice.get("/en/desk/arcadia/"))
    assert "Page 2 is missing." in text_of(alice.get(f"{DESK}/check"))
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"


def test_pages_of_a_draft_lead_to_its_first_question(alice: CheckedClient) -> None:
    for page in ("reservations", "statement", "signature", "check"):
        assert alice.get(f"{DESK}/{page}").location == f"{DESK}/recommendations"
    assert alice.get(f"{DESK}/submitted").location == "/en/desk/arcadia/"


def test_a_form_that_a_colleague_overtook_is_told_what_changed(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    form = alice.get(f"{DESK}/statement")
    with in_register(app):
        drafting.choose(
            open_one("arcadia", "clean-rivers"), scope=Scope.CHOSEN, numbers=("1.1",), by=account(world.adam)
        )
    typed = _fields(form) | {"statement-0": "What I typed.", "written_in-0": "en"}
    answer = alice.post(f"{DESK}/statement", data=typed)
    assert answer.status_code == 409
    assert "Somebody changed this draft" in text_of(answer)
    assert "1 of 5 recommendations" in text_of(answer)
    assert "What I typed." in answer.text
    again = alice.post(f"{DESK}/statement", data=_fields(answer))
    assert again.location == f"{DESK}/check"
    assert "What I typed." in text_of(alice.get(f"{DESK}/check"))


def test_a_draft_begun_by_a_colleague_meanwhile_is_not_written_over(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    form = alice.get(f"{DESK}/recommendations")
    act(app, a_draft, world.arcadia, world.cohort, world.adam, numbers=("2.1",))
    answer = alice.post(f"{DESK}/recommendations", data=_fields(form) | {"scope": "all"})
    assert answer.status_code == 409
    assert "Somebody changed this draft" in text_of(answer)
    assert "2.1 Do what 2.1 says." in text_of(answer)


def test_reservations_typed_meanwhile_are_kept(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    form = alice.get(f"{DESK}/reservations")
    with in_register(app):
        drafting.choose(
            open_one("arcadia", "clean-rivers"), scope=Scope.CHOSEN, numbers=("1.1", "1.2"), by=account(world.adam)
        )
    answer = alice.post(
        f"{DESK}/reservations", data=_fields(form) | {"reservation-1.2": "Typed by Alice.", "written_in": "ro"}
    )
    assert answer.status_code == 409
    assert "Typed by Alice." in answer.text
    alice.post(f"{DESK}/reservations", data=_fields(answer))
    assert "To 1.2, in Romanian: Typed by Alice." in text_of(alice.get(f"{DESK}/check"))


def test_a_reservation_to_what_a_colleague_took_out_is_shown(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    form = alice.get(f"{DESK}/reservations")
    with in_register(app):
        drafting.choose(
            open_one("arcadia", "clean-rivers"), scope=Scope.CHOSEN, numbers=("1.1",), by=account(world.adam)
        )
    answer = alice.post(f"{DESK}/reservations", data=_fields(form) | {"reservation-1.2": "Typed by Alice."})
    assert "You wrote a reservation to 1.2" in text_of(answer)
    assert "Typed by Alice." in text_of(answer)


def test_a_text_typed_while_a_colleague_submitted_is_shown_to_copy(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    address, fields = alice.fill(f"{DESK}/statement", **{"statement-0": "Typed by Alice."})
    with in_register(app):
        endorsing.submit(open_one("arcadia", "clean-rivers"), by=account(world.adam))
    answer = alice.post(address, data=fields)
    assert answer.status_code == 409
    assert "How things stand now Cohort on Clean Rivers Submitted" in text_of(answer)
    assert "What you wrote, which was not kept Typed by Alice." in text_of(answer)


def test_submitting_twice_tells_how_things_stand(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    fields = _fields(alice.get(f"{DESK}/check"))
    alice.post(f"{DESK}/submit", data=fields)
    answer = alice.post(f"{DESK}/submit", data=fields)
    assert answer.status_code == 409
    assert "How things stand now Cohort on Clean Rivers Submitted" in text_of(answer)
    assert "See how things stand, and go on from there" in text_of(answer)


def test_somebody_elses_participant_is_not_found(alice: CheckedClient, sign_in, world: World) -> None:
    bruno = sign_in(world.bruno)
    assert alice.get("/en/desk/borduria/").status_code == 404
    assert bruno.get(f"{DESK}/recommendations").status_code == 404
    token = _fields(bruno.get("/en/desk/borduria/"))["csrf_token"]
    assert bruno.post(f"{DESK}/submit", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("who", ["petra", "fay"])
def test_an_accreditation_that_ended_or_is_to_come_gives_nothing(sign_in, world: World, who: str) -> None:
    client = sign_in(getattr(world, who))
    assert client.get("/en/desk/arcadia/").status_code == 403
    home = text_of(client.get("/en/desk/"))
    assert "You are not accredited to act for any participant today." in home
    assert ("ended on" in home) is (who == "petra")
    assert ("begins on" in home) is (who == "fay")


def test_scripts_and_signs_of_all_kinds_stay_text(alice: CheckedClient) -> None:
    nasty = "<script>alert(1)</script> {{ 7*7 }} \u202e 𝕏 نص \x07 '; DROP TABLE act; --"
    alice.send(f"{DESK}/recommendations", scope="all")
    alice.send(f"{DESK}/reservations", written_in="en", **{"reservation-1.1": nasty})
    alice.send(f"{DESK}/statement", **{"statement-0": nasty, "written_in-0": "en"})
    page = alice.get(f"{DESK}/check")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page.text
    assert "\x07" not in page.text


def test_ten_megabytes_are_refused_with_a_page(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    answer = alice.post(f"{DESK}/statement", data={"statement": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "What you sent is too large" in text_of(answer)


def _fields(page) -> dict[str, str]:
    """Return the fields of a page's last form, which is the page's own."""
    from tests.checked_client import HTML, values_of

    forms = [
        each
        for each in parse(page).iter(f"{HTML}form")
        if not each.get("action").endswith("/sign-out") or len(list(parse(page).iter(f"{HTML}form"))) == 1
    ]
    return values_of(forms[-1])
