"""The desk and the secretariat by keyboard alone: no mouse is moved, and where the focus is can always be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Open
from tests.letters import a_pdf
from tracker import clock
from tracker.demonstration import PASSWORD

LETTER: FilePayload = {"name": "Notă verbală.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}

#: The most controls that a page may have before one is looked for in vain.
FARTHEST = 250

#: What is wrong with the focus: it is not to be seen, it is off the screen or covered, or it went back in the page.
#: Of a tall field Chromium brings into view the line with the caret alone.
FAULTS = """before => {
  const held = document.activeElement;
  const box = held.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(held);
  const found = [];
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) found.push("has no visible outline");
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  if (seen < Math.min(box.height, 20) || box.left < 0 || box.right > innerWidth) found.push("is not on the screen");
  const x = box.left + Math.min(box.width / 2, 20), y = Math.max(box.top, 0) + Math.min(seen / 2, 20);
  const there = document.elementFromPoint(x, y);
  if (there && there !== held && !held.contains(there) && !there.contains(held)) found.push("is covered");
  if (before && before.isConnected && before.compareDocumentPosition(held) & Node.DOCUMENT_POSITION_PRECEDING)
    found.push("comes before what had the focus");
  return found.length ? `${held.outerHTML.slice(0, 200)} ${found.join(", ")}` : "";
}"""


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus; each stop on the way is seen, and further on than the one before."""
        expect(control).to_be_visible()
        for _ in range(FARTHEST):
            before = self.page.evaluate_handle(
                "document.activeElement === document.body ? null : document.activeElement"
            )
            self.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # past the last control the browser's own bar has the focus; the page begins anew
            at_the_start = self.page.evaluate("document.activeElement.matches('.skip')")
            assert self.page.evaluate(FAULTS, None if at_the_start else before) == ""
            if control.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"{control} is not reached with the Tab key")

    def follow(self, name: str, *, role: str = "link", within: Locator | None = None) -> None:
        """Go to a link or a button by its name, and press Enter."""
        place = within or self.page.get_by_role("main")
        self.reach(place.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]  # a role of two
        with self.page.expect_navigation():
            self.press("Enter")

    def send(self, name: str) -> None:
        self.follow(name, role="button")

    def enter(self, label: str | Locator, text: str) -> None:
        """Go to a field and type into it, in place of what was there."""
        self.reach(self.page.get_by_label(label, exact=True).first if isinstance(label, str) else label)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str | Locator, option: str) -> None:
        """Go to a list and choose from it by typing, as the browser lets one."""
        found = self.page.get_by_label(label, exact=True).first if isinstance(label, str) else label
        self.reach(found)
        self.page.keyboard.type(option)
        assert found.evaluate("element => element.selectedOptions[0].text").startswith(option)

    def tick(self, label: str) -> None:
        """Go to a box, or to the first button of a group of which none is chosen, and press the space bar."""
        self.reach(self.page.get_by_label(label, exact=True).first)
        self.press("Space")
        expect(self.page.get_by_label(label, exact=True).first).to_be_checked()

    def enter_today(self, name: str) -> None:
        """Go to the three fields of a date and type today's."""
        group = self.page.get_by_role("group", name=name)
        for part in ("Day", "Month", "Year"):
            self.enter(group.get_by_label(part, exact=True), str(getattr(clock.today(), part.lower())))

    def sign_in(self, who: str) -> Keyboard:
        self.page.goto("/en/sign-in")
        self.enter("E-mail address", f"{who}@example.org")
        self.enter("Password", PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")
        return self

    def see(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


def keyboard(opened: Open) -> Keyboard:
    return Keyboard(opened(reduced_motion="reduce"))


def endorse(desk: Keyboard) -> None:
    """Endorse the whole set with a reservation, a statement in two languages and the letter, and submit."""
    page = desk.page
    desk.follow("Romania")
    desk.follow("Endorse")
    desk.tick("The whole set")
    desk.send("Save and continue")
    desk.choose("Language of the reservations", "English")
    desk.enter("Reservation to 2.3", "Subject to the constitution.")
    desk.send("Save and continue")
    desk.enter(page.locator("[name=statement-0]"), "With pleasure.")
    desk.choose(page.locator("[name=written_in-0]"), "English")
    desk.send("Add the text in another language")
    desk.enter(page.locator("[name=statement-1]"), "Cu plăcere.")
    desk.choose(page.locator("[name=written_in-1]"), "Rom")
    desk.send("Save and continue")
    if page.locator("#authentic-0").count():  # it asks which of the two is the authentic one
        desk.reach(page.locator("#authentic-0"))
        desk.press("Space")
        desk.send("Save and continue")
    sign(desk)
    desk.see("Check the answers")
    expect(page.get_by_role("main")).to_contain_text("Cu plăcere.")
    desk.send("Submit")
    desk.see("Endorsement submitted")


def sign(desk: Keyboard) -> None:
    for part in ("Day", "Month", "Year"):
        desk.enter(part, str(getattr(clock.today(), part.lower())))
    desk.reach(desk.page.get_by_label("Signed letter or note verbale"))
    with desk.page.expect_file_chooser() as chooser:
        desk.press("Enter")
    chooser.value.set_files(LETTER)
    desk.send("Save and continue")


def test_the_skip_link_leads_to_the_content(opened: Open) -> None:
    staff = keyboard(opened).sign_in("staff")
    staff.page.reload()
    staff.press("Tab")
    expect(staff.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    staff.press("Enter", "Tab")
    assert staff.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_representative_endorses_takes_back_submits_again_and_withdraws(opened: Open) -> None:
    desk, staff = keyboard(opened).sign_in("romania"), keyboard(opened).sign_in("staff")
    endorse(desk)
    desk.send("Take it back to change it")
    desk.page.goto("/en/desk/romania/international-cooperation/check")
    desk.send("Submit")
    staff.page.goto("/en/secretariat/")
    staff.follow("Romania")
    staff.send("Confirm")
    expect(staff.page.get_by_role("main")).to_contain_text("This endorsement is confirmed")

    desk.page.goto("/en/desk/romania/")
    desk.follow("Withdraw the endorsement")
    desk.enter_today("When was the notice of withdrawal signed?")
    desk.enter("To confirm, type the name of the participant", "Romania")
    desk.send("Give notice of withdrawal")
    desk.see("Notice of withdrawal given")
    staff.page.goto("/en/secretariat/")
    staff.follow("Romania")
    staff.send("Confirm receipt")
    expect(staff.page.get_by_role("main")).to_contain_text("Approved")


def test_the_secretariat_reads_the_letter_and_returns_an_endorsement(opened: Open) -> None:
    desk, staff = keyboard(opened).sign_in("romania"), keyboard(opened).sign_in("staff")
    endorse(desk)
    staff.page.goto("/en/secretariat/")
    staff.choose("Matter", "Endorsement")
    staff.send("Show")
    staff.follow("Romania")
    staff.reach(staff.page.get_by_role("link", name="Notă verbală.pdf").first)
    with staff.page.expect_download() as letter:
        staff.press("Enter")
    assert letter.value.path().read_bytes() == LETTER["buffer"]
    staff.tick("Return it, to be corrected")
    staff.enter("Date and signature", "The letter is dated yesterday.")
    staff.send("Send it back")
    expect(staff.page.get_by_role("main")).to_contain_text("The letter is dated yesterday.")


def test_the_secretariat_corrects_and_somebody_else_approves(opened: Open) -> None:
    staff, colleague = keyboard(opened).sign_in("staff"), keyboard(opened).sign_in("staff2")
    staff.page.goto("/en/secretariat/corrections")
    staff.choose(staff.page.locator("[name=participant]"), "Moldova")
    staff.choose(staff.page.locator("[name=cohort]"), "Cohort on")
    staff.send("Continue")
    staff.enter(staff.page.locator("[name=reason]"), "The source counts it as a co-lead.")
    staff.choose(staff.page.locator("[name=written_in]"), "English")
    staff.send("Propose the correction")
    colleague.page.goto("/en/secretariat/?matter=correction")
    colleague.reach(colleague.page.locator("main tbody a").first)
    with colleague.page.expect_navigation():
        colleague.press("Enter")
    colleague.send("Approve the correction")
    expect(colleague.page.get_by_role("main")).to_contain_text("Approved")
