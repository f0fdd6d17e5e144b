"""Loads a cohort file into the register: all or nothing, and never over what the register says.

Loading adds what the register does not have. Where file and register say different things, the file is refused with
every difference: what is on record is changed by the secretariat, with a reason, and not by a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from tracker import endorsing, ledger, publishing, register
from tracker.cohort_file import (
    BadFile,
    CohortFile,
    CohortPart,
    CountryPart,
    EndorsementsPart,
    Mistake,
    OrganisationPart,
    Path,
    Reading,
    SignatoryPart,
    read,
)
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Cohort, Endorsement, Participant, ParticipantName, Recommendation, Text
from tracker.publishing import SourceFacts
from tracker.vocabulary import OPEN, Kind, Stance

_KINDS = {
    "countries": Kind.COUNTRY,
    "supranational": Kind.SUPRANATIONAL,
    "civil_society": Kind.CIVIL_SOCIETY,
    "intergovernmental": Kind.INTERGOVERNMENTAL,
}


@dataclass
class Report:
    """What loading did: how many of each thing it added, how many it found on record, and notes on the file."""

    cohort: str
    added: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    notes: list[Mistake] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the register is another one than before."""
        return bool(self.added)


def load(content: bytes) -> Report:
    """Load a cohort file in the present transaction; the caller commits.

    Args:
        content: the file's bytes.

    Raises:
        BadFile: the file has mistakes, or says other things than the register. Nothing is to be committed then.
    """
    reading = read(content)
    ledger.lock()
    loader = _Loader(reading)
    loader.load()
    if loader.mistakes:
        raise BadFile(loader.mistakes)
    return loader.report


