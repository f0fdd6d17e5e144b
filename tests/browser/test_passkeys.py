"""Passkeys in a real browser, whose authenticator is Chromium's own virtual one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Open
from tests.browser.test_accessibility import faults
from tests.browser.walk import send, sign_in
from tracker import clock

SECURITY, NEW, SIGN_IN = "/en/account/security", "/en/account/passkeys/new", "/en/sign-in"


#: A browser that waits for a button. The virtual authenticator takes what is offered as if somebody had chosen it.
OFFERS_NOTHING = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Device:
    """A person's browser, on a device that knows its owner by a finger, a face or a PIN."""

    def __init__(self, page: Page, *, transport: str = "internal", knows: bool = True, offers: bool = False) -> None:
        self.page = page
        if not offers:
            page.add_init_script(OFFERS_NOTHING)
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable", {"enableUI": False})
        self.authenticator = self.session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": transport,
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": knows,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def knows_its_owner(self, knows: bool) -> None:
        """Let the next finger be the owner's, or not."""
        command = {"authenticatorId": self.authenticator, "isUserVerified": knows}
        self.session.send("WebAuthn.setUserVerified", command)

    def passkeys(self) -> list[dict[str, object]]:
        """Return what the device holds."""
        held = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(held["credentials"])


def add(page: Page, name: str = "My telephone") -> None:
    page.goto(NEW)
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def added(opened: Open, who: str = "romania") -> Device:
    """Return the device of somebody who has signed in and added a passkey."""
    device = Device(sign_in(opened(), who))
    add(device.page)
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return device


def moved_to(page: Page, device: Device) -> Device:
    """Return another browser of the owner, in which their online account offers the passkeys of a device."""
    other = Device(page, offers=True)
    for each in device.passkeys():
        kept = {name: value for name, value in each.items() if name not in ("backupEligibility", "backupState")}
        other.session.send("WebAuthn.addCredential", {"authenticatorId": other.authenticator, "credential": kept})
    return other


def sign_out(page: Page) -> None:
    page.goto(SECURITY)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"**{SIGN_IN}")


def use(page: Page, button: str = "Sign in with a passkey") -> None:
    page.get_by_role("button", name=button).click()


def is_told(page: Page, sentence: str) -> None:
    """Expect a sentence at the button, which has the focus."""
    expect(page.locator("#passkey-error")).to_contain_text(sentence)
    expect(page.locator("#passkey")).to_be_focused()


def test_a_passkey_signs_in_alone(opened: Open) -> None:
    device = added(opened)
    device.page.goto(SECURITY)
    expect(device.page.get_by_role("main")).to_contain_text("My telephone")
    sign_out(device.page)
    use(device.page)
    device.page.wait_for_url("**/en/desk/")
    device.page.goto(SECURITY)
    expect(device.page.get_by_role("main")).not_to_contain_text("Never")


@pytest.mark.parametrize("transport", ["internal", "usb"])
def test_it_is_discoverable_and_says_nothing_about_its_owner(opened: Open, transport: str) -> None:
    device = Device(sign_in(opened(), "romania"), transport=transport)
    add(device.page)
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    (held,) = device.passkeys()
    assert held["isResidentCredential"]
    assert held["rpId"] == "localhost"


def test_it_is_the_second_step(opened: Open) -> None:
    device = added(opened)
    sign_out(device.page)
    sign_in(device.page, "romania")
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Second step")
    use(device.page, "Use a passkey")
    device.page.wait_for_url("**/en/desk/")


def test_it_is_offered_in_the_field_for_the_address(opened: Open) -> None:
    owner = moved_to(opened(), added(opened)).page
    owner.goto(f"{SIGN_IN}?next=/en/desk/romania/")
    owner.wait_for_url("**/en/desk/romania/")


def test_a_device_that_does_not_know_its_owner_lets_nobody_in(opened: Open) -> None:
    device = added(opened)
    sign_out(device.page)
    device.knows_its_owner(False)
    use(device.page)
    is_told(device.page, "Nothing was sent: it was cancelled, or it took too long.")
    device.page.goto("/en/desk/")
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    device.knows_its_owner(True)
    use(device.page)
    device.page.wait_for_url("**/en/desk/")


def test_a_device_that_does_not_know_its_owner_adds_nothing(opened: Open) -> None:
    device = Device(sign_in(opened(), "romania"), knows=False)
    add(device.page)
    is_told(device.page, "Nothing was sent: it was cancelled, or it took too long.")
    device.page.goto(SECURITY)
    expect(device.page.get_by_role("main")).to_contain_text("You have none yet.")


def test_a_device_that_has_one_is_told_so(opened: Open) -> None:
    device = added(opened)
    add(device.page, "Again")
    is_told(device.page, "This device has a passkey for your account already.")


def test_without_a_name_the_browser_makes_nothing(opened: Open) -> None:
    device = Device(sign_in(opened(), "romania"))
    add(device.page, "")
    expect(device.page.locator(".errors")).to_contain_text("Give the passkey a name")
    assert device.passkeys() == []


