"""Mails that were sent long ago lose their recipients and their texts, and are not sent twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app

from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.mails import digest, outbox, posting, purging
from tracker.models import Account, Mail
from tracker.vocabulary import MailState, Notice


def a_mail(to: Account, *, sent: int | None = None, occasion: str | None = None) -> Mail:
    """Return a mail that was sent so many days ago; one that waits where no number is given."""
    mail = posting.write(to, Notice.DIGEST, {"week": "something personal"}, occasion=occasion)
    if sent is not None:
        mail.state, mail.next_attempt_at = MailState.SENT, None
        mail.sent_at = clock.now() - timedelta(days=sent)
    db.session.flush()
    return mail


def test_an_old_mail_loses_its_recipient_and_its_text(register: World) -> None:
    mail = a_mail(register.sam, sent=91, occasion="digest/1")
    assert purging.due()
    assert purging.purge() == 1
    db.session.refresh(mail)
    assert (mail.name, mail.address, mail.recipient, mail.facts) == ("", "", None, "{}")
    assert (mail.occasion, mail.state) == ("digest/1", MailState.SENT)
    assert not purging.due()


@pytest.mark.parametrize("sent", [None, 89], ids=["waiting", "sent lately"])
def test_others_are_left_alone(register: World, sent: int | None) -> None:
    mail = a_mail(register.sam, sent=sent)
    assert purging.purge() == 0
    assert mail.address == "sam@example.org"


def test_what_was_given_up_is_left_alone_for_somebody_to_send_again(register: World) -> None:
    mail = a_mail(register.sam)
    claimed = outbox.claim()
    assert claimed is not None
    outbox.failed(claimed, "550 No such mailbox", for_good=True)
    assert purging.purge() == 0
    assert mail.state is MailState.DEAD


def test_an_installation_keeps_them_for_as_long_as_it_sets(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    a_mail(register.sam, sent=10)
    monkeypatch.setitem(current_app.config, "MAIL_KEPT", timedelta(days=9))
    assert purging.purge() == 1


def test_a_digest_that_was_purged_is_not_posted_again(register: World) -> None:
    digest.post()
    db.session.flush()
    for mail in db.session.query(Mail):
        mail.state, mail.next_attempt_at, mail.sent_at = MailState.SENT, None, clock.now() - timedelta(days=91)
    db.session.flush()
    assert purging.purge() > 0
    assert not digest.due()
