import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from sqlalchemy import select

from tests.identity.soft_key import BACKED_UP, BACKUP_ELIGIBLE, HOST, KNOWN, PRESENT, VERIFIED, SoftKey
from tests.world import World
from tracker import clock
from tracker.errors import LastSecondFactor, LastWayIn, PasskeyRefused
from tracker.extensions import db
from tracker.identity import passkeys
from tracker.models import Account, Authenticator, Passkey, PasskeyChallenge, SecurityEvent
from tracker.vocabulary import PasskeyRefusal, SecurityAction

Refusal = PasskeyRefusal

NUMBERS = ec.generate_private_key(ec.SECP521R1()).public_key().public_numbers()
ANOTHER_ALGORITHM = {1: 2, 3: -36, -1: 3, -2: NUMBERS.x.to_bytes(66, "big"), -3: NUMBERS.y.to_bytes(66, "big")}


def added(account: Account, name: str = "My phone", *, key: SoftKey | None = None, **lies: Any) -> SoftKey:
    """Add a passkey to an account, and return the device that has it."""
    key = key or SoftKey()
    passkeys.register(account, key.make(passkeys.registration_options(account), **lies), name=name)
    return key


def why_refused(act: Callable[[], Any]) -> Refusal:
    with pytest.raises(PasskeyRefused) as refused:
        act()
    assert refused.value.sentence == refused.value.why.label
    return refused.value.why


def last_event() -> tuple[SecurityAction, Account | None, dict[str, str]]:
    event = db.session.scalars(select(SecurityEvent).order_by(SecurityEvent.id.desc())).first()
    assert event is not None
    return event.action, event.account, json.loads(event.said)


@pytest.fixture
def staff_need_one(register: World) -> None:
    current_app.config["SECOND_FACTOR"] = "staff"


def later(**how_much: float) -> Any:
    return clock.at(clock.now() + timedelta(**how_much))


# Adding


def test_a_passkey_is_added(register: World) -> None:
    key = added(register.alice)
    (kept,) = passkeys.of(register.alice)
    assert (kept.name, kept.credential_id, kept.transports) == ("My phone", key.credential_id, ["hybrid", "internal"])
    assert (kept.used_at, kept.synced) == (None, False)
    assert last_event() == (SecurityAction.PASSKEY_ADDED, register.alice, {"name": "My phone"})


def test_the_browser_is_told_what_a_passkey_must_be(register: World) -> None:
    added(register.alice)
    asked = json.loads(passkeys.registration_options(register.alice))
    assert asked["rp"]["id"] == HOST
    assert asked["attestation"] == "none"
    wanted = asked["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert "authenticatorAttachment" not in wanted
    assert len(asked["excludeCredentials"]) == 1
    assert [each["alg"] for each in asked["pubKeyCredParams"]] == [-7, -8, -257]


def test_a_passkey_is_told_nothing_about_the_person_but_what_its_holder_reads(register: World) -> None:
    key = added(register.alice)
    assert key.person == register.alice.actor.encode()


def test_one_that_is_kept_elsewhere_too_is_known_to_be(register: World) -> None:
    added(register.alice, flags=KNOWN | BACKUP_ELIGIBLE | BACKED_UP)
    assert passkeys.of(register.alice)[0].synced


def test_the_oldest_stands_first(register: World) -> None:
    for name in ("one", "two", "three"):
        added(register.alice, name)
    assert [each.name for each in passkeys.of(register.alice)] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("lies", "why"),
    [
        ({"origin": "https://register.example.org.evil.example"}, Refusal.ANOTHER_SITE),
        ({"origin": "http://register.example.org"}, Refusal.ANOTHER_SITE),
        ({"origin": "https://register.example.org:8443"}, Refusal.ANOTHER_SITE),
        ({"origin": ["https://register.example.org"]}, Refusal.ANOTHER_SITE),
        ({"host": "example.org"}, Refusal.ANOTHER_SITE),
        ({"framed": True}, Refusal.ANOTHER_SITE),
        ({"flags": PRESENT}, Refusal.NOT_RECOGNISED),
        ({"flags": VERIFIED}, Refusal.UNREADABLE),
        ({"kind": "webauthn.get"}, Refusal.UNREADABLE),
        ({"challenge": "AAAA"}, Refusal.TOO_LATE),
        ({"public_key": {}}, Refusal.UNREADABLE),
        ({"public_key": {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}}, Refusal.UNREADABLE),
        ({"public_key": ANOTHER_ALGORITHM}, Refusal.UNREADABLE),
        ({"fmt": "android-safetynet"}, Refusal.UNREADABLE),
        ({"fmt": "packed", "statement": {"alg": -7, "sig": b"", "x5c": [b"rubbish"]}}, Refusal.UNREADABLE),
        ({"flags": KNOWN | BACKED_UP}, Refusal.UNREADABLE),
    ],
)
def test_one_that_does_not_hold_is_not_added(register: World, lies: dict[str, Any], why: Refusal) -> None:
    assert why_refused(lambda: added(register.alice, **lies)) is why
    assert passkeys.of(register.alice) == []
    assert last_event() == (SecurityAction.PASSKEY_REFUSED, register.alice, {"why": why.value})


