"""No page, in no state, has what axe-core finds, is wider than a phone, or holds what Tab does not reach."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import walk, walk_of_staff
from tests.browser.conftest import NARROW, WIDE, Open
from tests.browser.keyboard import faults_of_keyboard

SMALLEST = {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run({runOnly: rules})", rules)
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


#: As what a page is looked at in each language: what colours and widths do is the same in all, but for longer words.
#: In the dark nothing is another than the colours.
SHOWN = {
    "en": ((WIDE, "light", RULES), (WIDE, "dark", ["color-contrast"]), (NARROW, "light", RULES)),
    "fr": ((NARROW, "light", RULES),),
}


def faults(page: Page, language: str) -> list[str]:
    """Return what is wrong with a page as it is shown: in both schemes, on a screen and on a phone, and by keyboard."""
    found = []
    for viewport, scheme, rules in SHOWN[language]:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        found += [f"{viewport['width']} {scheme}: {each}" for each in violations(page, rules)]
    page.set_viewport_size(SMALLEST)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide:
        found.append(f"{wide} pixels wider than the smallest phone")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found + (faults_of_keyboard(page) if language == "en" else [])


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "pages",
    [
        walk.public_pages,
        walk.life,
        walk_of_staff.loading,
        walk_of_staff.publishing,
        walk_of_staff.paper,
        walk_of_staff.people,
    ],
)
def test_nothing_is_found_on_any_page(opened: Open, pages, language: str) -> None:
    found = {name: wrong for name, page in pages(opened, language) if (wrong := faults(page, language))}
    assert found == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_found_on_the_pages_of_reports_and_disputes(opened: Open, tmp_path: Path, language: str) -> None:
    pages = walk.disputes(opened, language, tmp_path / "register.sqlite")
    assert {name: wrong for name, page in pages if (wrong := faults(page, language))} == {}


def test_axe_finds_what_is_wrong(opened: Open) -> None:
    page = opened()
    page.goto("/en/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/favicon.svg\">')")
    assert any(each.startswith("image-alt") for each in violations(page))
