"""The main job, as three people do it: a representative endorses, staff confirm, the public counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NARROW, Open
from tests.letters import a_pdf
from tracker import clock
from tracker.demonstration import PASSWORD

COHORT = "/en/international-cooperation"
LETTER: FilePayload = {"name": "Notă verbală.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
REST = (
    "countries and the European Commission, as well as 15 civil society organisations and "
    "2 intergovernmental organisations."
)


def sign_in(page: Page, who: str) -> Page:
    page.goto("/en/")
    page.get_by_role("link", name="For representatives and staff").click()
    page.get_by_label("E-mail address").fill(f"{who}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def endorse_with_a_reservation(page: Page) -> None:
    page.get_by_role("link", name="Romania").click()
    page.get_by_role("link", name="Endorse", exact=True).click()
    page.get_by_label("The whole set").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Language of the reservations").select_option("English")
    page.get_by_label("Reservation to 2.3").fill("Subject to the constitution’s rules on judges.")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Save and continue").click()
    for part, typed in (("Day", "3"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_label("Name of the signatory").fill("Ana Popescu")
    page.get_by_label("Signed letter or note verbale").set_input_files(LETTER)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the answers")
    expect(page.get_by_role("main")).to_contain_text("Notă verbală.pdf")
    expect(page.get_by_role("main")).to_contain_text("Subject to the constitution’s rules on judges.")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Endorsement submitted")


def tally(page: Page) -> str:
    page.goto(COHORT)
    return page.locator(".tally").inner_text()


@pytest.mark.parametrize(
    "how", [{}, {"java_script_enabled": False, "viewport": NARROW}], ids=["wide", "phone, no script"]
)
def test_an_endorsement_from_the_form_to_the_public_tally_and_back(opened: Open, how: dict[str, object]) -> None:
    public, romania, staff = opened(**how), opened(**how), opened(**how)
    assert tally(public) == f"Endorsed by 24 {REST}"

    endorse_with_a_reservation(sign_in(romania, "romania"))
    assert tally(public) == f"Endorsed by 24 {REST}"

    sign_in(staff, "staff").get_by_role("link", name="Romania").click()
    expect(staff.get_by_role("main")).to_contain_text("Subject to the constitution’s rules on judges.")
    with staff.expect_download() as letter:
        staff.get_by_role("link", name="Notă verbală.pdf").click()
    assert letter.value.suggested_filename == "Notă verbală.pdf"
    assert letter.value.path().read_bytes() == LETTER["buffer"]
    staff.get_by_role("button", name="Confirm").click()
    expect(staff.get_by_role("main")).to_contain_text("This endorsement is confirmed and counts in the public tally.")
    assert tally(public) == f"Endorsed by 25 {REST}"
    public.goto(f"{COHORT}/recommendations/2.3")
    expect(public.get_by_role("main")).to_contain_text("Subject to the constitution’s rules on judges.")

    romania.goto("/en/desk/romania/")
    romania.get_by_role("link", name="Withdraw the endorsement").click()
    signed = romania.get_by_role("group", name="When was the notice of withdrawal signed?")
    for part in ("Day", "Month", "Year"):
        signed.get_by_label(part).fill(str(getattr(clock.today(), part.lower())))
    romania.get_by_label("To confirm, type the name of the participant").fill("Romania")
    romania.get_by_role("button", name="Give notice of withdrawal").click()
    expect(romania.get_by_role("heading", level=1)).to_have_text("Notice of withdrawal given")
    assert tally(public) == f"Endorsed by 25 {REST}"

    staff.goto("/en/secretariat/")
    staff.get_by_role("link", name="Romania").click()
    staff.get_by_role("button", name="Confirm receipt").click()
    expect(staff.get_by_role("main")).to_contain_text("Approved")
    assert tally(public) == f"Endorsed by 24 {REST}"

    public.goto("/en/participants/romania")
    history = public.get_by_role("region", name="History")
    assert [row.split("\n")[0].split("\t")[0] for row in history.get_by_role("rowheader").all_inner_texts()] == [
        "Withdrawal",
        "Endorsement",
    ]
    public.goto(f"{COHORT}/signatories")
    expect(public.get_by_role("row", name="[Romania]")).to_contain_text("withdrawn with notice and effect on")


def test_a_returned_endorsement_is_corrected_and_confirmed(opened: Open) -> None:
    romania, staff = opened(), opened()
    endorse_with_a_reservation(sign_in(romania, "romania"))
    sign_in(staff, "staff").get_by_role("link", name="Romania").click()
    staff.get_by_label("Return it, to be corrected").check()
    staff.get_by_label("Date and signature").fill("The letter is dated 4 November.")
    staff.get_by_role("button", name="Send it back").click()
    expect(staff.get_by_role("main")).to_contain_text("The representatives see these reasons on their desk:")

    romania.goto("/en/desk/romania/")
    expect(romania.get_by_role("main")).to_contain_text("The letter is dated 4 November.")
    romania.get_by_role("link", name="Correct the endorsement").click()
    romania.get_by_role("link", name="Change the date of signature").click()
    romania.get_by_label("Day", exact=True).fill("4")
    romania.get_by_role("button", name="Save and continue").click()
    romania.get_by_role("button", name="Submit").click()

    staff.goto("/en/secretariat/")
    staff.get_by_role("link", name="Romania").click()
    expect(staff.get_by_role("main")).to_contain_text("4 November 2026")
    staff.get_by_role("button", name="Confirm").click()
    assert tally(staff) == f"Endorsed by 25 {REST}"


def test_the_keyboard_is_enough(opened: Open) -> None:
    page = opened()
    page.goto("/en/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("romania@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    _follow(page, "Romania")
    _follow(page, "Endorse")
    _reach(page, page.get_by_label("The whole set"))
    page.keyboard.press("Space")
    _follow(page, "Save and continue", role="button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("reservations")


def test_headings_are_chosen_and_languages_added_by_keyboard(opened: Open) -> None:
    page = sign_in(opened(java_script_enabled=False), "romania")
    page.goto("/en/desk/romania/international-cooperation/recommendations")
    for heading in ("1", "3"):
        _follow(page, f"Choose all of heading {heading}", role="button")
        expect(page.get_by_role("button", name=f"Choose none of heading {heading}")).to_be_focused()
    _follow(page, "Save and continue", role="button")
    _follow(page, "Save and continue", role="button")
    page.get_by_role("textbox", name="Statement").fill("Cu plăcere.")
    _follow(page, "Add the text in another language", role="button")
    expect(page.get_by_label("Language of the statement").nth(1)).to_be_focused()
    expect(page.get_by_label("Text", exact=True).first).to_have_value("Cu plăcere.")


def test_enter_in_a_field_saves(opened: Open) -> None:
    page = sign_in(opened(), "romania")
    desk = "/en/desk/romania/international-cooperation"
    page.goto(f"{desk}/recommendations")
    page.get_by_label("The whole set").check()
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{desk}/signature")
    page.get_by_label("Day", exact=True).fill("3")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Error: Who signed it, and when? – Endorsement tracker")


def test_a_letter_that_is_too_large_is_told(opened: Open, tmp_path: Path) -> None:
    page = sign_in(opened(), "romania")
    large, huge = tmp_path / "large.pdf", tmp_path / "huge.pdf"
    large.write_bytes(a_pdf() + bytes(11_000_000))
    huge.write_bytes(bytes(45_000_000))
    desk = "/en/desk/romania/international-cooperation"
    page.goto(f"{desk}/recommendations")
    page.get_by_label("The whole set").check()
    page.get_by_role("button", name="Save and continue").click()
    page.goto(f"{desk}/signature")
    page.get_by_label("Name of the signatory").fill("Ana Popescu")
    page.get_by_label("Signed letter").set_input_files(large)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="The file is larger than 10 MB").click()
    expect(page.get_by_label("Signed letter")).to_be_focused()
    expect(page.get_by_label("Name of the signatory")).to_have_value("Ana Popescu")
    page.get_by_label("Signed letter").set_input_files(huge)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you sent is too large")


def _reach(page: Page, control) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{control} is not reached with the Tab key")


def _follow(page: Page, name: str, *, role: str = "link") -> None:
    _reach(page, page.get_by_role(role, name=name, exact=True))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_the_mistakes_are_summed_up_and_the_focus_goes_to_the_field(opened: Open) -> None:
    page = sign_in(opened(), "romania")
    page.goto("/en/desk/romania/international-cooperation/recommendations")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title("Error: What does Romania endorse? – Endorsement tracker")
    page.get_by_role("link", name="Choose what the endorsement covers").click()
    expect(page.get_by_label("The whole set")).to_be_focused()


def test_two_colleagues_submit_at_the_same_moment(opened: Open) -> None:
    ioana, mihai = opened(), opened()
    sign_in(ioana, "romania")
    ioana.goto("/en/desk/romania/international-cooperation/recommendations")
    ioana.get_by_label("The whole set").check()
    for _ in range(3):
        ioana.get_by_role("button", name="Save and continue").click()
    for part, typed in (("Day", "3"), ("Month", "11"), ("Year", "2026")):
        ioana.get_by_label(part, exact=True).fill(typed)
    ioana.get_by_role("button", name="Save and continue").click()
    sign_in(mihai, "romania2")
    mihai.goto("/en/desk/romania/international-cooperation/check")
    mihai.get_by_role("button", name="Submit").click()
    expect(mihai.get_by_role("heading", level=1)).to_have_text("Endorsement submitted")
    ioana.get_by_role("button", name="Submit").click()
    expect(ioana.get_by_role("main")).to_contain_text("How things stand now")
    ioana.get_by_role("link", name="See how things stand, and go on from there").click()
    expect(ioana.get_by_role("main")).to_contain_text("Submitted by Mihai Stan")