@pytest.mark.parametrize("holder", ["alice", "bruno"])
def test_one_that_is_registered_is_not_added_again(register: World, holder: str) -> None:
    key = added(register.alice)
    assert why_refused(lambda: added(getattr(register, holder), key=key)) is Refusal.KNOWN_ALREADY
    assert len(list(db.session.scalars(select(Passkey)))) == 1


def test_an_answer_adds_one_passkey(register: World) -> None:
    answer = SoftKey().make(passkeys.registration_options(register.alice))
    passkeys.register(register.alice, answer, name="My phone")
    assert why_refused(lambda: passkeys.register(register.alice, answer, name="Another")) is Refusal.TOO_LATE


def test_what_one_person_was_asked_for_adds_nothing_to_another(register: World) -> None:
    answer = SoftKey().make(passkeys.registration_options(register.alice))
    assert why_refused(lambda: passkeys.register(register.bruno, answer, name="Mine")) is Refusal.TOO_LATE


def test_it_may_take_five_minutes(register: World) -> None:
    answer = SoftKey().make(passkeys.registration_options(register.alice))
    with later(minutes=4, seconds=59):
        passkeys.register(register.alice, answer, name="My phone")
    answer = SoftKey().make(passkeys.registration_options(register.alice))
    with later(minutes=5, seconds=1):
        assert why_refused(lambda: passkeys.register(register.alice, answer, name="Late")) is Refusal.TOO_LATE


def test_a_number_that_nobody_may_use_any_more_is_let_go(register: World) -> None:
    passkeys.sign_in_options()
    with later(minutes=6):
        passkeys.sign_in_options()
    assert len(list(db.session.scalars(select(PasskeyChallenge)))) == 1


def test_neither_numbers_nor_their_answers_can_be_read_in_the_database(register: World) -> None:
    asked = json.loads(passkeys.sign_in_options())["challenge"]
    (kept,) = db.session.scalars(select(PasskeyChallenge.challenge_hash))
    assert asked not in kept


# Signing in


def test_a_passkey_says_who_signs_in(register: World) -> None:
    key = added(register.alice)
    added(register.bruno)
    assert passkeys.verify(key.answer(passkeys.sign_in_options())) is register.alice
    (kept,) = passkeys.of(register.alice)
    assert kept.used_at is not None
    assert kept.sign_count == 1


def test_the_browser_is_told_to_ask_who_it_is(register: World) -> None:
    added(register.alice)
    asked = json.loads(passkeys.sign_in_options())
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == (HOST, "required", [])


