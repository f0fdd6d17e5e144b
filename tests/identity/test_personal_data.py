"""All that the register keeps of a person can be taken away, and nothing that would serve a thief."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from tests.identity.test_erasing import EMAIL, LONG_NAME, NAME, OFFICE, zenobie
from tests.world import World
from tracker.extensions import Base
from tracker.identity import personal_data
from tracker.identity.words_of_data import heading_of, label_of

#: Tables that refer to a person, where it is told elsewhere, or says nothing that is theirs alone.
TOLD_OTHERWISE = {
    "account_role",  # as roles
    "passkey_challenge",  # gone within minutes
    "factor_reset",  # in the security log
    "look",  # of staff
    "load",  # of staff, and in the ledger
    "preparation",  # of staff
    "report",  # of staff
    "review",  # of staff, and in the ledger
    "endorsement",  # the participant's, and in the ledger
    "act",  # in the ledger
}
TOLD = {
    "accreditation",
    "sign_in_session",
    "passkey",
    "authenticator",
    "recovery_code",
    "outside_identity",
    "mailed_link",
    "mail",
    "proposal",
    "evidence",
    "security_event",
}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: what is read is read alike."""
    return "sqlite"


def test_everything_is_there_that_is_kept(register: World) -> None:
    data = personal_data.of(zenobie(register))
    assert {name for name, rows in data.items() if not rows} == {"proposals"}
    [account], [held] = data["account"], data["accreditations"]
    assert (account["name"], account["email"]) == (NAME, EMAIL)
    assert (held["name"], held["office"]) == (LONG_NAME, OFFICE)


def test_every_table_that_refers_to_a_person_was_thought_of() -> None:
    tables = Base.metadata.tables
    referring = {name for name, table in tables.items() for key in table.foreign_keys if _leads_to(key, "account")}
    assert referring == TOLD | TOLD_OTHERWISE


def _leads_to(key: sa.ForeignKey, table: str) -> bool:
    return bool(key.column.table.name == table)


def test_the_archive_has_a_file_for_programs_and_one_to_read(register: World) -> None:
    with zipfile.ZipFile(io.BytesIO(personal_data.archive(zenobie(register)))) as packed:
        data, text = json.loads(packed.read("data.json")), packed.read("data.txt").decode()
    assert data["accreditations"][0]["office"] == OFFICE
    assert f"Office: {OFFICE}" in text


def test_every_value_has_a_word(register: World) -> None:
    data = personal_data.of(zenobie(register))
    assert all(heading_of(name) for name in data)
    assert all(label_of(name) for rows in data.values() for row in rows for name in row)


@pytest.mark.parametrize("secret", ["secret", "c" * 64, "r" * 64, "argon2"])
def test_nothing_is_there_that_serves_a_thief(register: World, secret: str) -> None:
    with zipfile.ZipFile(io.BytesIO(personal_data.archive(zenobie(register)))) as packed:
        assert [name for name in packed.namelist() if secret in packed.read(name).decode()] == []