def test_one_that_was_removed_works_no_more(opened: Open) -> None:
    device = added(opened)
    device.page.goto(SECURITY)
    device.page.get_by_role("link", name="Remove My telephone").click()
    device.page.get_by_role("button", name="Remove it").click()
    expect(device.page.get_by_role("main")).to_contain_text("You have none yet.")
    sign_out(device.page)
    use(device.page)
    expect(device.page.locator(".errors")).to_contain_text("The register does not know this passkey.")
    expect(device.page).to_have_title("Error: Sign in – Endorsement tracker")


def test_it_proves_that_it_is_you(opened: Open, no_longer_fresh: Callable[[], None]) -> None:
    device = added(opened)
    no_longer_fresh()
    device.page.goto(NEW)
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    use(device.page, "Confirm with a passkey")
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Add a passkey")


def test_another_persons_does_not_prove_that_it_is_you(opened: Open, no_longer_fresh: Callable[[], None]) -> None:
    moldova = added(opened, "moldova")
    sign_out(moldova.page)
    romania = sign_in(moldova.page, "romania")
    add(romania)
    expect(romania.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    mine = next(each for each in moldova.passkeys() if each.get("userName") == "romania@example.org")
    moldova.session.send(
        "WebAuthn.removeCredential",
        {"authenticatorId": moldova.authenticator, "credentialId": mine["credentialId"]},
    )
    no_longer_fresh()
    romania.goto(NEW)
    use(romania, "Confirm with a passkey")
    is_told(romania, "Nothing was sent")
    romania.goto(NEW)
    expect(romania.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")


def test_a_form_that_was_sent_too_late_is_kept(opened: Open, no_longer_fresh: Callable[[], None]) -> None:
    page = added(opened).page
    page.goto(SECURITY)
    page.get_by_role("link", name="Rename My telephone").click()
    page.get_by_label("Name of the passkey").fill("The blue key")
    no_longer_fresh()
    page.get_by_role("button", name="Save").click()
    use(page, "Confirm with a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("How you sign in")
    expect(page.get_by_role("main")).to_contain_text("The blue key")


def test_without_scripts_a_sentence_says_what_else_to_do(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    page.goto(SIGN_IN)
    expect(page.get_by_role("main")).to_contain_text("Passkeys need JavaScript")
    expect(page.locator("#passkey")).to_be_hidden()


def test_a_browser_without_passkeys_says_so(opened: Open) -> None:
    page = opened()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(SIGN_IN)
    expect(page.get_by_role("main")).to_contain_text("Your browser does not know passkeys")
    expect(page.locator("#passkey")).to_be_hidden()


def test_at_another_address_the_page_leads_to_the_registers_own(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server.replace("localhost", "127.0.0.1"))
    page.goto(SIGN_IN)
    expect(page.get_by_role("main")).to_contain_text("Passkeys work at the register’s own address alone")
    expect(page.locator("#passkey")).to_be_hidden()
    assert page.locator("[data-when=elsewhere] a").get_attribute("href") == f"{server}{SIGN_IN}"
    page.close()


def test_errors_are_told_in_the_readers_language(opened: Open) -> None:
    device = Device(opened(), knows=False)
    device.page.goto("/fr/sign-in")
    device.page.locator("#passkey").click()
    told = device.page.locator("[data-passkey]").get_attribute("data-not-allowed-error")
    expect(device.page.locator("#passkey-error")).to_have_text(str(told))


@pytest.fixture
def no_longer_fresh(tmp_path: Path) -> Callable[[], None]:
    """Return what lets the last proof of everybody be two hours old."""

    def age() -> None:
        earlier = (clock.now() - timedelta(hours=2)).replace(tzinfo=None).isoformat(" ")
        with closing(sqlite3.connect(tmp_path / "register.sqlite", timeout=10)) as database, database:
            database.execute("UPDATE sign_in_session SET opened_at = ?, proved_at = ?", (earlier, earlier))

    return age


def pages_with_passkeys(opened: Open, language: str) -> Iterator[tuple[str, Page]]:
    device = Device(sign_in(opened(), "romania", language))
    page = device.page
    page.goto(f"/{language}/account/passkeys/new")
    yield "new", page
    page.locator("#passkey").click()
    page.locator(".errors").wait_for()
    yield "new-with-errors", page
    device.knows_its_owner(False)
    page.locator("#name").fill("x")
    page.locator("#passkey").click()
    page.locator("#passkey-error:not(:empty)").wait_for()
    yield "new-not-recognised", page
    device.knows_its_owner(True)
    page.locator("#name").fill("A telephone with a long name, which is that of its owner, its maker and its colour")
    page.locator("#passkey").click()
    page.wait_for_url("**/recovery-codes")
    page.goto(f"/{language}/account/security")
    yield "security", page
    for what in ("rename", "remove"):
        page.goto(f"/{language}/account/security")
        page.locator(f"a[href$='/{what}']").first.click()
        yield what, page
    page.goto(f"/{language}/account/confirm")
    yield "confirm", page
    page.locator("header button").last.click()
    sign_in(page, "romania", language)
    yield "second-step", page
    send(page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_found_on_the_pages_of_passkeys(opened: Open, language: str) -> None:
    found = {name: wrong for name, page in pages_with_passkeys(opened, language) if (wrong := faults(page, language))}
    assert found == {}
