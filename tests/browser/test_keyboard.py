"""A withdrawal, by keyboard alone: the focus is seen at each step, and everything is reached."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Open
from tests.browser.keyboard import Keyboard
from tests.letters import a_pdf
from tracker import clock
from tracker.demonstration import PASSWORD

LETTER: FilePayload = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
UPLOAD = "Signed letter or note verbale (optional)"


def signed_in(opened: Open, who: str) -> Keyboard:
    keys = Keyboard(opened())
    keys.sign_in(who, PASSWORD)
    return keys


def heading_is(keys: Keyboard, text: str) -> None:
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(text)


def test_notice_is_given_and_confirmed_by_keyboard(opened: Open) -> None:
    moldova = signed_in(opened, "moldova")
    moldova.page.goto("/en/desk/moldova/")
    moldova.follow("Withdraw the endorsement")
    moldova.date("When was the notice of withdrawal signed?", clock.today())
    moldova.attach(UPLOAD, LETTER)
    moldova.write("To confirm, type the name of the participant", moldova.page.locator("#name-hint").inner_text())
    moldova.press("Give notice of withdrawal")
    heading_is(moldova, "Notice of withdrawal given")
    staff = signed_in(opened, "staff")
    staff.page.goto("/en/secretariat/?matter=withdrawal")
    staff.reach(staff.page.locator("main tbody a").first)
    staff.page.keyboard.press("Enter")
    staff.press("Confirm receipt")
    expect(staff.page.get_by_role("main")).to_contain_text("Approved")
