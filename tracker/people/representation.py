"""Who represents whom: the queries behind the pages about people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import accrediting, clock, register
from tracker.extensions import db
from tracker.i18n import Shown
from tracker.models import Accreditation, Participant
from tracker.texts import comparable
from tracker.vocabulary import Tenure


class Lack(StrEnum):
    """What a participant may lack."""

    NOBODY = "nobody"
    NO_HEAD = "no-head"


@dataclass(frozen=True)
class Represented:
    """A participant, with the accreditations that hold today, are suspended or are to come."""

    participant: Participant
    name: Shown
    people: list[Accreditation]

    @property
    def acting(self) -> list[Accreditation]:
        """Those that hold today."""
        return [each for each in self.people if each.holds_on(clock.today()) and each.account.active]

    @property
    def lack(self) -> Lack | None:
        """What the participant lacks today."""
        if not self.acting:
            return Lack.NOBODY
        return None if any(each.is_head for each in self.acting) else Lack.NO_HEAD

    @property
    def words(self) -> str:
        """All by which it may be looked for."""
        people = (f"{each.shown_name} {each.account.name} {each.account.email}" for each in self.people)
        own = (*self.participant.name.texts.values(), self.participant.acronym or "", self.name.text)
        return " ".join(map(comparable, (*own, *people)))


def represented(language: str) -> list[Represented]:
    """Return every participant with who represents it: first those with nobody, each part sorted by name."""
    today, held = clock.today(), {}  # type: ignore[var-annotated]
    query = (
        select(Accreditation)
        .where(sa.or_(Accreditation.ends_on.is_(None), Accreditation.ends_on >= today))
        .options(joinedload(Accreditation.account))
        .order_by(Accreditation.is_head.desc(), Accreditation.starts_on, Accreditation.id)
    )
    for each in db.session.scalars(query):
        if each.tenure(today) is not Tenure.ENDED:
            held.setdefault(each.participant_id, []).append(each)
    found = [Represented(one, name, held.get(one.id, [])) for one, name in register.roll(language)]
    return sorted(found, key=lambda each: each.lack is not Lack.NOBODY)


def only(found: Iterable[Represented], *, search: str = "", kind: str = "", lack: str = "") -> list[Represented]:
    """Return those that are looked for; nothing asked leaves them all."""
    sought = comparable(search)
    return [
        each
        for each in found
        if sought in each.words
        and (not kind or each.participant.kind == kind)
        and (not lack or each.lack == lack or (lack == Lack.NO_HEAD and each.lack is Lack.NOBODY))
    ]


def people_of(participant: Participant) -> dict[Tenure, list[Accreditation]]:
    """Return every accreditation of a participant by where it stands today, those that hold first."""
    found: dict[Tenure, list[Accreditation]] = {tenure: [] for tenure in Tenure}
    for each in accrediting.of(participant):
        found[each.tenure(clock.today())].append(each)
    found[Tenure.ENDED].reverse()
    return found
