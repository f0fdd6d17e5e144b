"""Mails on their way, against real SMTP servers: one that takes them, and every kind that does not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Flask

from config import PROJECT, SmtpServer, smtp_server
from tests.acting import act, found, in_register, open_one
from tests.checked_client import CheckedClient
from tests.conftest import KEY
from tests.post_box import SENDER, PostBox, deliver, post_box, text_of
from tests.test_cli import COMMAND, environment
from tests.world import (
    PASSWORD,
    World,
    a_submission,
    account,
)
from tracker import accrediting, clock, endorsing
from tracker.extensions import db, writing
from tracker.mails import digest, mailing, outbox
from tracker.mails.mailing import Report
from tracker.mails.outbox import PAUSES
from tracker.models import Mail, ParticipantName, Text
from tracker.vocabulary import MailState, Question

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def submit(app: Flask, world: World) -> str:
    """Let Arcadia submit: four mails wait, two receipts and two to staff."""
    return act(app, a_submission, world.arcadia, world.cohort, world.alice)


def states(app: Flask) -> dict[str, MailState]:
    """Return where the mail to each person stands."""
    with app.app_context():
        return {mail.name: mail.state for mail in db.session.scalars(sa.select(Mail))}


def mail_to(app: Flask, name: str) -> Mail:
    """Return the last mail to a person, as it stands, for reading alone."""
    with app.app_context():
        query = sa.select(Mail).filter_by(name=name).order_by(Mail.id.desc()).limit(1)
        mail = db.session.scalars(query).one()
        db.session.expunge(mail)
        return mail


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(clock.now() + timedelta(**by), tick=True):
        yield


class Refusing(PostBox):
    """Answers otherwise than with 250 to some recipients, once or always."""

    def __init__(self, **replies: list[str]) -> None:
        super().__init__()
        self.replies = replies

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        replies = self.replies.get(address.partition("@")[0], [])
        if replies:
            return replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Slow(PostBox):
    """Does not answer, for longer than anybody waits."""

    asked = 0

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.asked += 1
        await asyncio.sleep(30)
        return responses


class BreakingOff(SMTP):
    """Closes the connection within the message, for the first one."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's
        box: Any = self.event_handler
        if not box.broke_off:
            box.broke_off = True
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()  # type: ignore[union-attr]
            return
        await super().smtp_DATA(arg)


class DyingOnce(PostBox):
    protocol = BreakingOff
    broke_off = False


class Meddling(PostBox):
    """Lets something happen in the register while it has a message in hand."""

    def __init__(self, happens: Any) -> None:
        super().__init__()
        self.happens = happens

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.keep(envelope)
        self.happens()
        return "250 Taken"


