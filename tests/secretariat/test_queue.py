from flask import Flask

from tests.acting import act, in_register, open_one
from tests.checked_client import text_of
from tests.world import World, a_submission, account, published, with_notice
from tracker import awaiting, endorsing
from tracker.models import Endorsement
from tracker.vocabulary import Question


def test_the_oldest_submission_comes_first(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    told = text_of(sign_in(world.sam).get("/en/secretariat/"))
    assert "2 wait for a decision" in told
    table = told[told.index("2 wait") :]
    assert table.index("Borduria") < table.index("Arcadia")


def test_it_says_when_nothing_waits(sign_in, world: World) -> None:
    assert "Nothing waits for a decision." in text_of(sign_in(world.sam).get("/en/secretariat/"))


def test_a_matter_alone_is_shown(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    act(app, notice_by_arcadia, world.arcadia, world.cohort, world.alice)
    told = text_of(sign_in(world.sam).get("/en/secretariat/?matter=withdrawal"))
    assert "1 waits for a decision" in told
    assert "Arcadia Withdrawal" in told
    assert "Borduria" not in told


def notice_by_arcadia(arcadia, cohort, alice) -> Endorsement:
    return with_notice(published(arcadia, cohort), alice)


def test_what_was_returned_is_shown_apart(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        reasons = {Question.LETTER: "It is not signed."}
        endorsing.return_(open_one("arcadia", "clean-rivers"), reasons=reasons, by=account(world.sam))
    sam = sign_in(world.sam)
    assert "Nothing waits for a decision." in text_of(sam.get("/en/secretariat/"))
    assert "1 was returned and waits to be corrected" in text_of(sam.get("/en/secretariat/?state=returned"))


def test_a_choice_that_there_is_not_is_told(sign_in, world: World) -> None:
    answer = sign_in(world.sam).get("/en/secretariat/?matter=rumour")
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)


def test_it_says_who_is_looking(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    kim, sam = sign_in(world.kim), sign_in(world.sam)
    page = f"/en/secretariat/endorsements/{reference}"
    assert kim.send(page, "/look").location == page
    assert "Somebody else is looking at this" not in text_of(kim.get(page))
    assert "Kim, last at" in text_of(sam.get(page))
    assert "Alice Kim" in text_of(sam.get("/en/secretariat/"))


def test_nobody_is_said_to_look_at_what_is_decided(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        awaiting.look(reference, by=account(world.kim))
        endorsing.confirm(open_one("arcadia", "clean-rivers"), by=account(world.kim))
    told = text_of(sign_in(world.sam).get(f"/en/secretariat/endorsements/{reference}"))
    assert "Tell colleagues that you are looking at this" not in told
