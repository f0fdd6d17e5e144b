"""Every message has its translation, with the same placeholders, in every language but the one it is written in."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from config import PROJECT
from tracker.i18n import DEFAULT, LOCALES

TRANSLATED = [language for language in LOCALES if language != DEFAULT]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


@cache
def messages() -> frozenset[str]:
    """Return the messages of the code and the templates; of a plural, its singular."""
    with (PROJECT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(PROJECT, methods, options, KEYWORDS, directory_filter=_ours)
    return frozenset(each[2][0] if isinstance(each[2], tuple) else each[2] for each in found)


def _ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "_", "build", "instance", "tests"))


@cache
def catalogue(language: str) -> Catalog:
    with (PROJECT / "tracker" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_there_are_messages() -> None:
    assert "Signatories" in messages()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    translated = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(language)
        if message.id and all(forms(message)) and not message.fuzzy
    }
    assert messages() - translated == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    kept = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue(language)} - {""}
    assert kept - messages() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        asked = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, tuple) else message.id))
        wrong += [form for form in forms(message) if set(PLACEHOLDER.findall(form)) != asked]
    assert wrong == []