def test_everybody_gets_their_mail_over_one_connection(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box:
        assert deliver(app, box) == Report(sent=4)
        assert box.connections == 1
    assert sorted(recipient for recipient, _ in box.taken) == sorted([world.alice, world.adam, world.sam, world.kim])
    assert set(states(app).values()) == {MailState.SENT}


def test_what_was_sent_is_not_sent_again(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
        assert deliver(app, box) == Report()


def test_a_mail_says_by_its_headers_whence_it_comes_and_that_nobody_wrote_it(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.alice)[0]
    assert (mail["From"], mail["To"]) == ("Endorsement tracker <register@example.org>", "Alice <alice@example.org>")
    assert mail["Reply-To"] == "secretariat@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == mail_to(app, "Alice").message_id
    assert abs(mail["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert mail["Content-Language"] == "en"


def test_a_mail_is_plain_text_and_html_that_say_the_same(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.alice)[0]
    assert mail.get_content_type() == "multipart/alternative"
    text, html = text_of(mail), text_of(mail, "html")
    with app.app_context():
        entry = open_one("arcadia", "clean-rivers").acts[-1].entry
    for said in ("This is the receipt.", "Arcadia", "Cohort on Clean Rivers", "The whole set", entry.hash):
        assert said in text
        assert said in html
    assert f"Ledger entry: {entry.sequence}\n" in text
    assert '<html lang="en" dir="ltr">' in html
    assert "style=" not in html
    assert "<script" not in html


def test_a_mail_is_in_the_language_of_its_recipient(app: Flask, world: World) -> None:
    with in_register(app):
        accrediting.choose_language(account(world.adam), "fr")
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.adam)[0]
    assert mail["Content-Language"] == "fr"
    assert str(mail["Subject"]).startswith("Arcadie")
    assert "Soumise par" in text_of(mail)
    assert '<html lang="fr" dir="ltr">' in text_of(mail, "html")
    assert str(box.to(world.alice)[0]["Subject"]) == "Arcadia: The endorsement was submitted"


@pytest.mark.parametrize(
    ("who", "lands_on"), [("alice", "/en/desk/arcadia/"), ("sam", "/en/secretariat/endorsements/{reference}")]
)
def test_a_mail_leads_over_sign_in_to_the_right_page(
    app: Flask, world: World, client: CheckedClient, who: str, lands_on: str
) -> None:
    reference = submit(app, world)
    with post_box() as box:
        deliver(app, box)
    address = lands_on.format(reference=reference)
    assert f"https://register.example.org{address}\n" in text_of(box.to(getattr(world, who))[0])
    sign_in = client.get(address).location
    assert client.send(sign_in, email=getattr(world, who), password=PASSWORD).location == address
    assert client.get(address).status_code == 200


def test_the_reason_of_a_return_is_in_the_mail(app: Flask, world: World) -> None:
    reference = submit(app, world)
    with in_register(app):
        endorsement = open_one("arcadia", "clean-rivers")
        assert endorsement.reference == reference
        reasons = {Question.OVERALL: "Write to us.", Question.LETTER: "It is not <signed>.\nAnd not dated."}
        endorsing.return_(endorsement, reasons=reasons, by=account(world.sam))
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.alice)[-1]
    assert "> Signed letter\n> It is not <signed>.\n> And not dated.\n> \n> Write to us." in text_of(mail)
    assert "It is not &lt;signed&gt;." in text_of(mail, "html")


def test_a_change_since_then_does_not_change_what_a_mail_says(app: Flask, world: World) -> None:
    submit(app, world)
    with in_register(app):
        db.session.execute(sa.update(ParticipantName).values(name=Text.of("Elsewhere")))
    with post_box() as box:
        deliver(app, box)
    assert "Elsewhere" not in text_of(box.to(world.alice)[0])


def test_names_beyond_ascii_arrive_as_they_are(app: Flask, world: World) -> None:
    with in_register(app):
        account(world.alice).name = "Żółta Ćma, Drużyna"
        found(world.arcadia, world.cohort)[0].current_name.name = Text.of("Ελλάδα")
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.alice)[0]
    assert mail["To"].addresses[0].display_name == "Żółta Ćma, Drużyna"
    assert mail["Subject"] == "Ελλάδα: The endorsement was submitted"


def test_a_name_from_right_to_left_leaves_the_words_around_it_alone(app: Flask, world: World) -> None:
    with in_register(app):
        found(world.arcadia, world.cohort)[0].current_name.name = Text.of("أركاديا", "ar")
    submit(app, world)
    with post_box() as box:
        deliver(app, box)
    mail = box.to(world.alice)[0]
    assert mail["Subject"] == "\u2068أركاديا\u2069: The endorsement was submitted"
    assert '<span lang="ar" dir="rtl">أركاديا</span>' in text_of(mail, "html")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_name_makes_a_header_of_its_own(app: Flask, world: World, end: str) -> None:
    evil = f'Eve" <eve@example.org>,{end}Bcc: all@example.org{end}{end}A body'
    with in_register(app):
        account(world.alice).name = evil
        found(world.arcadia, world.cohort)[0].current_name.name = Text.of(evil)
    submit(app, world)
    with post_box() as box:
        assert deliver(app, box).given_up == 0
    assert len(box.taken) == 4
    mail = box.to(world.alice)[0]
    assert mail["Bcc"] is None
    assert [each.addr_spec for each in mail["To"].addresses] == [world.alice]
    assert text_of(mail).startswith("The endorsement was submitted\n")


def test_an_address_beyond_ascii_is_written_to(app: Flask, world: World) -> None:
    with in_register(app):
        account(world.alice).email = "żółw@example.org"
    act(app, a_submission, world.arcadia, world.cohort, "żółw@example.org")
    with post_box() as box:
        assert deliver(app, box) == Report(sent=4)
    assert len(box.to("żółw@example.org")) == 1


def test_where_the_server_knows_ascii_alone_such_a_mail_is_given_up(app: Flask, world: World) -> None:
    with in_register(app):
        account(world.alice).email = "żółw@example.org"
    act(app, a_submission, world.arcadia, world.cohort, "żółw@example.org")
    with post_box(enable_SMTPUTF8=False) as box:
        assert deliver(app, box) == Report(sent=3, given_up=1)
    assert "SMTPUTF8" in str(mail_to(app, "Alice").last_error)


def test_a_refused_recipient_is_given_up_and_the_others_get_theirs(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box(Refusing(adam=["550 5.1.1 No such mailbox"])) as box:
        assert deliver(app, box) == Report(sent=3, given_up=1)
        assert box.connections == 1
    mail = mail_to(app, "Adam")
    assert (mail.state, mail.last_error) == (MailState.DEAD, "550 5.1.1 No such mailbox")


def test_what_is_put_off_is_taken_a_little_later(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box(Refusing(adam=["451 4.7.1 Come back later"])) as box:
        assert deliver(app, box) == Report(sent=3, put_off=1)
        assert deliver(app, box) == Report()
        assert mail_to(app, "Adam").last_error == "451 4.7.1 Come back later"
        with later(minutes=2):
            assert deliver(app, box) == Report(sent=1)
    assert mail_to(app, "Adam").last_error is None
    assert len(box.to(world.adam)) == 1


def test_the_pauses_grow_over_days_and_then_it_is_given_up(app: Flask, world: World) -> None:
    submit(app, world)
    begun = clock.now()
    tried: list[datetime] = []
    with post_box(Refusing(adam=["451 Come back later"] * 100)) as box:
        deliver(app, box)
        while (mail := mail_to(app, "Adam")).state is MailState.WAITING:
            assert mail.next_attempt_at
            tried.append(mail.next_attempt_at)
            with time_machine.travel(mail.next_attempt_at, tick=False):
                deliver(app, box)
    pauses = [after - before for before, after in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert timedelta(days=4) < tried[-1] - begun < timedelta(days=5)
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.DEAD, len(PAUSES) + 1, "451 Come back later")


def test_refused_content_is_given_up(app: Flask, world: World) -> None:
    class Picky(PostBox):
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802
            return "554 No such mails"

    submit(app, world)
    with post_box(Picky()) as box:
        assert deliver(app, box) == Report(given_up=4)


def test_a_refused_sender_is_the_installations_fault_and_put_off(app: Flask, world: World) -> None:
    class Suspicious(PostBox):
        async def handle_MAIL(self, *_: object) -> str:  # noqa: N802
            return "550 Not from here"

    submit(app, world)
    with post_box(Suspicious()) as box:
        assert deliver(app, box) == Report(put_off=4)


def test_a_server_that_is_away_loses_nothing(app: Flask, world: World) -> None:
    submit(app, world)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        away = SmtpServer("127.0.0.1", nobody.getsockname()[1])
    with app.app_context():
        report = mailing.deliver(away, SENDER)
    assert (report.sent, report.put_off, report.given_up) == (0, 4, 0)
    assert "Connection refused" in report.trouble
    with post_box() as box, later(minutes=2):
        assert deliver(app, box) == Report(sent=4)


def test_a_server_that_does_not_answer_is_waited_for_once(app: Flask, world: World) -> None:
    submit(app, world)
    slow = Slow()
    with post_box(slow) as box:
        report = deliver(app, box)
    assert (report.put_off, slow.asked) == (4, 1)
    assert "timed out" in report.trouble


def test_a_server_that_breaks_off_within_a_message_gets_it_later_and_the_others_now(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box(DyingOnce()) as box:
        assert deliver(app, box) == Report(sent=3, put_off=1)
        assert box.connections == 2
        with later(minutes=2):
            assert deliver(app, box) == Report(sent=1)
    assert len(set(box.ids())) == len(box.ids()) == 4


def test_a_slow_server_keeps_nobody_from_recording(app: Flask, world: World) -> None:
    submit(app, world)
    recorded: list[str] = []

    def record() -> None:
        if not recorded:
            recorded.append(act(app, a_submission, world.borduria, world.cohort, world.bruno))

    with post_box(Meddling(record)) as box:
        assert deliver(app, box).put_off == 0
    assert recorded
    assert box.subjects(world.bruno) == ["Borduria: The endorsement was submitted"]


def test_two_deliverers_at_once_send_each_mail_once(app: Flask, world: World) -> None:
    submit(app, world)
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    with post_box(Meddling(lambda: time.sleep(0.02))) as box, ThreadPoolExecutor(2) as deliverers:
        reports = list(deliverers.map(lambda _: deliver(app, box), range(2)))
    assert sum(report.sent for report in reports) == 7
    assert len(set(box.ids())) == len(box.ids()) == 7


def test_a_deliverer_killed_before_it_noted_a_mail_sends_it_again_under_the_same_id(
    app: Flask, world: World, database_url: str
) -> None:
    submit(app, world)
    held, taken = threading.Event(), threading.Event()
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)

    def keep_it_from_noting() -> None:
        if not held.is_set():
            connection = engine.connect()
            writing.set(True)  # SQLite's write lock is taken at the start
            connection.exec_driver_sql("LOCK TABLE mail" if engine.dialect.name == "postgresql" else "SELECT 1")
            holding.callback(connection.close)
            held.set()
        taken.set()

    with post_box(Meddling(keep_it_from_noting)) as box:
        with contextlib.ExitStack() as holding:
            settings = {"SMTP_URL": box.url, "MAIL_FROM": SENDER, "ADDRESS": "https://register.example.org"}
            command = [COMMAND, "mail", "deliver"]
            told = environment(database_url, SECRET_KEY=KEY, **settings)
            with subprocess.Popen(command, cwd=PROJECT, env=told) as deliverer:
                assert taken.wait(30)
                time.sleep(0.5)  # the server's answer arrives, and the note of it waits
                os.kill(deliverer.pid, signal.SIGKILL)
        assert len(box.ids()) == 1
        assert sorted(states(app).values()) == [MailState.WAITING] * len(states(app))
        with later(minutes=20):
            deliver(app, box)
    sent_twice = [each for each in set(box.ids()) if box.ids().count(each) == 2]
    assert sent_twice == [box.ids()[0]]
    assert set(states(app).values()) == {MailState.SENT}


def test_a_deliverer_that_was_overtaken_changes_nothing(app: Flask, world: World) -> None:
    submit(app, world)
    with in_register(app):
        slow = outbox.claim()
        assert slow
    with later(minutes=20), in_register(app):
        claims = [outbox.claim() for _ in range(4)]
        (quick,) = (each for each in claims if each and each.mail_id == slow.mail_id)
        assert outbox.sent(quick) is MailState.SENT
        assert outbox.failed(slow, "451 Come back later", for_good=False) is MailState.SENT


def test_nobody_who_left_since_gets_a_mail(app: Flask, world: World) -> None:
    submit(app, world)
    with in_register(app):
        account(world.adam).active = False
    with post_box() as box:
        assert deliver(app, box) == Report(sent=3, given_up=1)
    assert box.to(world.adam) == []


def test_a_mail_whose_facts_nobody_can_read_does_not_stop_the_others(app: Flask, world: World) -> None:
    submit(app, world)
    with in_register(app):
        db.session.execute(sa.update(Mail).where(Mail.name == "Sam").values(facts='{"participant":{}}'))
    with post_box() as box:
        assert deliver(app, box) == Report(sent=3, given_up=1)
    assert str(mail_to(app, "Sam").last_error).startswith("The mail cannot be written")


def test_the_digest_of_the_week_is_sent(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box, app.app_context():
        mailing.post_digests()
        mailing.post_digests()
        mailing.deliver(box.server, SENDER)
    (mail,) = (each for each in box.to(world.sam) if str(each["Subject"]).startswith("The week"))
    assert "- Arcadia: Endorsement, 0 days\n  Cohort on Clean Rivers\n  https://register.example.org/en/sec" in text_of(
        mail
    )
    assert "Returned in the week\n\nNone\n" in text_of(mail)


def test_a_digest_cut_short_says_how_many_more_there_are(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "MOST_LISTED", 1)
    submit(app, world)
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    with post_box() as box, app.app_context():
        mailing.post_digests()
        mailing.deliver(box.server, SENDER)
    assert "\nand 1 more\n" in text_of(box.to(world.sam)[-1])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for 127.0.0.1 and its key."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "1", "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", path.with_name("key"), "-out", path], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_name("key").read_bytes())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def signs_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: Any) -> AuthResult:
    return AuthResult(success=(said.login, said.password) == (b"register", b"p@ss:/word"), handled=False)


#: The server says so of a connection encrypted from its start too.
of_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SIGNING_IN = {"authenticator": signs_in, "auth_required": True}
CREDENTIALS = "register:p%40ss%3A%2Fword"


@on_sqlite
def test_it_encrypts_by_starttls_before_it_signs_in(
    app: Flask, world: World, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    submit(app, world)
    with post_box(tls_context=tls, require_starttls=True, **SIGNING_IN) as box, app.app_context():
        server = smtp_server(f"smtp+starttls://{CREDENTIALS}@127.0.0.1:{box.port}")
        assert mailing.deliver(server, SENDER) == Report(sent=4)


@on_sqlite
@of_tls
def test_a_connection_may_be_encrypted_from_its_start(
    app: Flask, world: World, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    submit(app, world)
    with post_box(ssl_context=tls, auth_require_tls=False, **SIGNING_IN) as box, app.app_context():
        server = smtp_server(f"smtps://{CREDENTIALS}@127.0.0.1:{box.port}")
        assert mailing.deliver(server, SENDER) == Report(sent=4)


@on_sqlite
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    app: Flask, world: World, tls: ssl.SSLContext, scheme: str
) -> None:
    submit(app, world)
    options = {"ssl_context": tls} if scheme == "smtps" else {"tls_context": tls}
    with post_box(**options) as box, app.app_context():
        report = mailing.deliver(smtp_server(f"{scheme}://127.0.0.1:{box.port}"), SENDER)
    assert "CERTIFICATE_VERIFY_FAILED" in report.trouble
    assert (report.put_off, box.taken) == (4, [])


@on_sqlite
def test_a_server_without_starttls_gets_nothing(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box() as box, app.app_context():
        report = mailing.deliver(smtp_server(f"smtp+starttls://127.0.0.1:{box.port}"), SENDER)
    assert "STARTTLS" in report.trouble
    assert (report.put_off, box.taken) == (4, [])


@on_sqlite
@of_tls
def test_a_wrong_password_puts_off_and_gives_nothing_up(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box(auth_require_tls=False, **SIGNING_IN) as box, app.app_context():
        report = mailing.deliver(smtp_server(f"smtp://register:wrong@127.0.0.1:{box.port}"), SENDER)
    assert (report.put_off, report.given_up) == (4, 0)
    assert "535" in report.trouble


@contextmanager
def watching(database_url: str, box: PostBox) -> Iterator[subprocess.Popen[str]]:
    """Watch the outbox in a process of its own, which is gone afterwards, whatever became of the test."""
    settings = {"SMTP_URL": box.url, "MAIL_FROM": SENDER, "ADDRESS": "https://register.example.org"}
    command = [COMMAND, "mail", "deliver", "--watch"]
    environ = environment(database_url, SECRET_KEY=KEY, **settings)
    with subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=subprocess.PIPE, text=True) as deliverer:
        try:
            yield deliverer
        finally:
            deliverer.kill()


def wait_for(something: Any, seconds: float = 30) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not something():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
@on_sqlite
def test_watching_sends_what_comes_and_stops_cleanly(
    app: Flask, world: World, database_url: str, signal_: signal.Signals
) -> None:
    with post_box() as box, watching(database_url, box) as deliverer:
        wait_for(lambda: len(box.taken) == 5)  # the digests, and the reminders of accreditations
        submit(app, world)
        wait_for(lambda: len(box.taken) == 9)
        deliverer.send_signal(signal_)
        assert deliverer.wait(10) == 0
        assert deliverer.stdout
        told = re.findall(r"(\d+) sent, 0 put off, 0 given up\.", deliverer.stdout.read())
        assert sum(map(int, told)) == 9  # the submission may have come while the digests were sent


def test_watching_outlives_a_database_that_is_away(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(app, world)
    monkeypatch.setattr("tracker.watching.LOOK_AGAIN", 0.01)
    said: list[str] = []
    stop = threading.Event()

    def hear(what: str) -> None:
        said.append(what)
        with app.app_context(), db.engine.begin() as connection:
            if "does not answer" in what:
                connection.exec_driver_sql("ALTER TABLE away RENAME TO mail")
            else:
                stop.set()

    with app.app_context():
        writing.set(True)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE mail RENAME TO away")
        writing.set(False)
    with post_box() as box, app.app_context():
        mailing.watch(box.server, SENDER, stop=stop, say=hear)
    assert said[0].startswith("The database does not answer")
    assert said[1:] == ["9 sent, 0 put off, 0 given up."]


def test_a_mail_that_was_given_up_is_sent_again_under_the_same_id(app: Flask, world: World) -> None:
    submit(app, world)
    with post_box(Refusing(adam=["550 No such mailbox"])) as box:
        deliver(app, box)
        before = mail_to(app, "Adam")
        with in_register(app):
            found_again = outbox.mail_of(before.reference)
            assert found_again
            outbox.send_again(found_again)
        assert deliver(app, box) == Report(sent=1)
    assert [str(each["Message-ID"]) for each in box.to(world.adam)] == [before.message_id]


def test_a_mail_is_seven_bits_wide(app: Flask, world: World) -> None:
    class Raw(PostBox):
        raw: bytes = b""

        def keep(self, envelope: Envelope) -> None:
            assert isinstance(envelope.content, bytes)
            self.raw += envelope.content
            super().keep(envelope)

    with in_register(app):
        accrediting.choose_language(account(world.adam), "fr")
        found(world.arcadia, world.cohort)[0].current_name.name = Text.of("Ελλάδα " * 40)
    submit(app, world)
    with post_box(Raw()) as box:
        deliver(app, box)
    assert isinstance(box, Raw)
    assert box.raw.isascii()
    assert max(map(len, box.raw.splitlines())) <= 998
    assert isinstance(box.to(world.adam)[0], EmailMessage)
