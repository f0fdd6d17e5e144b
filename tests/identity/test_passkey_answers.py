import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.identity.soft_key import HOST, ORIGIN, SoftKey
from tracker.errors import PasskeyRefused
from tracker.identity.passkey_answers import Assertion, Place, Registration

PLACE = Place(HOST, ORIGIN)
ASKED = json.dumps({"challenge": bytes_to_base64url(bytes(32)), "user": {"id": bytes_to_base64url(b"person/1")}})

KEY = SoftKey()
MADE = KEY.make(ASKED)
ANSWERED = KEY.answer(ASKED)
PUBLIC_KEY = Registration.read(MADE).verified(PLACE).credential_public_key


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://register.example.org", PLACE),
        ("https://Register.Example.org:443/en", PLACE),
        ("https://register.example.org:8443", Place(HOST, "https://register.example.org:8443")),
        ("http://localhost:8000", Place("localhost", "http://localhost:8000")),
        ("http://localhost:80", Place("localhost", "http://localhost")),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]:8000", None),
        ("http://register.example.org", None),
        ("", None),
    ],
)
def test_passkeys_hold_at_an_address_for_which_browsers_make_them(address: str, place: Place | None) -> None:
    assert Place.at(address) == place


def test_a_true_answer_is_taken() -> None:
    assert Assertion.read(ANSWERED).verified(PLACE, PUBLIC_KEY).user_verified


#: Where an answer is signed, or says what is signed, and what a program can put there.
SIGNED = ("clientDataJSON", "authenticatorData", "signature")
TEXTS = (*SIGNED, "attestationObject", "userHandle")
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=5,
)


@given(place=st.sampled_from(SIGNED), at=st.integers(0, 1_000), flip=st.integers(1, 255))
def test_an_answer_with_another_byte_in_what_is_signed_is_refused(place: str, at: int, flip: int) -> None:
    answer = json.loads(ANSWERED)
    signed = bytearray(base64url_to_bytes(answer["response"][place]))
    signed[at % len(signed)] ^= flip
    answer["response"][place] = bytes_to_base64url(bytes(signed))
    with pytest.raises(PasskeyRefused):
        Assertion.read(json.dumps(answer)).verified(PLACE, PUBLIC_KEY)


@given(at=st.integers(0, 1_000), put=st.binary(max_size=4), cut=st.integers(0, 40))
def test_a_new_passkey_that_was_tampered_with_is_refused_or_read(at: int, put: bytes, cut: int) -> None:
    # Nobody signed it: what still has the form of a passkey is one.
    answer = json.loads(MADE)
    made = base64url_to_bytes(answer["response"]["attestationObject"])
    at %= len(made)
    answer["response"]["attestationObject"] = bytes_to_base64url(made[:at] + put + made[at + cut :])
    _survives(json.dumps(answer))


@given(place=st.sampled_from(["id", "rawId", "type", "response", "authenticatorAttachment", *TEXTS]), put=anything)
def test_whatever_stands_in_a_part_of_an_answer_it_is_refused_or_read(place: str, put: Any) -> None:
    for whole in (MADE, ANSWERED):
        answer = json.loads(whole)
        (answer["response"] if place in TEXTS else answer)[place] = put
        _survives(json.dumps(answer))


@given(said=anything)
def test_whatever_the_browser_says_of_the_page_it_is_refused_or_read(said: Any) -> None:
    for whole in (MADE, ANSWERED):
        for name in ("type", "challenge", "origin", "crossOrigin", "tokenBinding"):
            answer = json.loads(whole)
            page = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"])) | {name: said}
            answer["response"]["clientDataJSON"] = bytes_to_base64url(json.dumps(page).encode())
            _survives(json.dumps(answer))


@given(answer=st.one_of(anything.map(json.dumps), st.text()))
def test_whatever_is_sent_it_is_refused_or_read(answer: str) -> None:
    _survives(answer)


def _survives(answer: str) -> None:
    """Read an answer both ways; anything that it raises but a refusal fails the test."""
    for read in (_as_registration, _as_assertion):
        try:
            read(answer)
        except PasskeyRefused as refused:
            assert refused.sentence  # noqa: PT017  # what it raises is what is looked at


def _as_registration(answer: str) -> None:
    Registration.read(answer).verified(PLACE)


def _as_assertion(answer: str) -> None:
    Assertion.read(answer).verified(PLACE, PUBLIC_KEY)