def test_where_it_is_known_who_it_must_be_the_browser_is_told_of_their_passkeys(register: World) -> None:
    key = added(register.alice)
    added(register.bruno)
    (named,) = json.loads(passkeys.sign_in_options(register.alice))["allowCredentials"]
    assert named["transports"] == ["hybrid", "internal"]
    assert passkeys.verify(key.answer(passkeys.sign_in_options(register.alice)), expected=register.alice)


def test_where_it_is_known_who_it_must_be_the_passkey_need_not_say(register: World) -> None:
    key = added(register.alice)
    answer = key.answer(passkeys.sign_in_options(register.alice), person=None)
    assert passkeys.verify(answer, expected=register.alice) is register.alice


def test_one_that_never_counts_is_taken_again_and_again(register: World) -> None:
    key = added(register.alice, key=SoftKey(counts=False))
    for _ in range(3):
        assert passkeys.verify(key.answer(passkeys.sign_in_options())) is register.alice


def test_it_is_found_out_whether_one_is_kept_elsewhere_too_since(register: World) -> None:
    key = added(register.alice, flags=KNOWN | BACKUP_ELIGIBLE)
    passkeys.verify(key.answer(passkeys.sign_in_options(), flags=KNOWN | BACKUP_ELIGIBLE | BACKED_UP))
    assert passkeys.of(register.alice)[0].synced


@pytest.mark.parametrize(
    ("lies", "why"),
    [
        ({"origin": "https://register.example.org.evil.example"}, Refusal.ANOTHER_SITE),
        ({"origin": "http://register.example.org"}, Refusal.ANOTHER_SITE),
        ({"origin": "null"}, Refusal.ANOTHER_SITE),
        ({"host": "evil.example"}, Refusal.ANOTHER_SITE),
        ({"framed": True}, Refusal.ANOTHER_SITE),
        ({"flags": PRESENT}, Refusal.NOT_RECOGNISED),
        ({"flags": VERIFIED}, Refusal.NOT_GENUINE),
        ({"kind": "webauthn.create"}, Refusal.NOT_GENUINE),
        ({"challenge": "AAAA"}, Refusal.TOO_LATE),
        ({"person": b"person/somebody-else"}, Refusal.ANOTHER_PERSON),
        ({"person": None}, Refusal.ANOTHER_PERSON),
        ({"signer": ec.generate_private_key(ec.SECP256R1())}, Refusal.NOT_GENUINE),
        ({"count": 0}, Refusal.POSSIBLE_COPY),
    ],
)
def test_one_that_does_not_hold_lets_nobody_in(register: World, lies: dict[str, Any], why: Refusal) -> None:
    key = added(register.alice)
    passkeys.verify(key.answer(passkeys.sign_in_options()))
    assert why_refused(lambda: passkeys.verify(key.answer(passkeys.sign_in_options(), **lies))) is why
    action, account, said = last_event()
    assert (action, said) == (SecurityAction.PASSKEY_REFUSED, {"why": why.value})
    assert account is (None if why is Refusal.TOO_LATE else register.alice)


def test_one_that_counts_backwards_may_be_a_copy(register: World) -> None:
    key = added(register.alice)
    for _ in range(5):
        passkeys.verify(key.answer(passkeys.sign_in_options()))
    for count in (4, 5):
        answer = key.answer(passkeys.sign_in_options(), count=count)
        assert why_refused(lambda answer=answer: passkeys.verify(answer)) is Refusal.POSSIBLE_COPY  # type: ignore[misc]
    assert passkeys.of(register.alice)[0].sign_count == 5


def test_one_that_was_used_more_often_than_can_be_counted_is_kept(register: World) -> None:
    key = added(register.alice)
    passkeys.verify(key.answer(passkeys.sign_in_options(), count=2**32 - 1))
    assert passkeys.of(register.alice)[0].sign_count == 2**31 - 1


def test_a_forged_answer_does_not_move_the_count(register: World) -> None:
    key = added(register.alice)
    forged = key.answer(passkeys.sign_in_options(), signer=ec.generate_private_key(ec.SECP256R1()), count=1_000)
    why_refused(lambda: passkeys.verify(forged))
    assert passkeys.verify(key.answer(passkeys.sign_in_options())) is register.alice


