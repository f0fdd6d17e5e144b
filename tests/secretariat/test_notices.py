import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.letters import a_pdf, a_zip
from tests.world import World, a_notice_on_paper, account, published, status_of, with_notice
from tracker import clock, notices, withdrawing
from tracker.extensions import db
from tracker.models import Endorsement, Evidence, Proposal
from tracker.vocabulary import Status

LETTERS = "/en/secretariat/letters"
PLACE = f"{LETTERS}/arcadia/clean-rivers/withdrawal"


def days(field: str, day: date) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


SIGNED, RECEIVED = days("signed_on", date(2026, 3, 2)), days("received_on", date(2026, 3, 9))


@pytest.fixture
def sam(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, published, world.arcadia, world.cohort)
    return sign_in(world.sam)  # type: ignore[no-any-return]


def a_file(content: bytes | None = None, name: str = "letter.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(a_pdf() if content is None else content), name)


def the_one() -> Endorsement:
    return db.session.scalars(select(Endorsement)).one()


def proposal(app: Flask) -> str:
    with app.app_context():
        reference = db.session.scalars(select(Proposal.reference).order_by(Proposal.id.desc())).first()
    return f"/en/secretariat/proposals/{reference}"


def record(browser: CheckedClient, **letter: FileStorage) -> None:
    browser.send(LETTERS, participant="arcadia", cohort="clean-rivers", what="withdraws")
    browser.send(PLACE, "/withdrawal", **SIGNED, **RECEIVED, provenance="By post, no. 124", **letter)
    browser.send(f"{PLACE}/effect", reason="A new law.", written_in="en")
    browser.send(f"{PLACE}/check", "/submit")


def test_a_notice_is_recorded_step_by_step_and_confirmed_by_somebody_else(
    app: Flask, sam: CheckedClient, sign_in, world: World, client: CheckedClient
) -> None:
    begun = sam.send(LETTERS, participant="arcadia", cohort="clean-rivers", what="withdraws")
    assert begun.location == PLACE
    answered = sam.send(PLACE, "/withdrawal", **SIGNED, **RECEIVED, provenance="By post, no. 124", letter=a_file())
    assert answered.location == f"{PLACE}/effect"
    assert sam.send(f"{PLACE}/effect", reason="A new law.", written_in="en").location == f"{PLACE}/check"
    told = text_of(sam.get(f"{PLACE}/check"))
    assert "Day of notice 9 March 2026" in told
    assert "Day of effect 9 March 2026" in told
    assert "letter.pdf" in told
    sam.send(f"{PLACE}/check", "/submit")
    page = proposal(app)
    assert "Somebody else must decide" in text_of(sam.get(page))
    kim = sign_in(world.kim)
    told = text_of(kim.get(page))
    assert "a letter that came on paper: By post, no. 124" in told
    assert "letter.pdf" in told
    kim.send(page, "/approve")
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN
    told = text_of(client.get("/en/participants/arcadia"))
    assert "withdrawn with notice and effect on 9 March 2026" in told
    assert "signed on 2 March 2026, received on 9 March 2026, By post, no. 124" in told
    assert "[Arcadia" in text_of(client.get("/en/clean-rivers/signatories")).replace("[ ", "[")


def test_what_is_recorded_is_found_among_the_letters(sam: CheckedClient, sign_in, world: World) -> None:
    sam.send(LETTERS, participant="arcadia", cohort="clean-rivers", what="withdraws")
    assert "Arcadia Cohort on Clean Rivers Withdrawal Draft" in text_of(sign_in(world.kim).get(LETTERS))


def test_nothing_is_withdrawn_that_is_not_in_force(sam: CheckedClient) -> None:
    answer = sam.send(LETTERS, participant="borduria", cohort="clean-rivers", what="withdraws")
    assert answer.status_code == 409
    assert "No endorsement of these recommendations by this participant is in force." in text_of(answer)
    assert sam.get(f"{LETTERS}/borduria/clean-rivers/withdrawal").location == LETTERS


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Enter the date"),
        ({**SIGNED, **days("received_on", date(2026, 3, 1))}, "It cannot have been received before it was signed"),
        (
            {**SIGNED, **days("received_on", clock.today() + timedelta(days=1))},
            "The day of receipt cannot be in the future",
        ),
        (
            {**days("signed_on", clock.today() + timedelta(days=1)), **RECEIVED},
            "The date of signature cannot be in the future",
        ),
    ],
)
def test_days_out_of_order_are_told_beside_their_field(sam: CheckedClient, typed: dict[str, str], told: str) -> None:
    answer = sam.send(PLACE, "/withdrawal", provenance="<script>alert(1)</script>", **typed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "letter.pdf", "The file is empty"),
        (a_pdf() + bytes(11_000_000), "letter.pdf", "The file is larger than 10 MB"),
        (a_pdf() + a_zip(), "letter.pdf", "The file is an archive (ZIP) at the same time"),
        (a_pdf(), "letter.pdf.exe", "looks like that of a program"),
    ],
    ids=["empty", "11 MB", "a ZIP", "a program"],
)
def test_a_wrong_file_is_told_and_the_rest_kept(
    app: Flask, sam: CheckedClient, content: bytes, name: str, told: str
) -> None:
    answer = sam.send(PLACE, "/withdrawal", **SIGNED, **RECEIVED, provenance="By post", letter=a_file(content, name))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert 'value="By post"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Evidence)).all() == []


