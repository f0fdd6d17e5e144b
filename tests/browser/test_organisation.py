"""Staff sign in through their own organisation, in a real browser under our own policy on content."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import NARROW, WIDE, serving
from tests.browser.test_accessibility import faults
from tests.browser.test_story import sign_in
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, oidc_provider


@pytest.fixture
def there() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def server(demo_file: Path, tmp_path: Path, there: OidcProvider) -> Iterator[str]:
    """Return the address of a register whose staff may sign in through the ministry."""
    path = tmp_path / "register.sqlite"
    shutil.copy(demo_file, path)
    settings = {"ISSUER": there.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Ministry of Rivers"}
    with serving(path, **{f"TRACKER_OIDC_{name}": value for name, value in settings.items()}) as address:
        there.addresses.add(f"{address}/en/sign-in/organisation/back")
        yield address


def at_the_ministry(page: Page, button: str = "Go on") -> None:
    page.get_by_label("Staff number").fill("7")
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize(
    "how",
    [{"viewport": WIDE}, {"java_script_enabled": False, "viewport": NARROW}],
    ids=["wide", "phone, no script"],
)
def test_from_binding_the_account_to_signing_in(
    browser: Browser, server: str, there: OidcProvider, how: dict[str, object]
) -> None:
    context = browser.new_context(base_url=server, **how)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    sign_in(page, "staff")
    page.get_by_role("link", name="Your account:").click()
    page.get_by_role("link", name="Sign in through Ministry of Rivers").click()
    page.get_by_role("button", name="Bind your account").click()
    at_the_ministry(page)
    expect(page.get_by_role("main")).to_contain_text(
        "Your account has been bound to your sign-in at Ministry of Rivers"
    )
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in through Ministry of Rivers").click()
    at_the_ministry(page, "Cancel")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    page.get_by_role("link", name="Go to the sign-in page").click()
    page.get_by_role("button", name="Sign in through Ministry of Rivers").click()
    at_the_ministry(page)
    expect(page.get_by_role("link", name="Your account:")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    there.knows = "7"  # from now on the ministry sends them back without a question
    page.get_by_role("button", name="Sign in through Ministry of Rivers").click()
    expect(page.get_by_role("link", name="Your account:")).to_be_visible()
    context.close()
    assert [said for said in complaints if "Failed to load resource" not in said] == []  # the ministry has no icon


def stay(route: Route) -> None:
    """Let a page that goes on by itself stay, to be looked at."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: each for name, each in answer.headers.items() if name != "refresh"})


def test_nothing_is_found_on_any_page_of_the_way(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    context.set_default_timeout(60_000)
    context.route("**/organisation", stay)
    context.route("**/organisation/bind", stay)
    page, found = context.new_page(), []

    page.goto("/en/sign-in")
    found += faults(page, "en")
    page.get_by_role("button", name="Sign in through Ministry of Rivers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You go on to Ministry of Rivers")
    found += faults(page, "en")
    page.get_by_role("link", name="Go on").click()
    at_the_ministry(page)
    expect(page.get_by_role("main")).to_contain_text("recognised you, but you cannot sign in so")
    found += faults(page, "en")

    sign_in(page, "staff")
    page.goto("/en/account/organisation")
    found += faults(page, "en")
    page.get_by_role("button", name="Bind your account").click()
    page.get_by_role("link", name="Go on").click()
    at_the_ministry(page)
    expect(page.get_by_role("button", name="Unbind your account")).to_be_visible()
    found += faults(page, "en")
    context.close()
    assert found == []
