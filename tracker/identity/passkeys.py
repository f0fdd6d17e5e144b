"""Passkeys (WebAuthn): added, used to prove who somebody is, renamed and removed.

A passkey alone is two factors: what somebody has, and what they are or know, since it asks its holder for a finger, a
face or a PIN each time. It holds for the register's own address and for no other, so a look-alike has no use of it.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tracker import clock
from tracker.errors import LastSecondFactor, LastWayIn, PasskeyRefused, Refused
from tracker.extensions import db
from tracker.identity import authenticators, proving, requirements, security_log
from tracker.identity.passkey_answers import ALGORITHMS, Assertion, Place, Registration
from tracker.models import Account, Passkey, PasskeyChallenge
from tracker.vocabulary import PasskeyPurpose, PasskeyRefusal, SecurityAction

#: How long a browser may take with its answer. The person reads its dialog, looks for the key, plugs it in.
PATIENCE = timedelta(minutes=5)

#: The longest name of a passkey, in characters.
LONGEST_NAME = 100

#: Where some count how often they were used, the largest number that is kept.
_LARGEST_COUNT = 2**31 - 1


def place() -> Place | None:
    """Return where passkeys hold; ``None`` where the register's address is none at which browsers have any.

    It follows from the settings alone: whoever asks may name any host.
    """
    return Place.at(current_app.config["ADDRESS"])


def of(account: Account) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return list(db.session.scalars(select(Passkey).filter_by(account_id=account.id).order_by(Passkey.id)))


def passkey(account: Account, reference: str) -> Passkey | None:
    """Return one of a person's passkeys; nobody else's is found."""
    return db.session.scalars(select(Passkey).filter_by(account_id=account.id, reference=reference)).one_or_none()


def registration_options(account: Account) -> str:
    """Return what a browser is to be told so that it makes a passkey for a person, as JSON.

    Raises:
        PasskeyRefused: the register's address is none for passkeys.
    """
    options = generate_registration_options(
        rp_id=_place().host,
        rp_name=current_app.config["REGISTER_NAME"] or _place().host,
        user_id=_handle(account),
        user_name=account.email,
        user_display_name=account.name,
        challenge=_issue(PasskeyPurpose.ADD, account),
        timeout=int(PATIENCE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_described(each) for each in of(account)],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options)


def register(account: Account, answer: str, *, name: str) -> Passkey:
    """Add the passkey that a browser made for a person, and return it.

    Raises:
        PasskeyRefused: it does not hold. The caller commits all the same: the log says so, and the answer is used up.
    """
    try:
        read = Registration.read(answer)
        _use_up(read.challenge, PasskeyPurpose.ADD, account)
        verified = read.verified(_place())
        added = Passkey(
            reference=str(uuid.uuid4()),
            account_id=account.id,
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=min(verified.sign_count, _LARGEST_COUNT),
            transports=read.transports,
            name=name,
            synced=verified.credential_backed_up,
            created_at=clock.now(),
        )
        _require_new(added)
    except PasskeyRefused as refused:
        _log(refused, account, by=account)
        raise
    security_log.record(SecurityAction.PASSKEY_ADDED, account=account, by=account, name=name)
    return added


def sign_in_options(account: Account | None = None) -> str:
    """Return what a browser is to be told so that it asks for a passkey, as JSON.

    Args:
        account: whose passkey is wanted; ``None`` where the passkey says who signs in.

    Raises:
        PasskeyRefused: the register's address is none for passkeys.
    """
    options = generate_authentication_options(
        rp_id=_place().host,
        challenge=_issue(PasskeyPurpose.SIGN_IN, account),
        timeout=int(PATIENCE.total_seconds() * 1000),
        allow_credentials=[_described(each) for each in of(account)] if account else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def verify(answer: str, *, expected: Account | None = None) -> Account:
    """Return the person who proved by a passkey who they are.

    Args:
        answer: what the browser answered, as JSON.
        expected: who it must be; ``None`` where the passkey says who it is.

    Raises:
        PasskeyRefused: it does not hold. The caller commits all the same: the log says so, and the answer is used up.
    """
    found = None
    try:
        read = Assertion.read(answer)
        _use_up(read.challenge, PasskeyPurpose.SIGN_IN, expected)
        found = _used_by(read)
        if expected is not None and found.account_id != expected.id:
            raise PasskeyRefused(PasskeyRefusal.NOT_YOURS)
        _require_handle(read, found, must_say=expected is None)
        verified = read.verified(_place(), found.public_key)
        _take_count(found, min(verified.new_sign_count, _LARGEST_COUNT))
        if not proving.may_sign_in(found.account):
            raise PasskeyRefused(PasskeyRefusal.CLOSED)
    except PasskeyRefused as refused:
        _log(refused, expected or (found.account if found else None), by=expected)
        raise
    found.used_at, found.synced = clock.now(), verified.credential_backed_up
    db.session.flush()
    return found.account


def rename(passkey: Passkey, name: str) -> None:
    """Give a passkey of a person another name."""
    if passkey.name == name:
        return
    said = {"name": name, "earlier": passkey.name}
    passkey.name = name
    security_log.record(SecurityAction.PASSKEY_RENAMED, account=passkey.account, by=passkey.account, **said)


def why_it_stays(passkey: Passkey) -> Refused | None:
    """Return why a passkey cannot be removed: without it nobody could sign in, or not with the second factor due."""
    account = passkey.account
    if of(account) != [passkey]:
        return None
    if account.password is None:
        return LastWayIn()
    if requirements.second_factor_required(account) and authenticators.of(account) is None:
        return LastSecondFactor()
    return None


def remove(passkey: Passkey) -> None:
    """Take a passkey away from a person: nobody signs in with it any more.

    Raises:
        LastWayIn: the person would have no way to sign in left.
        LastSecondFactor: the person needs a second factor, and would have none left.
    """
    account = passkey.account
    _lock(account)
    if passkey not in of(account):
        return  # somebody was faster
    if why := why_it_stays(passkey):
        raise why
    db.session.delete(passkey)
    security_log.record(SecurityAction.PASSKEY_REMOVED, account=account, by=account, name=passkey.name)


def _place() -> Place:
    found = place()
    if found is None:
        raise PasskeyRefused(PasskeyRefusal.NO_PLACE)
    return found


def _handle(account: Account) -> bytes:
    """Return what a passkey is told about whose it is: a name that says nothing about the person, and never changes."""
    return account.actor.encode()


def _described(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)


def _issue(purpose: PasskeyPurpose, account: Account | None) -> bytes:
    """Make a number for a browser to sign, and return it; let go of those that nobody may use any more."""
    challenge = secrets.token_bytes(32)
    now = clock.now()
    db.session.execute(sa.delete(PasskeyChallenge).where(PasskeyChallenge.created_at < now - PATIENCE))
    db.session.add(
        PasskeyChallenge(
            challenge_hash=_digest(challenge),
            purpose=purpose,
            account_id=account.id if account else None,
            created_at=now,
        )
    )
    db.session.flush()
    return challenge


def _use_up(challenge: bytes, purpose: PasskeyPurpose, account: Account | None) -> None:
    """Take a number out of those that may come back. Of two answers at once, the row's lock lets one have it.

    Raises:
        PasskeyRefused: it was never given out for this, came back before, or is too old.
    """
    used = db.session.execute(
        sa.delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge_hash == _digest(challenge),
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.account_id.is_(None) if account is None else PasskeyChallenge.account_id == account.id,
            PasskeyChallenge.created_at >= clock.now() - PATIENCE,
        )
        .returning(PasskeyChallenge.challenge_hash)
    )
    if used.first() is None:
        raise PasskeyRefused(PasskeyRefusal.TOO_LATE)


def _digest(challenge: bytes) -> str:
    return sha256(challenge).hexdigest()


def _require_new(added: Passkey) -> None:
    """Keep a new passkey, unless one of its identifier is known: of two at once, the constraint lets one in."""
    try:
        with db.session.begin_nested():
            db.session.add(added)
    except IntegrityError:
        raise PasskeyRefused(PasskeyRefusal.KNOWN_ALREADY) from None


def _used_by(read: Assertion) -> Passkey:
    """Return the passkey that an answer is of, locked: its count is read and written by one at a time."""
    query = select(Passkey).filter_by(credential_id=read.credential_id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise PasskeyRefused(PasskeyRefusal.UNKNOWN)
    return found


def _require_handle(read: Assertion, found: Passkey, *, must_say: bool) -> None:
    """Require that a passkey names the person whose it is; it need not where that was known before."""
    if read.person is None and not must_say:
        return
    if read.person != _handle(found.account):
        raise PasskeyRefused(PasskeyRefusal.ANOTHER_PERSON)


def _take_count(found: Passkey, count: int) -> None:
    """Take how often a passkey says it was used; one that counts backwards was copied, and the copy is used too."""
    if (count or found.sign_count) and count <= found.sign_count:
        raise PasskeyRefused(PasskeyRefusal.POSSIBLE_COPY)
    found.sign_count = count


def _lock(account: Account) -> None:
    """Let one at a time change how a person signs in: two removals at once could leave nothing."""
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())


def _log(refused: PasskeyRefused, account: Account | None, *, by: Account | None) -> None:
    security_log.record(SecurityAction.PASSKEY_REFUSED, account=account, by=by, why=refused.why.value)
