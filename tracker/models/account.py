"""People who sign in, what they may do, and for whom they may speak."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.columns import PersonName
from tracker.models.participant import Participant
from tracker.vocabulary import Role, Tenure

account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True),
)


class AccountRole(Base, RoleMixin):
    """A role as Flask-Security keeps it."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)


#: The domain of the addresses that stand for those of people who were forgotten. No mail goes to it (RFC 2606).
FORGOTTEN = "forgotten.invalid"


class Account(Base, UserMixin):
    """A person who signs in. ``actor`` stands for the person in the ledger, which holds no personal data.

    ``language`` is that of the mails which the person gets. Who was forgotten on request has no name, and
    an address that leads nowhere.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(PersonName)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    actor: Mapped[str] = mapped_column(sa.String(36), unique=True)
    language: Mapped[str] = mapped_column(sa.String(35), server_default="en")

    roles: Mapped[list[AccountRole]] = relationship(  # type: ignore[assignment]  # the library's is a plain list
        secondary=account_role, lazy="selectin"
    )
    accreditations: Mapped[list[Accreditation]] = relationship(back_populates="account")

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the secretariat."""
        return any(role.name == Role.STAFF for role in self.roles)

    @property
    def is_administrator(self) -> bool:
        """Whether this person says who works for the secretariat."""
        return any(role.name == Role.ADMINISTRATOR for role in self.roles)

    @property
    def is_forgotten(self) -> bool:
        """Whether the person asked to be forgotten, and was."""
        return self.email.endswith(f"@{FORGOTTEN}")

    @property
    def key(self) -> str:
        """By what the secretariat's addresses name this person."""
        return self.actor.removeprefix("person/")

    def get_security_payload(self) -> dict[str, Any]:
        """Return what sign-in answers tell about the person: nothing beyond the name."""
        return {"name": self.name}


class Accreditation(Base):
    """A person's right to act for a participant, from a day, until a day.

    ``reference`` is its name in the ledger; it has none where it was made before the ledger recorded accreditations.
    ``name`` and ``office`` are those under which the person was accredited. From ``suspended_on`` on it does not hold.
    """

    __tablename__ = "accreditation"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        sa.CheckConstraint("suspended_on >= starts_on", name="suspended_after_start"),
        sa.UniqueConstraint("account_id", "participant_id", "starts_on"),
        sa.Index("uq_accreditation_reference", "reference", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reference: Mapped[str | None] = mapped_column(sa.String(36))
    is_head: Mapped[bool] = mapped_column(server_default=sa.false())
    name: Mapped[str | None] = mapped_column(sa.String(200))
    office: Mapped[str | None] = mapped_column(sa.String(200))
    suspended_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="accreditations")
    participant: Mapped[Participant] = relationship()

    def tenure(self, day: date) -> Tenure:
        """Return where the accreditation stands on a day; both its ends are included."""
        last = self.ends_on
        if last is not None and (last < day or (self.suspended_on is not None and last <= self.suspended_on <= day)):
            return Tenure.ENDED
        if self.suspended_on is not None and self.suspended_on <= day:
            return Tenure.SUSPENDED
        return Tenure.HOLDS if self.starts_on <= day else Tenure.TO_COME

    def holds_on(self, day: date) -> bool:
        """Whether the person may act for the participant on ``day``."""
        return self.tenure(day) is Tenure.HOLDS

    @property
    def shown_name(self) -> str:
        """The name to show: the one under which the person was accredited, where that is known."""
        return self.name or self.account.name
