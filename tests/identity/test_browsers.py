"""A browser is told in a few words, and what is none by its name."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.invariants.walking import on_sqlite
from tracker.identity.browsers import in_short

MOZILLA = "Mozilla/5.0"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"

AGENTS = {
    f"{MOZILLA} (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox, Linux",
    f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KIT} Chrome/126.0.0.0 Safari/537.36": "Chrome, Windows",
    f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0": "Edge, Windows",
    f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {KIT} Version/17.5 Safari/605.1.15": "Safari, macOS",
    f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) {KIT} CriOS/126.0 Mobile Safari/604.1": "Chrome, iPhone",
    f"{MOZILLA} (Linux; Android 14; Pixel 8) {KIT} Chrome/126.0.0.0 Mobile Safari/537.36": "Chrome, Android",
    "curl/8.5.0": "curl/8.5.0",
    "Firefox/1.0": "Firefox",
    f"{MOZILLA} (compatible)": MOZILLA,
    "": "",
    "x" * 300: "x" * 40,
}


@on_sqlite
@pytest.mark.parametrize("agent", AGENTS)
def test_it_is_told_in_a_few_words(app: Flask, agent: str) -> None:
    with app.test_request_context("/en/"):
        assert in_short(agent) == AGENTS[agent]
