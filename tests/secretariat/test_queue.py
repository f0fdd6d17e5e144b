from flask import Flask

from tests.acting import act
from tests.checked_client import text_of
from tests.world import World, a_submission, published
from tracker.models import Text


def test_the_oldest_submission_comes_first(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    told = text_of(sign_in(world.sam).get("/en/secretariat/"))
    assert "2 endorsements wait" in told
    assert told.index("Borduria") < told.index("Arcadia")


def test_it_says_when_nothing_waits(sign_in, world: World) -> None:
    assert "Nothing waits for a decision." in text_of(sign_in(world.sam).get("/en/secretariat/"))


def test_counts_stand_by_heading_recommendation_and_kind(app: Flask, sign_in, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, numbers=["1.1"], reservations={"1.1": Text.of("No.")})
    act(app, published, world.league, world.cohort, numbers=["1.2"])
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    told = text_of(sign_in(world.sam).get("/en/secretariat/counts/clean-rivers"))
    assert "1. Heading 1 1 1 reserved 0 1 0 2" in told
    assert "1.1 Do what 1.1 says. 1 1 reserved 0 0 0 1" in told
    assert "2. Heading 2 0 0 0 0 0" in told
    assert "At least one recommendation 1 1 reserved 0 1 0 2" in told
    assert "Submitted 1" in told
