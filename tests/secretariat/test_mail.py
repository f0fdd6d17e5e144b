from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import text_of
from tests.world import World, a_submission, account
from tracker import accrediting, clock
from tracker.extensions import db
from tracker.mails import outbox
from tracker.models import Mail

PAGE = "/en/secretariat/mail"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


def give_up(app: Flask, world: World) -> str:
    """Let Arcadia submit and one receipt be refused; return the address of its page."""
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        claimed = outbox.claim()
        assert claimed
        outbox.failed(claimed, "550 No such mailbox", for_good=True)
        return f"{PAGE}/{db.session.get_one(Mail, claimed.mail_id).reference}"


def send_one(app: Flask) -> None:
    with in_register(app):
        claimed = outbox.claim()
        assert claimed
        outbox.sent(claimed)


def test_it_counts_what_waits_what_was_given_up_and_what_was_sent(app: Flask, sign_in, world: World) -> None:
    give_up(app, world)
    send_one(app)
    told = text_of(sign_in(world.sam).get(PAGE))
    assert "Waiting 2 Sent 1 Given up 1" in told
    assert "550 No such mailbox" in told
    assert told.index("Lately sent") < told.rindex("Receipt of a submission Arcadia Adam, adam@example.org")


def test_it_says_when_there_is_none(sign_in, world: World) -> None:
    told = text_of(sign_in(world.sam).get(PAGE))
    assert "No mail waits." in told
    assert "No mail was sent yet." in told


def test_the_queue_leads_to_it(sign_in, world: World) -> None:
    assert f'href="{PAGE}"' in sign_in(world.sam).get("/en/secretariat/").text


def test_it_says_that_nobody_sends_what_has_long_been_due(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    assert "Nobody sends the mails" not in text_of(sign_in(world.sam).get(PAGE))
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert "Nobody sends the mails" in text_of(sign_in(world.sam).get(PAGE))


def test_a_mail_is_shown_as_its_recipient_reads_it(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        accrediting.choose_language(account(world.alice), "fr")
    page = sign_in(world.sam).get(give_up(app, world))
    assert '<article class="mail" lang="fr" dir="ltr">' in page.text
    told = text_of(page)
    assert "To Alice, alice@example.org" in told
    assert "Soumise par" in told
    assert "https://register.example.org/fr/desk/arcadia/" in told


def test_what_was_given_up_is_sent_again(app: Flask, sign_in, world: World) -> None:
    page = give_up(app, world)
    sam = sign_in(world.sam)
    assert sam.send(page, "/send-again").location == page
    told = text_of(sam.get(page))
    assert "Status Waiting" in told
    assert "Attempts 0" in told
    assert "What the server answered 550 No such mailbox" in told


def test_two_of_the_staff_send_it_again(app: Flask, sign_in, world: World) -> None:
    page = give_up(app, world)
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    address, fields = kim.fill(page, "/send-again")
    sam.send(page, "/send-again")
    answer = kim.post(address, data=fields)
    assert answer.status_code == 409
    assert "This mail is not given up" in text_of(answer)


def test_what_is_no_mail_is_not_found(sign_in, world: World) -> None:
    assert sign_in(world.sam).get(f"{PAGE}/nothing").status_code == 404


def test_a_mail_of_which_the_text_cannot_be_made_is_shown_without_it(app: Flask, sign_in, world: World) -> None:
    page = give_up(app, world)
    with in_register(app):
        db.session.execute(sa.update(Mail).values(facts="{}"))
    assert "The text of this mail cannot be made any more." in text_of(sign_in(world.sam).get(page))
