import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.exports.test_pdf import text_of as text_of_pdf
from tests.letters import a_pdf, a_zip
from tests.world import World, account, published, status_of, with_notice
from tracker import clock, notices, withdrawing
from tracker.extensions import db
from tracker.models import Endorsement, Proposal
from tracker.vocabulary import Status

PLACE = "/en/desk/arcadia/clean-rivers"
PAGE, NOTICE = f"{PLACE}/withdraw", f"{PLACE}/notice"


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, published, world.arcadia, world.cohort)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def a_day(field: str, days: int) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


SIGNED = a_day("signed_on", 0)


def today_in_words() -> str:
    return f"{clock.today():%-d %B %Y}"


def the_one(app: Flask) -> Endorsement:
    return db.session.scalars(select(Endorsement)).one()


def test_it_works(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    assert alice.send(PAGE, name="Arcadia", **SIGNED).location == NOTICE
    assert "What happens next" in text_of(alice.get(NOTICE))
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.IN_FORCE
        notice = db.session.scalars(select(Proposal.reference)).one()
    sam = sign_in(world.sam)
    told = text_of(sam.get(f"/en/secretariat/proposals/{notice}"))
    assert "Withdrawal by Arcadia" in told
    assert f"Day of effect {today_in_words()}" in told
    assert f"The endorsement ends on {today_in_words()}" in told
    sam.send(f"/en/secretariat/proposals/{notice}", "/approve")
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN
    assert "withdrawn with effect from" in text_of(alice.get("/en/desk/arcadia/"))


@pytest.mark.parametrize("name", ["arcadia", " ARCADIA ", "Arcadie", "Árcàdia"])
def test_the_name_is_taken_however_it_is_spelt(alice: CheckedClient, name: str) -> None:
    assert alice.send(PAGE, name=name, **SIGNED).location == NOTICE


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "", **SIGNED}, "Type the name of the participant as it is shown above"),
        ({"name": "Borduria", **SIGNED}, "Type the name of the participant as it is shown above"),
        ({"name": "Arcadia"}, "Enter the date"),
        ({"name": "Arcadia", **a_day("signed_on", 1)}, "The date of signature cannot be in the future"),
        (
            {"name": "Arcadia", **SIGNED, **a_day("effective_on", -1)},
            "A withdrawal takes effect today or on a later day",
        ),
        ({"name": "Arcadia", **SIGNED, **a_day("effective_on", 900)}, "Choose a day within two years from today"),
        ({"name": "Arcadia", **SIGNED, "reason": "A new law."}, "Choose the language of the reason"),
    ],
)
def test_mistakes_are_told_beside_their_field(
    app: Flask, alice: CheckedClient, typed: dict[str, str], told: str
) -> None:
    answer = alice.send(PAGE, **typed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Proposal)).all() == []


