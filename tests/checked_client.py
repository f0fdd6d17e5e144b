"""A test client that looks at every page it is given, so that any test that fetches a page checks it."""

from __future__ import annotations

from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import PASSWORD

HTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = ("input", "select", "textarea")
PASSWORDS = ("current-password", "new-password")


class CheckedClient(FlaskClient):
    """Fetches pages, checks them, and fills in their forms as a browser would."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        response.request.environ["wsgi.input"].close()  # a large body is a file, which Werkzeug leaves open
        if response.mimetype == "text/html" and response.request.path != "/" and not 300 <= response.status_code < 400:
            check_page(response)
        return response

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.send("/en/sign-in", email=email, password=password)

    def fill(self, page: str, action: str | None = None, **answers: Any) -> tuple[str, dict[str, Any]]:
        """Open a page and fill in its form that posts to ``action``; return the address and what would be sent.

        Answers replace what the form holds.
        """
        shown = self.get(page)
        assert shown.status_code == 200, f"{page} answered {shown.status_code} and {shown.location}"
        form = next(
            each
            for each in parse(shown).iter(f"{HTML}form")
            if (action is None and each.get("method") == "post" and "sign-out" not in each.get("action", ""))
            or (action and each.get("action", "").endswith(action))
        )
        fields = values_of(form)
        fields.update({key: value for key, value in answers.items() if value is not None})
        return form.get("action"), fields

    def send(self, page: str, action: str | None = None, **answers: Any) -> TestResponse:
        """Open a page, fill in its form, and send it."""
        address, fields = self.fill(page, action, **answers)
        return self.post(address, data=fields)


def parse(response: TestResponse) -> Any:
    """Return the page as a tree; a page that is no valid HTML fails."""
    parser = html5lib.HTMLParser(strict=True)
    return parser.parse(response.text)


def values_of(form: Any) -> dict[str, Any]:
    """Return what a browser would send if nothing were typed."""
    values: dict[str, Any] = {}
    for control in form.iter():
        name, tag = control.get("name"), control.tag.removeprefix(HTML)
        if not name:
            continue
        if tag == "textarea":
            values[name] = (control.text or "").removeprefix("\n")
        elif tag == "select":
            chosen = [each for each in control.iter(f"{HTML}option") if each.get("selected") is not None]
            values[name] = (chosen or list(control.iter(f"{HTML}option")))[0].get("value")
        elif control.get("type") in ("radio", "checkbox"):
            if control.get("checked") is not None:
                values.setdefault(name, []).append(control.get("value"))
        elif tag == "input":
            values[name] = control.get("value", "")
    return values


def _words(element: Any) -> str:
    """Return the words of an element without the marks of footnotes."""
    parts = [element.text or ""]
    for child in element:
        parts += [] if child.tag == f"{HTML}sup" else [_words(child)]
        parts.append(child.tail or "")
    return "".join(parts).strip()


def check_page(response: TestResponse) -> None:
    """Fail where a page breaks a rule that holds for all pages."""
    tree = parse(response)
    where = response.request.path
    language = tree.get("lang")
    assert language in ("en", "fr"), f"{where}: lang"
    assert tree.get("dir") in ("ltr", "rtl"), f"{where}: dir"
    assert response.headers["Content-Language"] == language, f"{where}: Content-Language"

    headings = [_words(each) for each in tree.iter(f"{HTML}h1")]
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    title = _words(next(tree.iter(f"{HTML}title")))
    rest = title
    if response.status_code in (409, 422, 429):  # a form with errors
        rest = title.removeprefix("Error: ").removeprefix("Erreur\u00a0: ")
    assert rest.startswith(f"{headings[0]} – "), f"{where}: title {title!r}, h1 {headings[0]!r}"

    ids = [each.get("id") for each in tree.iter() if isinstance(each.tag, str) and each.get("id")]
    assert len(ids) == len(set(ids)), f"{where}: ids {sorted(i for i in ids if ids.count(i) > 1)}"
    known = set(ids)
    labelled = {each.get("for") for each in tree.iter(f"{HTML}label")}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.removeprefix(HTML)
        assert element.get("style") is None, f"{where}: style on {tag}"
        assert tag != "style", f"{where}: <style>"
        assert tag != "script" or element.get("src"), f"{where}: inline script"
        for name in ("aria-describedby", "aria-labelledby"):
            for reference in (element.get(name) or "").split():
                assert reference in known, f"{where}: {name} names {reference}"
        if tag == "a" and (element.get("href") or "").startswith("#"):
            assert element.get("href")[1:] in known, f"{where}: link to {element.get('href')}"
        if tag == "form":
            assert element.get("action"), f"{where}: form without action"
            method = element.get("method")
            assert method in ("get", "post"), f"{where}: form method"
            # A form that only asks for a page needs no token, and a token has no place in an address.
            tokens = [each for each in element.iter(f"{HTML}input") if each.get("name") == "csrf_token"]
            assert bool(tokens) == (method == "post"), f"{where}: CSRF"
        if tag in CONTROLS and element.get("type") != "hidden":
            assert element.get("id") in labelled, f"{where}: {element.get('name')} has no label"
        if tag == "input" and "password" in (element.get("name") or ""):
            assert element.get("type") == "password", f"{where}: {element.get('name')} can be read"
            assert element.get("value") is None, f"{where}: {element.get('name')} comes back"
            assert element.get("autocomplete") in PASSWORDS, f"{where}: {element.get('name')} is kept from programs"
            assert not {"onpaste", "readonly"} & set(element.keys()), f"{where}: {element.get('name')} takes no paste"


def text_of(response: TestResponse) -> str:
    """Return what a reader reads in the main part of a page, in one line."""
    main = next(parse(response).iter(f"{HTML}main"))
    return " ".join(" ".join(main.itertext()).split())
