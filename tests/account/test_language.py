import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account

PAGE = "/en/account/language"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)


def language(app: Flask, world: World) -> str:
    with in_register(app):
        return account(world.alice).language


def test_a_person_chooses_the_language_of_their_mails(app: Flask, world: World, alice: CheckedClient) -> None:
    assert alice.send(PAGE, mails_in="fr").location == PAGE
    assert language(app, world) == "fr"
    assert alice.fill(PAGE)[1]["mails_in"] == ["fr"]


def test_it_is_english_until_then(app: Flask, world: World, alice: CheckedClient) -> None:
    assert alice.fill(PAGE)[1]["mails_in"] == ["en"]


@pytest.mark.parametrize("chosen", ["", "xx", "en\r\nBcc: all@example.org"])
def test_another_language_than_those_that_there_are_is_refused(
    app: Flask, world: World, alice: CheckedClient, chosen: str
) -> None:
    answer = alice.send(PAGE, mails_in=chosen)
    assert answer.status_code == 422
    assert "Choose one of the languages" in text_of(answer)
    assert language(app, world) == "en"


def test_the_page_about_their_account_leads_there(alice: CheckedClient) -> None:
    assert 'href="/en/account/security"' in alice.get("/en/desk/").text
    assert f'href="{PAGE}"' in alice.get("/en/account/security").text