def test_it_is_announced_until_its_day(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        later = clock.today() + timedelta(days=30)
        endorsement = with_notice(the_one(app), account(world.alice), effective_on=later)
        notice = withdrawing.waiting(endorsement)
        assert notice is not None
        withdrawing.confirm(notice, by=account(world.sam))
    told = text_of(alice.get("/en/clean-rivers/signatories"))
    assert "[Arcadia" not in told
    assert "notice of withdrawal given on" in told
    assert "until then it counts in the public tally" in text_of(alice.get("/en/desk/arcadia/"))
    assert "In force" in text_of(alice.get("/en/participants/arcadia"))


def test_a_waiting_notice_is_shown_instead_of_the_form(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        with_notice(the_one(app), account(world.adam))
    assert alice.get(PAGE).location == NOTICE
    told = text_of(alice.get("/en/desk/arcadia/"))
    assert "Notice of withdrawal was given by Adam" in told
    assert "Withdraw the endorsement" not in told


def test_a_notice_is_taken_back(app: Flask, alice: CheckedClient) -> None:
    alice.send(PAGE, name="Arcadia", **SIGNED)
    assert alice.send(NOTICE, "/take-back").location == "/en/desk/arcadia/"
    assert alice.get(NOTICE).location == "/en/desk/arcadia/"
    assert "Withdraw the endorsement" in text_of(alice.get("/en/desk/arcadia/"))


def test_a_returned_notice_shows_its_reason_and_is_given_again(app: Flask, alice: CheckedClient, world: World) -> None:
    alice.send(PAGE, name="Arcadia", reason="A new law.", written_in="en", **SIGNED)
    with in_register(app):
        notice = withdrawing.waiting(the_one(app))
        assert notice is not None
        withdrawing.return_(notice, reason="The letter names another day.", by=account(world.sam))
    assert "The letter names another day." in text_of(alice.get("/en/desk/arcadia/"))
    page = alice.get(PAGE)
    assert "The letter names another day." in text_of(page)
    assert "A new law." in text_of(page)
    assert alice.send(PAGE, name="Arcadia").location == NOTICE


def test_withdrawing_what_a_colleague_withdrew_leads_to_the_desk(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    with in_register(app):
        notice = withdrawing.waiting(with_notice(the_one(app), account(world.adam)))
        assert notice is not None
        withdrawing.confirm(notice, by=account(world.sam))
    assert alice.get(PAGE).location == "/en/desk/arcadia/"


def test_there_is_no_confirmation_of_what_did_not_happen(alice: CheckedClient) -> None:
    assert alice.get(NOTICE).location == "/en/desk/arcadia/"


def test_a_letter_is_attached_and_staff_decide_with_it(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    answers = {**SIGNED, "name": "Arcadia", "letter": FileStorage(io.BytesIO(a_pdf()), "notice.pdf")}
    assert alice.send(PAGE, "/withdraw", **answers).location == NOTICE
    assert "notice.pdf" in text_of(alice.get(NOTICE))
    with app.app_context():
        notice = db.session.scalars(select(Proposal.reference)).one()
    page = sign_in(world.sam).get(f"/en/secretariat/proposals/{notice}")
    assert "notice.pdf" in text_of(page)
    assert "/en/secretariat/evidence/" in page.text


def test_a_good_letter_is_kept_where_another_answer_is_wrong(app: Flask, alice: CheckedClient) -> None:
    letter = FileStorage(io.BytesIO(a_pdf()), "notice.pdf")
    answer = alice.send(
        PAGE, "/withdraw", name="Borduria", reason="A new law.", written_in="en", letter=letter, **SIGNED
    )
    assert answer.status_code == 422
    assert "Letter attached" in text_of(answer)
    assert "A new law." in text_of(answer)
    assert alice.send(PAGE, name="Arcadia", **SIGNED).location == NOTICE
    assert "notice.pdf" in text_of(alice.get(NOTICE))


def test_a_wrong_file_is_told_and_the_rest_kept(alice: CheckedClient) -> None:
    letter = FileStorage(io.BytesIO(a_pdf() + a_zip()), "notice.pdf")
    answer = alice.send(
        PAGE, "/withdraw", name="Arcadia", reason="A new law.", written_in="en", letter=letter, **SIGNED
    )
    assert answer.status_code == 422
    assert "The file is an archive (ZIP) at the same time" in text_of(answer)
    assert "A new law." in text_of(answer)


def test_answers_are_saved_for_the_model_letter_and_no_notice_is_given(app: Flask, alice: CheckedClient) -> None:
    answer = alice.send(PAGE, "/withdraw", save="1", reason="A new law.", written_in="en", **a_day("effective_on", 30))
    assert "The answers are saved" in text_of(answer)
    text = text_of_pdf(alice.get(f"{PLACE}/withdrawal-letter.pdf").data)
    assert f"{clock.today() + timedelta(days=30):%-d %B %Y}" in text
    assert "A new law." in text
    assert alice.get(f"{PLACE}/withdrawal-letter.docx").status_code == 200
    assert "A new law." in text_of(alice.get(PAGE))
    with app.app_context():
        assert db.session.scalars(select(Proposal)).all() == []


def test_a_letter_names_no_day_before_one_was_saved(alice: CheckedClient) -> None:
    text = text_of_pdf(alice.get(f"{PLACE}/withdrawal-letter.pdf").data)
    assert "on the day on which you receive this letter" in " ".join(text.split())


def test_a_receipt_says_what_was_given_notice_of(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    alice.send(PAGE, name="Arcadia", reason="A new law.", written_in="en", **SIGNED)
    with app.app_context():
        act = the_one(app).acts[-1]
        entry, digest = act.entry_sequence, act.entry.hash
    receipt = f"/en/desk/arcadia/receipts/{entry}.pdf"
    for page in (NOTICE, "/en/desk/arcadia/"):
        assert f'href="{receipt}"' in alice.get(page).text
    text = " ".join(text_of_pdf(alice.get(receipt).data).split())
    assert "Given by Alice" in text
    assert digest[:4] in text
    assert "A new law." in text
    assert sign_in(world.bruno).get(receipt).status_code == 404


def test_a_colleague_who_saved_meanwhile_is_not_written_over(app: Flask, alice: CheckedClient, world: World) -> None:
    address, typed = alice.fill(PAGE, name="Arcadia", **SIGNED)
    with in_register(app):
        notices.sign(the_one(app), signed_on=clock.today(), by=account(world.adam))
    answer = alice.post(address, data=typed)
    assert answer.status_code == 409
    assert "Somebody changed this endorsement while you had it open" in text_of(answer)
