"""How people prove who they are, since when they are signed in, and what of that is remembered.

None of it is part of the public record, and none of it would let a reader of the database sign in: passwords, recovery
codes and the keys of sessions are kept as hashes, secrets of authenticator apps encrypted, and links not at all.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import DelayKind, LinkPurpose, PasskeyPurpose, ResetStatus, Role, SecurityAction, SignInWay

_IS_UNUSED = sa.text("used_at IS NULL AND withdrawn_at IS NULL")
_IS_CONFIRMED = sa.text("confirmed_at IS NOT NULL")
_IS_UNCONFIRMED = sa.text("confirmed_at IS NULL")
_IS_OPEN = sa.text("status = 'open'")


class SignInSession(Base):
    """One browser in which a person signed in.

    Attributes:
        key_hash: SHA-256 of the key that the browser's cookie holds, in hexadecimal digits.
        seen_at: when it last asked for a page, give or take a few minutes.
        proved_at: when the person last proved who they are.
        ended_at: since when it lets nobody in any more, where it was ended before its time.
        address, agent: from where it was opened, as the network and the browser said.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        sa.CheckConstraint("seen_at >= opened_at", name="seen_after_opened"),
        sa.CheckConstraint("proved_at >= opened_at", name="proved_after_opened"),
        sa.Index(None, "account_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    way: Mapped[SignInWay] = mapped_column(closed_list(SignInWay, "way"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    proved_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(sa.String(45))
    agent: Mapped[str] = mapped_column(sa.String(300))

    account: Mapped[Account] = relationship()


class Passkey(Base):
    """A passkey (WebAuthn credential) of a person.

    Attributes:
        sign_count: how often it was used, as it says itself; many always say 0.
        transports: how a browser reaches it, as it said when it was added.
        synced: whether it is kept by an account elsewhere and not by one device alone.
    """

    __tablename__ = "passkey"
    __table_args__ = (
        sa.CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),
        sa.Index(None, "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[str]] = mapped_column(sa.JSON)
    name: Mapped[str] = mapped_column(sa.String(100))
    synced: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship()


class PasskeyChallenge(Base):
    """A random number that a browser was asked to sign with a passkey; it is deleted when it comes back.

    Attributes:
        account: whom it was made for; ``None`` where the passkey itself says who signs in.
    """

    __tablename__ = "passkey_challenge"
    __table_args__ = (sa.Index(None, "created_at"),)

    challenge_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    purpose: Mapped[PasskeyPurpose] = mapped_column(closed_list(PasskeyPurpose, "purpose"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Authenticator(Base):
    """The authenticator app of a person (TOTP, RFC 6238): the one in use, and one that is being set up.

    Attributes:
        secret: what app and register share, encrypted.
        confirmed_at: when the person first gave a right code; before, it counts for nothing.
        last_counter: the time step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "authenticator"
    __table_args__ = (
        sa.Index(
            "uq_authenticator_in_use",
            "account_id",
            unique=True,
            sqlite_where=_IS_CONFIRMED,
            postgresql_where=_IS_CONFIRMED,
        ),
        sa.Index(
            "uq_authenticator_set_up",
            "account_id",
            unique=True,
            sqlite_where=_IS_UNCONFIRMED,
            postgresql_where=_IS_UNCONFIRMED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    secret: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_counter: Mapped[int | None]

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """One of the codes with which a person signs in once without their second factor, as a hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class MailedLink(Base):
    """A link that was mailed to a person, good once. It is made of the reference when the mail is sent, and never kept.

    Attributes:
        by: who caused it; ``None`` for the person themselves, and for the operator.
        invited_as: as what it invites to join the secretariat; ``None`` for representatives, and for other links.
    """

    __tablename__ = "mailed_link"
    __table_args__ = (
        sa.CheckConstraint("invited_as IS NULL OR purpose = 'invitation'", name="invited_as_by_invitation"),
        sa.CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="used_or_withdrawn"),
        sa.CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        sa.Index(
            "uq_mailed_link_open",
            "account_id",
            "purpose",
            unique=True,
            sqlite_where=_IS_UNUSED,
            postgresql_where=_IS_UNUSED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(closed_list(LinkPurpose, "purpose"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    invited_as: Mapped[Role | None] = mapped_column(closed_list(Role, "invited_as"))

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    by: Mapped[Account | None] = relationship(foreign_keys=by_id)


class Delay(Base):
    """Wrong guesses at one thing, or from one place, and until when further ones are not looked at.

    Attributes:
        key_hash: keyed hash of what is guessed at, which need not be an account.
        until: ``None`` as long as nobody has to wait.
    """

    __tablename__ = "delay"
    __table_args__ = (sa.CheckConstraint("failures > 0", name="failures_positive"), sa.Index(None, "last_at"))

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[DelayKind] = mapped_column(closed_list(DelayKind, "kind"))
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)


class SecurityEvent(Base):
    """One line of the security log.

    Attributes:
        account: whom it concerns; ``None`` where no account is known.
        by: who did it; ``None`` where nobody is signed in, and for the operator.
        address, agent: from where, as the network and the browser said; empty for the operator.
        said: JSON with what else is to be known. Never a password, a code, a key or a link.
    """

    __tablename__ = "security_event"
    __table_args__ = (
        sa.Index(None, "at"),
        sa.Index(None, "account_id"),
        sa.Index(None, "by_id"),
        sa.Index(None, "action"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    action: Mapped[SecurityAction] = mapped_column(closed_list(SecurityAction, "action"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    address: Mapped[str] = mapped_column(sa.String(45))
    agent: Mapped[str] = mapped_column(sa.String(300))
    said: Mapped[str] = mapped_column(sa.Text)

    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    by: Mapped[Account | None] = relationship(foreign_keys=by_id)


class FactorReset(Base):
    """The wish that a person's second factor be taken away because it is lost, which a second person decides on.

    Attributes:
        note: how the person was recognised.
        reason: why it was returned.
    """

    __tablename__ = "factor_reset"
    __table_args__ = (
        sa.CheckConstraint("asked_by_id <> account_id", name="not_for_oneself"),
        sa.CheckConstraint("decided_by_id <> account_id", name="not_decided_by_oneself"),
        sa.CheckConstraint("status <> 'approved' OR decided_by_id <> asked_by_id", name="four_eyes"),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at_a_moment"),
        sa.CheckConstraint("(status = 'open') = (decided_by_id IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("status <> 'returned' OR reason IS NOT NULL", name="returned_has_reason"),
        sa.Index("uq_factor_reset_open", "account_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    status: Mapped[ResetStatus] = mapped_column(closed_list(ResetStatus, "status"))
    note: Mapped[str] = mapped_column(sa.Text)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)


class OutsideIdentity(Base):
    """Who a person is to their own organisation, which may sign them in (OpenID Connect)."""

    __tablename__ = "outside_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("account_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(255))
    bound_at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship()