def test_a_good_letter_is_kept_where_another_answer_is_wrong(app: Flask, sam: CheckedClient) -> None:
    answer = sam.send(PLACE, "/withdrawal", letter=a_file(name="<script>alert(1)<script>.pdf"))
    assert answer.status_code == 422
    assert "Letter attached" in text_of(answer)
    assert "<script>alert" not in answer.text
    assert sam.send(PLACE, "/withdrawal", **SIGNED, **RECEIVED).location == f"{PLACE}/effect"
    assert "<script>alert(1)" in text_of(sam.get(f"{PLACE}/check"))


def test_a_letter_is_removed_again(app: Flask, sam: CheckedClient) -> None:
    sam.send(PLACE, "/withdrawal", letter=a_file())
    answer = sam.send(PLACE, "/withdrawal", remove="letter")
    assert "Letter attached" not in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Evidence)).all() == []


def test_effect_before_receipt_is_refused(sam: CheckedClient) -> None:
    sam.send(PLACE, "/withdrawal", **SIGNED, **RECEIVED)
    answer = sam.send(f"{PLACE}/effect", **days("effective_on", date(2026, 3, 8)))
    assert answer.status_code == 422
    assert "A withdrawal cannot take effect before its notice was received" in text_of(answer)


def test_who_saves_what_a_colleague_saved_meanwhile_is_told(app: Flask, sam: CheckedClient, world: World) -> None:
    address, typed = sam.fill(PLACE, "/withdrawal", **SIGNED, **RECEIVED)
    with in_register(app):
        a_notice_on_paper(the_one(), account(world.kim))
    answer = sam.post(address, data=typed)
    assert answer.status_code == 409
    assert "Somebody changed this endorsement while you had it open" in text_of(answer)


def test_a_notice_of_the_representatives_is_shown_instead(app: Flask, sam: CheckedClient, world: World) -> None:
    with in_register(app):
        with_notice(the_one(), account(world.alice))
    assert sam.get(PLACE).location == proposal(app)
    assert sam.send(LETTERS, participant="arcadia", cohort="clean-rivers", what="withdraws").status_code == 409


def test_what_was_returned_is_corrected_where_it_was_recorded(
    app: Flask, sam: CheckedClient, sign_in, world: World
) -> None:
    record(sam, letter=a_file())
    sign_in(world.kim).send(proposal(app), "/return", reason="The letter names 10 March.")
    assert "The letter names 10 March." in text_of(sam.get(PLACE))
    sam.send(f"{PLACE}/effect", **days("effective_on", date(2026, 3, 10)))
    told = text_of(sam.get(f"{PLACE}/check"))
    assert "Day of effect 10 March 2026" in told
    assert "letter.pdf" in told
    sam.send(f"{PLACE}/check", "/submit")
    with app.app_context():
        assert withdrawing.waiting(the_one()) is not None


def test_it_is_discarded(app: Flask, sam: CheckedClient, world: World) -> None:
    with in_register(app):
        a_notice_on_paper(the_one(), account(world.kim))
    assert sam.send(f"{PLACE}/check", "/discard").location == LETTERS
    with app.app_context():
        assert notices.recorded() == []


def test_representatives_see_it_on_their_desk_and_leave_it_alone(sam: CheckedClient, sign_in, world: World) -> None:
    record(sam, letter=a_file())
    alice = sign_in(world.alice)
    assert "The secretariat recorded a notice of withdrawal that came on paper" in text_of(
        alice.get("/en/desk/arcadia/")
    )
    page = alice.get("/en/desk/arcadia/clean-rivers/notice")
    assert "Take the notice back" not in text_of(page)
    address = page.text.split("evidence/")[1].split('"')[0]
    assert alice.get(f"/en/desk/arcadia/evidence/{address}", buffered=True).status_code == 200
    assert sign_in(world.bruno).get(f"/en/desk/arcadia/evidence/{address}").status_code == 404