def test_an_answer_is_good_once(register: World) -> None:
    key = added(register.alice, key=SoftKey(counts=False))
    answer = key.answer(passkeys.sign_in_options())
    passkeys.verify(answer)
    assert why_refused(lambda: passkeys.verify(answer)) is Refusal.TOO_LATE


def test_an_answer_that_was_refused_is_used_up(register: World) -> None:
    key = added(register.alice)
    options = passkeys.sign_in_options()
    why_refused(lambda: passkeys.verify(key.answer(options, flags=PRESENT)))
    assert why_refused(lambda: passkeys.verify(key.answer(options))) is Refusal.TOO_LATE


def test_an_answer_may_take_five_minutes(register: World) -> None:
    key = added(register.alice)
    answer = key.answer(passkeys.sign_in_options())
    with later(minutes=5, seconds=1):
        assert why_refused(lambda: passkeys.verify(answer)) is Refusal.TOO_LATE


def test_what_a_browser_was_asked_to_sign_in_with_adds_no_passkey(register: World) -> None:
    asked = json.loads(passkeys.registration_options(register.alice))
    asked["challenge"] = json.loads(passkeys.sign_in_options(register.alice))["challenge"]
    answer = SoftKey().make(json.dumps(asked))
    assert why_refused(lambda: passkeys.register(register.alice, answer, name="Mine")) is Refusal.TOO_LATE


def test_what_a_browser_was_asked_to_add_signs_nobody_in(register: World) -> None:
    key = added(register.alice)
    assert why_refused(lambda: passkeys.verify(key.answer(passkeys.registration_options(register.alice)))) is (
        Refusal.TOO_LATE
    )


@pytest.mark.parametrize(("asked_of", "answered_for"), [("bruno", "alice"), (None, "alice"), ("alice", None)])
def test_what_was_asked_of_one_is_no_answer_for_another(
    register: World, asked_of: str | None, answered_for: str | None
) -> None:
    key = added(register.alice)
    options = passkeys.sign_in_options(asked_of and getattr(register, asked_of))
    expected = answered_for and getattr(register, answered_for)
    assert why_refused(lambda: passkeys.verify(key.answer(options), expected=expected)) is Refusal.TOO_LATE


def test_another_persons_passkey_does_not_prove_that_it_is_you(register: World) -> None:
    added(register.alice)
    brunos = added(register.bruno)
    answer = brunos.answer(passkeys.sign_in_options(register.alice))
    assert why_refused(lambda: passkeys.verify(answer, expected=register.alice)) is Refusal.NOT_YOURS
    assert last_event() == (SecurityAction.PASSKEY_REFUSED, register.alice, {"why": "not_yours"})


def test_one_persons_identifier_with_another_persons_key_lets_nobody_in(register: World) -> None:
    alices, brunos = added(register.alice), added(register.bruno)
    answer = brunos.answer(passkeys.sign_in_options(), credential_id=alices.credential_id, person=alices.person)
    assert why_refused(lambda: passkeys.verify(answer)) is Refusal.NOT_GENUINE


def test_one_that_was_never_added_lets_nobody_in(register: World) -> None:
    key = SoftKey()
    key.make(passkeys.registration_options(register.alice))
    assert why_refused(lambda: passkeys.verify(key.answer(passkeys.sign_in_options()))) is Refusal.UNKNOWN
    assert last_event() == (SecurityAction.PASSKEY_REFUSED, None, {"why": "unknown"})


def test_the_passkey_of_a_closed_account_lets_nobody_in(register: World) -> None:
    key = added(register.alice)
    register.alice.active = False
    assert why_refused(lambda: passkeys.verify(key.answer(passkeys.sign_in_options()))) is Refusal.CLOSED
    assert last_event()[1] is register.alice


RUBBISH = [
    "",
    "null",
    "[]",
    "{}",
    "{" * 20_000,
    "[" * 19_000,
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    "x" * 20_001,
]


