"""A person who has a keyboard alone: reaches controls by Tab, and sees at each step where the focus is."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import FilePayload, Locator, Page

#: The most that somebody presses Tab to reach a control of a page.
MOST = 150

#: What is wrong with how the focused element is shown: no line around it, out of sight, or covered by something.
FAULT = """async () => {
  const look = () => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return "nothing has the focus";
    const style = getComputedStyle(focused), box = focused.getBoundingClientRect();
    const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!line) return "no line around it";
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return "out of sight";
    const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 0), innerHeight - 1);
    const there = document.elementFromPoint(x, y);
    if (!there) return "nothing is seen there";
    return focused.contains(there) || there.contains(focused) ? "" : `covered by ${there.tagName}`;
  };
  // The page moves to what has the focus in one of the next frames; a page behind another one draws none.
  const nothing = () => document.activeElement === document.body;
  for (let frame = 0; frame < 30 && !nothing() && look(); frame++) await new Promise(done => setTimeout(done, 20));
  return look();
}"""


#: Marks nothing in the page: says which of its controls can be seen and used, and has not had the focus yet.
LEFT = """() => {
  const reached = (window.reached ??= new Set()).add(document.activeElement);
  const groups = new Set([...reached].filter(each => each.type === "radio").map(each => each.name));
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex='0']")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.type !== "hidden")
    .filter(each => each.tabIndex >= 0 || !each.closest(".hidden"))  // what only Enter in a field, or a robot, finds
    .filter(each => !reached.has(each) && !(each.type === "radio" && groups.has(each.name)))
    .map(each => each.outerHTML.slice(0, 200));
}"""


def faults_of_keyboard(page: Page) -> list[str]:
    """Return what somebody does not reach, or does not see, who goes through a page by Tab alone."""
    page.bring_to_front()
    left = page.evaluate(LEFT)
    found = []
    for _ in range(2 * len(left) + 10):
        page.keyboard.press("Tab")
        fault = page.evaluate(FAULT)
        if fault and fault != "nothing has the focus":  # at the end of a page the browser's own controls have it
            found.append(f"{fault}: {page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}")
        if not (left := page.evaluate(LEFT)):
            return found
    return [*found, *(f"not reached by Tab: {each}" for each in left)]


class Keyboard:
    """Does all on a page with keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus, and look at each step whether that is seen."""
        for _ in range(MOST):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            fault = self.page.evaluate(FAULT)
            if fault and fault != "nothing has the focus":  # at the end of a page the browser's own controls have it
                what = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
                pytest.fail(f"{self.page.url}: {fault}: {what}")
        pytest.fail(f"{self.page.url}: {control} is not reached with the Tab key")

    def follow(self, name: str) -> None:
        """Follow a link of the page."""
        self._enter(self.page.get_by_role("link", name=name, exact=True).first)

    def press(self, name: str) -> None:
        """Press a button of the page."""
        self._enter(self.page.get_by_role("button", name=name, exact=True).first)

    def write(self, label: str, text: str) -> None:
        """Write into a field, in the place of what is there."""
        self.reach(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, *, at: int = 0) -> None:
        """Choose from a list by typing how the option begins."""
        self.reach(self.page.get_by_label(label, exact=True).nth(at))
        self.page.keyboard.type(option)

    def tick(self, label: str) -> None:
        """Choose a radio button or a box. Tab reaches a group of radio buttons once; arrows go on within it."""
        control = self.page.get_by_label(label, exact=True).first
        name = control.get_attribute("name")
        if control.get_attribute("type") == "radio":
            group = self.page.locator(f"main input[type=radio][name={name}]")
            checked = [each for each in group.all() if each.is_checked()]
            self.reach(checked[0] if checked else group.first)
            while not control.evaluate("element => element === document.activeElement"):
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(control)
        if not control.is_checked():
            self.page.keyboard.press("Space")

    def date(self, question: str, day: date) -> None:
        """Write a day in its three parts."""
        group = self.page.get_by_role("group", name=question)
        for part in ("Day", "Month", "Year"):
            self.reach(group.get_by_label(part))
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(str(getattr(day, part.lower())))

    def attach(self, label: str, file: FilePayload) -> None:
        """Choose a file."""
        self.reach(self.page.get_by_label(label, exact=True).first)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def sign_in(self, who: str, password: str) -> None:
        """Sign in, over the skip link."""
        self.page.goto("/en/sign-in")
        self.page.keyboard.press("Tab")
        skip = self.page.get_by_role("link", name="Skip to the content")
        if not skip.evaluate("element => element === document.activeElement"):
            pytest.fail("the first key does not lead to the skip link")
        self.page.keyboard.press("Enter")
        self.write("E-mail address", f"{who}@example.org")
        self.write("Password", password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _enter(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()
