"""The pages of bulk loads."""

import io

import pytest
from flask import Flask

from tests.acting import in_register
from tests.bulk.uploading import ENDORSEMENTS, Uploaded, endorsements, participants
from tests.checked_client import CheckedClient, text_of
from tests.world import World, published
from tracker import clock, register
from tracker.bulk import loads, working
from tracker.models import LARGEST_FILE
from tracker.vocabulary import Preview

PAGE = "/en/secretariat/bulk"
ZUBROWKA = participants("zubrowka,country,en,Zubrowka", "society-of-wells,civil_society,en,<script>alert(1)</script>")


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: what pages say does not depend on the database."""
    return "sqlite"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


def upload(app: Flask, browser: CheckedClient, *files: Uploaded) -> str:
    """Upload files, wait for their preview, and return its address."""
    answer = send(browser, *files)
    assert answer.status_code == 302, text_of(answer)
    working.wait(app)
    return str(answer.location)


def send(browser: CheckedClient, *files: Uploaded):
    address, fields = browser.fill(PAGE)
    data = {**fields, "tables": [(io.BytesIO(content), name) for name, content in files]}
    return browser.post(address, data=data, content_type="multipart/form-data")


def test_a_load_goes_from_the_upload_to_the_register(app: Flask, sam: CheckedClient, sign_in, world: World) -> None:
    preview = upload(app, sam, ZUBROWKA, endorsements("zubrowka,clean-rivers,2024-05-06"))
    told = text_of(sam.get(preview))
    assert "participants 2 0 0 0" in told
    proposal = sam.send(preview, "/propose").location
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    kim = sign_in(world.kim)
    assert "Bulk load" in text_of(kim.get("/en/secretariat/"))
    assert "See every row" in text_of(kim.get(proposal))
    assert kim.send(proposal, "/approve").status_code == 302
    assert "Zubrowka" in text_of(sam.get("/en/clean-rivers/signatories"))
    assert "This load was approved" in text_of(sam.get(preview))
    assert "Approved" in text_of(sam.get(PAGE))


def test_what_is_wrong_is_told_with_row_and_column(app: Flask, sam: CheckedClient) -> None:
    preview = upload(app, sam, participants("nowhere,planet,en,Nowhere", "arcadia,country,en,Arcadia"))
    told = text_of(sam.get(f"{preview}?outcome=wrong"))
    assert "kind : “planet” is none of" in told
    assert "Nothing is recorded while a row is wrong" in told
    assert "Arcadia" not in told.split("What changes, or is wrong")[1]


def test_rows_come_in_pages(app: Flask, sam: CheckedClient) -> None:
    preview = upload(app, sam, participants(*(f"place-{n},country,en,Place {n}" for n in range(120))))
    assert "page 3 of 3" in text_of(sam.get(f"{preview}?page=3"))
    assert "page 3 of 3" in text_of(sam.get(f"{preview}?page=99"))
    assert sam.get(f"{preview}?outcome=rumour").status_code == 422


def test_the_preview_can_be_taken_away(app: Flask, sam: CheckedClient) -> None:
    preview = upload(app, sam, participants("nowhere,planet,en,Nowhere"))
    assert b"wrong" in sam.get(f"{preview}/csv").data
    assert sam.get(f"{preview}/xlsx").data.startswith(b"PK")
    assert sam.get(f"{preview}/pdf").status_code == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("table.csv", b""), "is empty"),
        (("letter.pdf", b"%PDF-1.7\xe2"), "is no table"),
        (("large.csv", bytes(LARGEST_FILE + 1)), "larger than 10 MB"),
        ((f"{ENDORSEMENTS}.csv", b"<script>alert(1)</script>"), "is none of the tables"),
    ],
)
def test_what_cannot_be_taken_is_told_at_the_field(sam: CheckedClient, file: Uploaded, said: str) -> None:
    answer = send(sam, file)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_nothing_chosen_is_told(sam: CheckedClient) -> None:
    answer = sam.send(PAGE)
    assert answer.status_code == 422
    assert "Choose the file or files to upload" in text_of(answer)


def test_a_preview_tells_how_far_it_is_without_scripts(app: Flask, sam: CheckedClient) -> None:
    preview = upload(app, sam, ZUBROWKA)
    with in_register(app):
        load = loads.lately()[0]
        load.preview, load.total, load.done = Preview.COMPUTING, 5000, 1500
        load.seen_at = clock.now()
    page = sam.get(preview)
    assert "1,500 of 5,000 rows" in text_of(page)
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert 'max="5000" value="1500"' in page.text


def test_a_preview_that_a_stopped_server_left_is_computed_again(app: Flask, sam: CheckedClient) -> None:
    preview = upload(app, sam, ZUBROWKA)
    with in_register(app):
        load = loads.lately()[0]
        load.preview, load.done = Preview.COMPUTING, 1
        load.seen_at = clock.now() - loads.PATIENCE * 2
    assert "stopped before it was ready" in text_of(sam.get(preview))
    sam.send(preview, "/preview")
    working.wait(app)
    assert "participants 2 0 0 0" in text_of(sam.get(preview))


def test_what_changed_meanwhile_is_shown_to_who_approves(app: Flask, sam: CheckedClient, sign_in, world: World) -> None:
    proposal = sam.send(upload(app, sam, endorsements("arcadia,clean-rivers,2024-05-06")), "/propose").location
    with in_register(app):
        published(register.participant("arcadia"), register.cohort("clean-rivers"))
    answer = sign_in(world.kim).send(proposal, "/approve")
    assert answer.status_code == 409
    assert "endorsements 2 New Wrong" in text_of(answer)
    assert "Nothing was recorded" in text_of(answer)


def test_who_approves_many_rows_is_told_that_it_takes_a_while(
    app: Flask, sam: CheckedClient, sign_in, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    proposal = str(sam.send(upload(app, sam, ZUBROWKA), "/propose").location)
    kim = sign_in(world.kim)
    assert "press once, and wait" not in text_of(kim.get(proposal))
    monkeypatch.setattr(loads, "MANY", 2)
    assert "press once, and wait" in text_of(kim.get(proposal))