class _Loader:
    """One loading: what it read, what it did, and the mistakes it met."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.file: CohortFile = reading.file
        self.report = Report(reading.file.cohort.slug, notes=reading.notes)
        self.mistakes: list[Mistake] = []

    def load(self) -> None:
        cohort = register.cohort(self.file.cohort.slug)
        if cohort is None:
            cohort = self._publish_set()
        else:
            self.report.same["cohort"] += 1
            self._compare_set(cohort)
        self._load_signatories(cohort)
        self._load_events_and_documents(cohort)

    def _publish_set(self) -> Cohort:
        part = self.file.cohort
        cohort = publishing.publish_cohort(
            slug=part.slug,
            title=Text.of(part.title, **part.titles),
            summit=part.summit,
            established_on=part.established_on,
            published_on=part.recommendations_published_on,
            expected_outcomes=[Text.of(each) for each in part.expected_outcomes],
            priority_areas=[Text.of(each) for each in part.priority_areas],
            co_leads=[Text.of(each) for each in part.co_leads],
            sources=[
                SourceFacts(
                    key=key,
                    title=source.title,
                    publisher=source.publisher,
                    url=source.url,
                    published_on=source.date,
                    describes_cohort=key in part.sources,
                )
                for key, source in self.file.sources.items()
            ],
        )
        self.report.added["cohort"] += 1
        sources = {source.key: source for source in cohort.sources}
        place = 0
        for heading_part in self.file.headings:
            heading = publishing.publish_heading(
                cohort, number=heading_part.number, title=Text.of(heading_part.title, **heading_part.titles)
            )
            self.report.added["heading"] += 1
            for item in heading_part.items:
                place += 1
                publishing.publish_recommendation(
                    heading,
                    cohort=cohort,
                    number=item.number,
                    place=place,
                    text=Text.of(item.text, **item.texts),
                    text_status=item.text_status,
                    effective_on=part.recommendations_published_on,
                    source=sources.get(item.source or ""),
                )
                self.report.added["recommendation"] += 1
        return cohort

    def _compare_set(self, cohort: Cohort) -> None:
        part: CohortPart = self.file.cohort
        self._compare(("cohort", "title"), part.title, str(cohort.title))
        for name in ("summit", "established_on"):
            self._compare(("cohort", name), getattr(part, name), getattr(cohort, name))
        self._compare(
            ("cohort", "recommendations_published_on"), part.recommendations_published_on, cohort.published_on
        )
        on_record = {each.number: each for each in cohort.recommendations}
        titles = {each.number: each for each in cohort.headings}
        for h, heading in enumerate(self.file.headings):
            known = titles.get(heading.number)
            self._compare(("headings", h, "title"), heading.title, str(known.title) if known else None)
            self.report.same["heading"] += 1
            for i, item in enumerate(heading.items):
                self._compare_item(("headings", h, "items", i), item.text, on_record.get(item.number))

    def _compare_item(self, path: Path, text: str, recommendation: Recommendation | None) -> None:
        if recommendation is None:
            self._refuse((*path, "number"), "is not in the published set, to which loading adds nothing")
        else:
            self._compare((*path, "text"), text, str(recommendation.revision.text))
            self.report.same["recommendation"] += 1

    def _load_signatories(self, cohort: Cohort) -> None:
        roll = _roll()
        before = {each.participant_id: each for each in _endorsements(cohort)}
        for name, kind in _KINDS.items():
            for at, part in enumerate(getattr(self.file.signatories, name)):
                path: Path = ("signatories", name, at)
                participant = roll.get((kind, part.name))
                if participant is None:
                    participant = _add_to_roll(kind, part)
                    self.report.added["participant"] += 1
                else:
                    self.report.same["participant"] += 1
                    self._compare_participant(path, part, participant)
                self._load_endorsement(path, cohort, participant, part, before.get(participant.id))

    def _compare_participant(self, path: Path, part: SignatoryPart, participant: Participant) -> None:
        self._compare((*path, "acronym"), part.acronym, participant.acronym)
        self._compare((*path, "code"), getattr(part, "code", None), participant.iso_code)
        self._compare((*path, "seat"), getattr(part, "seat", None), participant.seat)
        self._compare((*path, "footnote"), part.footnote, str(participant.footnote) if participant.footnote else None)
        for language, name in part.names.items():
            self._compare((*path, "names"), name, participant.name.texts.get(language))

    def _load_endorsement(
        self,
        path: Path,
        cohort: Cohort,
        participant: Participant,
        part: SignatoryPart,
        before: Endorsement | None,
    ) -> None:
        general = self.file.endorsements
        endorsed_on = part.endorsed_on or (general.endorsed_on if general else None)
        if endorsed_on is None:
            raise ValueError("the reader lets no endorsement pass without its day")
        numbers = part.scope if "scope" in part.model_fields_set else (general.scope if general else None)
        if before is not None:
            self._compare_endorsement(path, before, endorsed_on, numbers or self.file.numbers(), part)
            return
        sources = {source.key: source for source in cohort.sources}
        try:
            endorsing.record_published(
                participant,
                cohort,
                effective_on=endorsed_on,
                numbers=numbers,
                reservations={number: Text.of(text) for number, text in part.reservations.items()},
                statement=Text.of(part.statement) if part.statement else None,
                date_note=_date_note(general, part),
                source=sources.get(general.source or "") if general else None,
            )
            self.report.added["endorsement"] += 1
        except Refused as refusal:
            self._refuse(path, f"{part.name}: {refusal.sentence}")

    def _compare_endorsement(
        self, path: Path, before: Endorsement, endorsed_on: date, numbers: list[str], part: SignatoryPart
    ) -> None:
        if before.status in OPEN:
            self._refuse(path, f"{part.name}: an endorsement is being prepared or decided in the register")
            return
        self._compare((*path, "endorsed_on"), endorsed_on, before.effective_on)
        on_record = {position.recommendation.number: position for position in before.positions}
        if set(numbers) != on_record.keys():
            self._refuse((*path, "scope"), f"{part.name}: the register has other recommendations endorsed")
        reserved = {n: str(each.reservation) for n, each in on_record.items() if each.stance is Stance.RESERVED}
        if dict(part.reservations) != reserved:
            self._refuse((*path, "reservations"), f"{part.name}: the register has other reservations")
        self.report.same["endorsement"] += 1

    def _load_events_and_documents(self, cohort: Cohort) -> None:
        events = {(event.held_on, event.reference) for event in cohort.events}
        for each in self.file.events:
            if (each.date, publishing.slug_of(each.title)) in events:
                self.report.same["event"] += 1
                continue
            publishing.add_event(
                cohort,
                held_on=each.date,
                kind=each.kind,
                title=Text.of(each.title),
                description=_maybe(each.description),
                link_label=_maybe(each.link_label),
                url=each.url,
            )
            self.report.added["event"] += 1
        documents = {document.reference for document in cohort.documents}
        for document in self.file.documents:
            if publishing.slug_of(document.title) in documents:
                self.report.same["document"] += 1
                continue
            publishing.add_document(
                cohort,
                kind=document.kind,
                title=Text.of(document.title),
                publisher=document.publisher,
                published_on=document.published_on,
                note=_maybe(document.note),
                url=document.url,
            )
            self.report.added["document"] += 1

    def _compare(self, path: Path, said: object, on_record: object) -> None:
        """Refuse what the file says otherwise than the register; what the file leaves out is no difference."""
        if said is not None and said != on_record:
            self._refuse(path, f"the file says {said!s}, the register {on_record or 'nothing'}")

    def _refuse(self, path: Path, what: str) -> None:
        self.mistakes.append(self.reading.mistake(path, f"{path[-1]}: {what}"))


def _add_to_roll(kind: Kind, part: SignatoryPart) -> Participant:
    return publishing.add_participant(
        kind=kind,
        name=Text.of(part.name, **part.names),
        in_sentence=_translated(part.in_sentence),
        iso_code=part.code if isinstance(part, CountryPart) else None,
        seat=part.seat if isinstance(part, OrganisationPart) else None,
        acronym=part.acronym,
        footnote=Text.of(part.footnote, **part.footnotes) if part.footnote else None,
        name_confirmed=not part.name_unconfirmed,
    )


def _roll() -> Mapping[tuple[Kind, str], Participant]:
    """Return every participant by its kind and each name that it carries or carried."""
    query = select(ParticipantName, Participant).join(Participant, Participant.id == ParticipantName.participant_id)
    return {(participant.kind, str(name.name)): participant for name, participant in db.session.execute(query)}


def _endorsements(cohort: Cohort) -> Iterator[Endorsement]:
    """Yield a cohort's endorsements, the oldest last, so that a first one is found under its participant."""
    query = select(Endorsement).where(Endorsement.cohort_id == cohort.id).order_by(Endorsement.id.desc())
    yield from db.session.scalars(query)


def _date_note(general: EndorsementsPart | None, part: SignatoryPart) -> Text | None:
    if general is None or general.date_note is None or part.endorsed_on is not None:
        return None
    return Text.of(general.date_note, **general.date_notes)


def _maybe(text: str | None) -> Text | None:
    return Text.of(text) if text else None


def _translated(texts: Mapping[str, str]) -> Text | None:
    if not texts:
        return None
    return Text("en" if "en" in texts else next(iter(texts)), dict(texts))