@pytest.mark.parametrize("answer", RUBBISH)
def test_rubbish_is_no_answer(register: World, answer: str) -> None:
    assert why_refused(lambda: passkeys.verify(answer)) is Refusal.UNREADABLE
    assert why_refused(lambda: passkeys.register(register.alice, answer, name="Mine")) is Refusal.UNREADABLE


# Renaming and removing


def test_a_passkey_is_renamed(register: World) -> None:
    added(register.alice)
    (kept,) = passkeys.of(register.alice)
    passkeys.rename(kept, "The blue key")
    assert passkeys.of(register.alice)[0].name == "The blue key"
    assert last_event() == (
        SecurityAction.PASSKEY_RENAMED,
        register.alice,
        {"name": "The blue key", "earlier": "My phone"},
    )


def test_the_same_name_is_nothing_new(register: World) -> None:
    added(register.alice)
    passkeys.rename(passkeys.of(register.alice)[0], "My phone")
    assert last_event()[0] is SecurityAction.PASSKEY_ADDED


def test_a_removed_passkey_lets_nobody_in(register: World) -> None:
    key = added(register.alice)
    passkeys.remove(passkeys.of(register.alice)[0])
    assert passkeys.of(register.alice) == []
    assert last_event() == (SecurityAction.PASSKEY_REMOVED, register.alice, {"name": "My phone"})
    assert why_refused(lambda: passkeys.verify(key.answer(passkeys.sign_in_options()))) is Refusal.UNKNOWN


def test_the_last_way_to_sign_in_stays(register: World) -> None:
    added(register.alice)
    register.alice.password = None
    with pytest.raises(LastWayIn):
        passkeys.remove(passkeys.of(register.alice)[0])
    added(register.alice, "Another")
    passkeys.remove(passkeys.of(register.alice)[0])
    assert [each.name for each in passkeys.of(register.alice)] == ["Another"]


@pytest.mark.usefixtures("staff_need_one")
def test_the_last_second_factor_of_somebody_who_needs_one_stays(register: World) -> None:
    added(register.sam)
    with pytest.raises(LastSecondFactor):
        passkeys.remove(passkeys.of(register.sam)[0])
    assert len(passkeys.of(register.sam)) == 1


@pytest.mark.usefixtures("staff_need_one")
def test_somebody_who_has_an_app_may_remove_the_last_passkey(register: World) -> None:
    added(register.sam)
    db.session.add(Authenticator(account=register.sam, secret="", created_at=clock.now(), confirmed_at=clock.now()))
    passkeys.remove(passkeys.of(register.sam)[0])
    assert passkeys.of(register.sam) == []


@pytest.mark.usefixtures("staff_need_one")
def test_an_app_that_never_gave_a_right_code_is_no_second_factor(register: World) -> None:
    added(register.sam)
    db.session.add(Authenticator(account=register.sam, secret="", created_at=clock.now()))
    with pytest.raises(LastSecondFactor):
        passkeys.remove(passkeys.of(register.sam)[0])


def test_one_that_is_gone_already_may_be_removed_again(register: World) -> None:
    added(register.alice)
    (kept,) = passkeys.of(register.alice)
    passkeys.remove(kept)
    passkeys.remove(kept)
    assert passkeys.of(register.alice) == []


def test_nobody_elses_passkey_is_found(register: World) -> None:
    added(register.alice)
    (kept,) = passkeys.of(register.alice)
    assert passkeys.passkey(register.alice, kept.reference) is kept
    assert passkeys.passkey(register.bruno, kept.reference) is None


def test_where_passkeys_hold_nowhere_none_is_asked_for(register: World) -> None:
    current_app.config["ADDRESS"] = "http://127.0.0.1:8000"
    assert why_refused(lambda: passkeys.registration_options(register.alice)) is Refusal.NO_PLACE
    assert why_refused(passkeys.sign_in_options) is Refusal.NO_PLACE
