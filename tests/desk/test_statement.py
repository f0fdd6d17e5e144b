import pytest
from flask import Flask

from tests.acting import act, in_register, open_one
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.desk.test_endorse import DESK
from tests.world import World, a_draft, published
from tracker.models import Text
from tracker.web.language_forms import WRITTEN_LANGUAGES

PAGE = f"{DESK}/statement"
IN_TWO = {"written_in-0": "ro", "statement-0": "Cu plăcere.", "written_in-1": "fr", "statement-1": "Avec plaisir."}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: how a statement is asked for does not depend on the database."""
    return "sqlite"


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def pressed(alice: CheckedClient, button: str, value: str = "1", **typed: str):
    """Press a button of the form after typing, and return the form that comes back."""
    address, fields = alice.fill(PAGE, "/statement")
    return alice.post(address, data=fields | typed | {button: value})


def fields_of(page) -> dict[str, str]:
    return next(values_of(form) for form in parse(page).iter(f"{HTML}form") if form.get("id") == "answers")


def test_it_works(app: Flask, alice: CheckedClient) -> None:
    alice.send(PAGE, **IN_TWO, authentic="1")
    told = text_of(alice.get(f"{DESK}/check"))
    assert "In French: authentic text Avec plaisir. In Romanian: Cu plăcere." in told
    with in_register(app):
        kept = open_one("arcadia", "clean-rivers").statement
        assert kept is not None
        assert kept.as_json() == {"authentic": "fr", "texts": {"fr": "Avec plaisir.", "ro": "Cu plăcere."}}


def test_one_language_is_the_authentic_one(alice: CheckedClient) -> None:
    assert "authentic" not in text_of(alice.get(PAGE))
    alice.send(PAGE, **{"written_in-0": "ro", "statement-0": "Cu plăcere."})
    assert "In Romanian: Cu plăcere." in text_of(alice.get(f"{DESK}/check"))


def test_a_language_is_added_and_nothing_is_lost(alice: CheckedClient) -> None:
    page = pressed(alice, "add", **{"written_in-0": "ro", "statement-0": "Cu plăcere."})
    assert page.status_code == 200
    assert "There is a problem" not in text_of(page)
    fields = fields_of(page)
    assert (fields["written_in-0"], fields["statement-0"]) == ("ro", "Cu plăcere.")
    assert (fields["written_in-1"], fields["statement-1"]) == ("", "")
    focused = [each.get("id") for each in parse(page).iter() if each.get("autofocus") is not None]
    assert focused == ["written_in-1"]


@pytest.mark.parametrize(("removed", "left", "authentic"), [("0", "Avec plaisir.", "0"), ("1", "Cu plăcere.", None)])
def test_a_language_is_removed(alice: CheckedClient, removed: str, left: str, authentic: str | None) -> None:
    alice.send(PAGE, **IN_TWO, authentic="1")
    typed = {**IN_TWO, "authentic": "1"}
    fields = fields_of(pressed(alice, "remove", removed, **typed))
    assert fields["statement-0"] == left
    assert "statement-1" not in fields


def test_the_mark_of_the_authentic_text_moves_with_it(alice: CheckedClient) -> None:
    three = {**IN_TWO, "written_in-2": "en", "statement-2": "With pleasure.", "authentic": "2"}
    assert fields_of(pressed(alice, "remove", "0", **three))["authentic"] == ["1"]
    assert "authentic" not in fields_of(pressed(alice, "remove", "2", **three))


def test_it_begins_with_the_authentic_text(alice: CheckedClient) -> None:
    alice.send(PAGE, **IN_TWO, authentic="1")
    fields = fields_of(alice.get(PAGE))
    assert (fields["statement-0"], fields["authentic"]) == ("Avec plaisir.", ["0"])


def test_there_is_no_language_to_add_after_the_last(alice: CheckedClient) -> None:
    every = {f"written_in-{at}": tag for at, tag in enumerate(WRITTEN_LANGUAGES)}
    every |= {f"statement-{at}": f"Text {at}" for at in range(len(WRITTEN_LANGUAGES))}
    page = pressed(alice, "add", **every)
    assert f"Text {len(WRITTEN_LANGUAGES)}" in text_of(page)
    assert "Add the text in another language" not in text_of(page)
    assert alice.post(PAGE, data=fields_of(page) | every | {"authentic": "7"}).location == f"{DESK}/check"


def test_an_emptied_text_is_no_text(app: Flask, alice: CheckedClient) -> None:
    alice.send(PAGE, **(IN_TWO | {"statement-1": " \n "}))
    assert "In Romanian: Cu plăcere." in text_of(alice.get(f"{DESK}/check"))
    alice.send(PAGE, **{"statement-0": ""})
    with in_register(app):
        assert open_one("arcadia", "clean-rivers").statement is None


@pytest.mark.parametrize(
    ("typed", "expected", "field"),
    [
        (IN_TWO, "Say which language is the authentic one", "authentic-0"),
        (IN_TWO | {"authentic": "7"}, "Say which language is the authentic one", "authentic-0"),
        (IN_TWO | {"written_in-1": "ro", "authentic": "0"}, "This language has a text already", "written_in-1"),
        (IN_TWO | {"written_in-1": "", "authentic": "0"}, "Choose the language of the statement", "written_in-1"),
        (IN_TWO | {"written_in-1": "tlh", "authentic": "0"}, "Not a valid choice", "written_in-1"),
        (IN_TWO | {"statement-1": "x" * 10_001, "authentic": "0"}, "Shorten the text to 10000", "statement-1"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    alice: CheckedClient, typed: dict[str, str], expected: str, field: str
) -> None:
    answer = alice.send(PAGE, **typed)
    assert answer.status_code == 422
    [link] = [each for each in parse(answer).iter(f"{HTML}a") if each.get("href") == f"#{field}"]
    assert expected in "".join(link.itertext())
    assert fields_of(answer)["statement-0"] == "Cu plăcere."


def test_the_public_sees_every_language(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    alice.send(PAGE, **IN_TWO, authentic="0")
    alice.send(f"{DESK}/check", "/submit")
    with in_register(app):
        page = f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}"
    sam = sign_in(world.sam)
    assert "In Romanian: authentic text Cu plăcere. In French: Avec plaisir." in text_of(sam.get(page))
    sam.send(page, "/confirm")
    told = text_of(app.test_client().get("/fr/participants/arcadia"))
    assert "Cu plăcere." in told
    assert "Avec plaisir." in told


def test_a_statement_in_a_language_that_is_not_offered_is_changed_and_stays_in_it(
    app: Flask, sign_in, world: World
) -> None:
    act(app, published, world.borduria, world.cohort, statement=Text.of("Gern.", "de"))
    bruno, desk = sign_in(world.bruno), "/en/desk/borduria/clean-rivers"
    bruno.send(f"{desk}/recommendations", scope="all")
    bruno.send(f"{desk}/statement", **{"statement-0": "Sehr gern."})
    with in_register(app):
        assert open_one("borduria", "clean-rivers").statement == Text.of("Sehr gern.", "de")


def test_reservations_in_a_language_that_is_not_offered_are_changed_and_stay_in_it(
    app: Flask, sign_in, world: World
) -> None:
    act(app, published, world.borduria, world.cohort, reservations={"1.2": Text.of("Nicht ganz.", "de")})
    bruno, desk = sign_in(world.bruno), "/en/desk/borduria/clean-rivers"
    bruno.send(f"{desk}/recommendations", scope="all")
    bruno.send(f"{desk}/reservations", **{"reservation-1.2": "Nicht sonntags."})
    with in_register(app):
        [kept] = open_one("borduria", "clean-rivers").reservations
        assert kept.reservation == Text.of("Nicht sonntags.", "de")
