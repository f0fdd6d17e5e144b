from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.acting import act, in_register, open_one
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.desk.test_endorse import DESK, SIGNED
from tests.letters import REFUSED, a_pdf, an_image
from tests.world import World, a_draft, account
from tracker import drafting, endorsing, verifying
from tracker.vocabulary import Question, Scope
from tracker.web.headers import SANDBOX

PAGE = f"{DESK}/signature"
SIGNATORY = {"signatory_name": "Ana Popescu", "signatory_office": "Minister of Justice"}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: how a letter is sent and handed out does not depend on the database."""
    return "sqlite"


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def a_file(content: bytes | None = None, name: str = "Letter.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(a_pdf() if content is None else content), name)


def send(alice: CheckedClient, content: bytes | None = None, name: str = "Letter.pdf", **typed: Any) -> TestResponse:
    """Fill in the step with a letter, and send it."""
    return alice.send(PAGE, "/signature", **{**SIGNED, **typed, "letter": a_file(content, name)})


def letters_in(page: TestResponse) -> list[str]:
    """Return the addresses of the letters on a page."""
    hrefs = [each.get("href") or "" for each in parse(page).iter(f"{HTML}a")]
    return [href for href in hrefs if "/evidence/" in href]


def typed_on(page: TestResponse) -> dict[str, Any]:
    return next(values_of(form) for form in parse(page).iter(f"{HTML}form") if form.get("id") == "answers")


def test_it_works(alice: CheckedClient, evidence_folder: Path) -> None:
    assert send(alice, **SIGNATORY).location == f"{DESK}/check"
    told = text_of(alice.get(f"{DESK}/check"))
    assert "Signed by Ana Popescu Minister of Justice" in told
    assert "Letter.pdf PDF, 1 kB. Uploaded by Alice on" in told
    assert "No letter is attached" not in told
    [file] = evidence_folder.iterdir()
    assert file.read_bytes() == a_pdf()
    assert (evidence_folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_letter_is_handed_out_as_a_download_and_runs_nowhere(alice: CheckedClient) -> None:
    send(alice, name="Scrisoare semnată.pdf")
    [address] = letters_in(alice.get(f"{DESK}/check"))
    answer = alice.get(address)
    assert answer.data == a_pdf()
    headers = dict(answer.headers)
    answer.close()
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Scrisoare semnata.pdf\"; filename*=UTF-8''Scrisoare%20semnat%C4%83.pdf"
    )
    assert headers["Content-Security-Policy"] == SANDBOX
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in headers


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_scan_is_taken(alice: CheckedClient, kind: str, media_type: str) -> None:
    send(alice, an_image(kind), f"scan.{kind.lower()}")
    answer = alice.get(letters_in(alice.get(PAGE))[0], buffered=True)
    assert answer.mimetype == media_type


def test_without_a_letter_the_check_says_that_it_will_be_asked_for(alice: CheckedClient, sign_in, world: World) -> None:
    assert "the secretariat will ask for the signed letter" in text_of(alice.get(f"{DESK}/check"))
    alice.send(f"{DESK}/check", "/submit")
    assert "No letter is attached. Send the signed letter" in text_of(alice.get(f"{DESK}/submitted"))


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_letter_is_refused_at_its_field_and_the_rest_is_kept(
    alice: CheckedClient, evidence_folder: Path, what: str
) -> None:
    content, why = REFUSED[what]
    answer = send(alice, content, **SIGNATORY)
    assert answer.status_code == 422
    [link] = [each for each in parse(answer).iter(f"{HTML}a") if each.get("href") == "#letter"]
    assert why in "".join(link.itertext())
    typed = typed_on(answer)
    assert (typed["signatory_name"], typed["signatory_office"]) == tuple(SIGNATORY.values())
    assert typed["signed_on-day"] == SIGNED["signed_on-day"]
    assert not list(evidence_folder.glob("*"))


@pytest.mark.parametrize("name", ["letter.pdf.exe", "letter\u202efdp.exe", "invoice.zip"])
def test_a_name_that_deceives_is_refused(alice: CheckedClient, name: str) -> None:
    answer = send(alice, name=name)
    assert answer.status_code == 422
    assert "The name of the file" in text_of(answer)


def test_a_name_is_no_path(alice: CheckedClient, evidence_folder: Path) -> None:
    send(alice, name="../../../x.pdf")
    assert "x.pdf PDF, 1 kB" in text_of(alice.get(PAGE))
    [file] = evidence_folder.iterdir()
    assert "x" not in file.name


def test_eleven_megabytes_are_told_at_the_field(alice: CheckedClient) -> None:
    answer = send(alice, a_pdf() + bytes(11_000_000), **SIGNATORY)
    assert answer.status_code == 422
    assert "The file is larger than 10 MB." in text_of(answer)
    assert typed_on(answer)["signatory_name"] == "Ana Popescu"


def test_what_nobody_reads_to_its_end_is_told_on_a_page(alice: CheckedClient) -> None:
    answer = send(alice, bytes(20_000_000))
    assert answer.status_code == 413
    assert "A file may have 10 MB at most" in text_of(answer)
    assert f'href="{PAGE}"' in answer.text


def test_a_good_letter_is_kept_where_another_answer_is_wrong(alice: CheckedClient) -> None:
    answer = send(alice, **{"signed_on-day": "32"})
    assert answer.status_code == 422
    assert "Enter a real date" in text_of(answer)
    assert "Letter attached Letter.pdf" in text_of(answer)
    assert alice.post(PAGE, data=typed_on(answer) | SIGNED).location == f"{DESK}/check"
    assert letters_in(alice.get(f"{DESK}/check"))


def test_a_bad_letter_leaves_the_one_that_is_there(alice: CheckedClient) -> None:
    send(alice)
    answer = send(alice, b"Dear Secretariat,")
    assert answer.status_code == 422
    assert "Letter attached Letter.pdf" in text_of(answer)


def test_a_letter_goes_along_to_another_language(alice: CheckedClient) -> None:
    _, fields = alice.fill(PAGE, "/signature", **{"signed_on-day": "32"})
    answer = alice.post(PAGE.replace("/en/", "/fr/"), data={**fields, "show": "fr", "letter": a_file()})
    assert answer.status_code == 200
    assert letters_in(answer)
    answer = alice.post(PAGE, data={**typed_on(answer), "show": "en", "letter": a_file(b"nothing")})
    assert answer.status_code == 422
    assert "no PDF, PNG or JPEG" in text_of(answer)


def test_it_is_replaced(alice: CheckedClient, evidence_folder: Path) -> None:
    send(alice)
    send(alice, an_image(), "scan.png")
    told = text_of(alice.get(PAGE))
    assert "scan.png" in told
    assert "Letter.pdf" not in told
    [file] = evidence_folder.iterdir()
    assert file.read_bytes() == an_image()


def test_it_is_removed_and_what_was_typed_stays(alice: CheckedClient, evidence_folder: Path) -> None:
    send(alice)
    address, fields = alice.fill(PAGE, "/signature", signatory_name="Not saved yet")
    answer = alice.post(address, data=fields | {"remove": "letter"})
    assert answer.status_code == 200
    assert "Letter attached" not in text_of(answer)
    assert typed_on(answer)["signatory_name"] == "Not saved yet"
    assert list(evidence_folder.iterdir()) == []
    assert alice.post(PAGE, data=typed_on(answer)).status_code == 302


def test_a_letter_to_a_draft_that_a_colleague_changed_is_told_to_be_chosen_again(
    app: Flask, alice: CheckedClient, world: World, evidence_folder: Path
) -> None:
    address, fields = alice.fill(PAGE, "/signature", **SIGNED)
    with in_register(app):
        drafting.choose(
            open_one("arcadia", "clean-rivers"), scope=Scope.CHOSEN, numbers=("1.1",), by=account(world.adam)
        )
    answer = alice.post(address, data=fields | {"letter": a_file()})
    assert answer.status_code == 409
    assert "Somebody changed this draft" in text_of(answer)
    assert "Choose the letter again" in text_of(answer)
    assert not list(evidence_folder.glob("*"))


def test_discarding_the_draft_takes_the_letter_along(alice: CheckedClient, evidence_folder: Path) -> None:
    send(alice)
    alice.send(f"{DESK}/discard", sure="yes")
    assert list(evidence_folder.iterdir()) == []


def test_staff_see_who_signed_and_the_letter(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    send(alice, **SIGNATORY)
    sam = sign_in(world.sam)
    [of_the_draft] = letters_in(alice.get(PAGE))
    key = of_the_draft.rpartition("/")[2]
    assert sam.get(f"/en/secretariat/evidence/{key}").status_code == 404
    alice.send(f"{DESK}/check", "/submit")
    with in_register(app):
        page = sam.get(f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}")
    assert "Signed by Ana Popescu Minister of Justice Letter Letter.pdf PDF, 1 kB. Uploaded by Alice on" in text_of(
        page
    )
    address = letters_in(page)[0]
    assert sam.get(address, buffered=True).data == a_pdf()


def test_the_history_leads_to_a_letter_that_was_replaced(
    app: Flask, alice: CheckedClient, sign_in, world: World
) -> None:
    send(alice)
    [first] = letters_in(alice.get(PAGE))
    alice.send(f"{DESK}/check", "/submit")
    with in_register(app):
        endorsement = open_one("arcadia", "clean-rivers")
        endorsing.return_(endorsement, reasons={Question.OVERALL: "It is not signed."}, by=account(world.sam))
        decision = f"/en/secretariat/endorsements/{endorsement.reference}"
    send(alice, an_image(), "scan.png")
    assert letters_in(alice.get("/en/desk/arcadia/")) == [first]
    assert alice.get(first, buffered=True).data == a_pdf()
    [replaced] = letters_in(sign_in(world.sam).get(decision))
    assert replaced.rpartition("/")[2] == first.rpartition("/")[2]


def test_nobody_else_gets_the_letter(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    send(alice)
    [address] = letters_in(alice.get(PAGE))
    assert sign_in(world.adam).get(address, buffered=True).status_code == 200
    for stranger in (world.bruno, world.petra, world.fay, world.sam, world.kim):
        assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(world.bruno).get(address.replace("arcadia", "borduria")).status_code == 404
    assert app.test_client().get(address).location.startswith("/en/sign-in")


def test_no_public_page_tells_of_the_letter_or_of_who_signed(
    app: Flask, alice: CheckedClient, sign_in, world: World
) -> None:
    send(alice, name="secret-name.pdf", **SIGNATORY)
    alice.send(f"{DESK}/check", "/submit")
    with in_register(app):
        page = f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}"
    sign_in(world.sam).send(page, "/confirm")
    reader = app.test_client()
    for address in ("participants/arcadia", "clean-rivers", "clean-rivers/signatories"):
        told = reader.get(f"/en/{address}").text
        assert not [each for each in ("Popescu", "Minister", "secret-name", "/evidence/") if each in told]
    with app.app_context():
        assert verifying.verify() is None


def test_a_letter_whose_file_is_gone_is_not_found(
    alice: CheckedClient, evidence_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    send(alice)
    [address] = letters_in(alice.get(PAGE))
    [file] = evidence_folder.iterdir()
    file.unlink()
    assert alice.get(address).status_code == 404
    assert f"the file of evidence {file.name} is missing" in caplog.text


def test_a_file_in_another_field_is_refused(alice: CheckedClient) -> None:
    _, fields = alice.fill(PAGE, "/signature", **SIGNED)
    assert alice.post(PAGE, data=fields | {"signatory_name": a_file()}).status_code == 400
