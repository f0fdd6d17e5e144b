"""Says in a few words which browser somebody used, from what it said of itself. That is a hint, and no proof."""

from __future__ import annotations

import re

from flask_babel import gettext

#: What stands in the words of a browser and of no other that comes before it here.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
#: How much is shown of a program that is no browser known here.
_SHORT = 40


def in_short(agent: str) -> str:
    """Return the browser and its system, such as “Firefox, Windows”; the name of a program that is neither."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    if browser is None:
        program = re.split(r"[\s(]", agent.strip(), maxsplit=1)[0]
        return program[:_SHORT]
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    return gettext("%(browser)s, %(system)s", browser=browser, system=system) if system else browser
