from flask import Flask

from tests.acting import act
from tests.checked_client import CheckedClient, text_of
from tests.world import World, published
from tracker import ledger
from tracker.models import Text


def test_the_tally_comes_first(app: Flask, client: CheckedClient, world: World) -> None:
    for participant in (world.arcadia, world.borduria, world.union, world.league, world.council):
        act(app, published, participant, world.cohort)
    told = text_of(client.get("/en/clean-rivers"))
    sentence = (
        "Endorsed by 2 countries and the Commission of the Union, as well as 1 civil society organisation "
        "and 1 intergovernmental organisation."
    )
    assert sentence in told
    assert told.index(sentence) < told.index("Recommendations")


def test_each_recommendation_has_its_counts_by_kind(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    act(app, published, world.league, world.cohort, numbers=["1.1"])
    told = text_of(client.get("/en/clean-rivers"))
    assert "1.1 Do what 1.1 says. (summary) 1 0 1 0" in told
    assert "1.2 Do what 1.2 says. (summary) 1 0 0 0" in told
    assert "At least one recommendation 1 0 1 0" in told


def test_it_says_when_nobody_has_endorsed(client: CheckedClient) -> None:
    assert "Endorsed by no country or organisation yet." in text_of(client.get("/en/clean-rivers"))


def test_it_speaks_french(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.union, world.cohort)
    told = text_of(client.get("/fr/clean-rivers"))
    assert "Recommandations approuvées par la Commission de l’Union." in told


def test_a_text_without_translation_is_marked_with_its_language(client: CheckedClient) -> None:
    page = client.get("/fr/clean-rivers").text
    assert '<span lang="en" dir="ltr">Do what 1.1 says.</span>' in page


def test_it_names_the_ledger_entry_at_which_the_register_stands(
    app: Flask, client: CheckedClient, world: World
) -> None:
    with app.app_context():
        head, _ = ledger.head()
    before = text_of(client.get("/en/clean-rivers"))
    act(app, published, world.arcadia, world.cohort, reservations={"1.1": Text.of("In part.")})
    after = text_of(client.get("/en/clean-rivers"))
    assert f"ledger entry {head}." in before
    assert f"ledger entry {head + 1}." in after


def test_an_unknown_cohort_is_not_found(client: CheckedClient) -> None:
    answer = client.get("/fr/rien-de-tel")
    assert answer.status_code == 404
    assert "Page introuvable" in text_of(answer)
    assert "Aller à la liste des cohortes" in text_of(answer)
