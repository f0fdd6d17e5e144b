"""Addresses: what is one, and what to look at twice."""

from __future__ import annotations

import pytest

from tracker.people.addresses import Hint, hints, normal

MINISTRY = ["ana@mfa.example.org", "dan@mfa.example.org"]


def test_an_address_is_kept_in_lower_case() -> None:
    assert normal("Ana.Rusu@MFA.example.org") == "ana.rusu@mfa.example.org"


@pytest.mark.parametrize("text", ["", "ana", "ana@", "@mfa.example.org", "ana@mfa", "a b@mfa.example.org", "a@b@c.org"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert normal(text) is None


@pytest.mark.parametrize("email", ["eva@mfa.example.org", "eva@geneva.mfa.example.org", "eva@example.org"])
def test_an_address_akin_to_the_others_is_not_remarked_on(email: str) -> None:
    assert hints(email, MINISTRY) == []


def test_another_domain_and_a_free_mailer_are_hints() -> None:
    assert hints("eva@other.example", MINISTRY) == [Hint.OTHER_DOMAIN]
    assert hints("eva@gmail.com", MINISTRY) == [Hint.FREE_MAILER, Hint.OTHER_DOMAIN]


def test_where_there_are_no_others_only_a_free_mailer_is() -> None:
    assert hints("eva@gmail.com", []) == [Hint.FREE_MAILER]
    assert hints("eva@other.example", []) == []


def test_a_name_that_only_ends_alike_is_another_domain() -> None:
    assert hints("eva@notexample.org", ["ana@example.org"]) == [Hint.OTHER_DOMAIN]
