"""Loads a cohort file into the register: all or nothing, and never over what the register says.

Loading adds what the register does not have. Where file and register say different things, the file is refused with
every difference: what is on record is changed by the secretariat, with a reason, and not by a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from tracker import endorsing, ledger, publishing, register
from tracker.cohort_files.cohort_file import (
    CohortFile,
    CohortPart,
    CountryPart,
    DocumentPart,
    EndorsementsPart,
    EventPart,
    HeadingPart,
    ItemPart,
    OrganisationPart,
    Reading,
    SignatoryPart,
    read,
)
from tracker.cohort_files.yaml_lines import BadFile, Mistake, Path
from tracker.errors import Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Cohort, Document, Endorsement, Event, Participant, ParticipantName, Recommendation, Text
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
        self._load_events(cohort)
        self._load_documents(cohort)

    def _publish_set(self) -> Cohort:
        part = self.file.cohort
        cohort = publishing.publish_cohort(slug=part.slug, sources=self._sources(), **_cohort_facts(part))
        self.report.added["cohort"] += 1
        sources = {source.key: source for source in cohort.sources}
        place = 0
        for heading_part in self.file.headings:
            heading = publishing.publish_heading(cohort, number=heading_part.number, **_heading_facts(heading_part))
            self.report.added["heading"] += 1
            for item in heading_part.items:
                place += 1
                publishing.publish_recommendation(
                    heading,
                    cohort=cohort,
                    number=item.number,
                    place=place,
                    effective_on=part.recommendations_published_on,
                    source=sources.get(item.source or ""),
                    **_wording_facts(item),
                )
                self.report.added["recommendation"] += 1
        return cohort

    def _sources(self) -> list[SourceFacts]:
        return [
            SourceFacts(
                key=key,
                title=source.title,
                publisher=source.publisher,
                url=source.url,
                published_on=source.date,
                describes_cohort=key in self.file.cohort.sources,
            )
            for key, source in self.file.sources.items()
        ]

    def _compare_set(self, cohort: Cohort) -> None:
        facts = _cohort_facts(self.file.cohort)
        self._compare(("cohort", "co_leads"), facts.pop("co_leads"), [lead.name for lead in cohort.co_leads])
        self._compare_facts(("cohort",), facts, cohort)
        sources = {source.key: source for source in cohort.sources}
        for source in self._sources():
            self._compare_facts(("sources", source.key), source.__dict__, sources.get(source.key))
        headings = {each.number: each for each in cohort.headings}
        on_record = {each.number: each for each in cohort.recommendations}
        for h, heading in enumerate(self.file.headings):
            known = headings.get(heading.number)
            title = _heading_facts(heading)["title"]
            self._compare(("headings", h, "title"), title, known and known.title, _PROPOSE)
            self.report.same["heading"] += 1
            for i, item in enumerate(heading.items):
                self._compare_item(("headings", h, "items", i), heading.number, item, on_record.get(item.number))

    def _compare_item(self, path: Path, heading: int, item: ItemPart, known: Recommendation | None) -> None:
        if known is None:
            self._refuse((*path, "number"), "is not in the published set, to which loading adds nothing")
            return
        self._compare(
            (*path, "number"), f"{item.number} under {heading}", f"{known.number} under {known.heading.number}"
        )
        wording, original = known.revision, known.revisions[0]
        for name, said in _wording_facts(item).items():
            self._compare((*path, name), said, getattr(wording, name), _PROPOSE)
        self._compare((*path, "source"), item.source, original.source and original.source.key)
        self.report.same["recommendation"] += 1

    def _load_signatories(self, cohort: Cohort) -> None:
        roll, by_code = _roll()
        before = {each.participant_id: each for each in _endorsements(cohort)}
        for name, kind in _KINDS.items():
            for at, part in enumerate(getattr(self.file.signatories, name)):
                path: Path = ("signatories", name, at)
                participant = roll.get((kind, part.name))
                other = by_code.get(part.code) if isinstance(part, CountryPart) else None
                if participant is None and other is not None:
                    self._refuse((*path, "name"), f"{part.code} is on the roll as {other.name}")
                    continue
                if participant is None:
                    participant = publishing.add_participant(kind=kind, **_participant_facts(part))
                    self.report.added["participant"] += 1
                else:
                    self.report.same["participant"] += 1
                    self._compare_participant(path, part, participant)
                self._load_endorsement(path, cohort, participant, part, before.get(participant.id))

    def _compare_participant(self, path: Path, part: SignatoryPart, participant: Participant) -> None:
        facts = _participant_facts(part)
        if "name_unconfirmed" not in part.model_fields_set:
            del facts["name_confirmed"]
        # A file may carry a name that the participant had once: then only its translations are of no account.
        if str(participant.name) == part.name:
            self._compare((*path, "names"), facts["name"], participant.name)
        for called in ("in_sentence", "formal_name"):
            self._compare((*path, called), facts.pop(called), getattr(participant.current_name, called))
        del facts["name"]
        self._compare_facts(path, facts, participant)

    def _load_endorsement(
        self, path: Path, cohort: Cohort, participant: Participant, part: SignatoryPart, before: Endorsement | None
    ) -> None:
        facts = self._endorsement_facts(part)
        if before is not None:
            self._compare_endorsement(path, before, facts, part.name)
            return
        sources = {source.key: source for source in cohort.sources}
        try:
            endorsing.record_published(participant, cohort, **{**facts, "source": sources.get(str(facts["source"]))})
            self.report.added["endorsement"] += 1
        except Refused as refusal:
            self._refuse(path, f"{part.name}: {refusal.sentence}")

    def _endorsement_facts(self, part: SignatoryPart) -> dict[str, Any]:
        """Return what the file says of a signatory's endorsement, itself or for all."""
        general = self.file.endorsements
        endorsed_on = part.endorsed_on or (general.endorsed_on if general else None)
        if endorsed_on is None:
            raise ValueError("the reader lets no endorsement pass without its day")
        own_scope = "scope" in part.model_fields_set
        return {
            "effective_on": endorsed_on,
            "numbers": part.scope if own_scope or general is None else general.scope,
            "reservations": {number: Text.of(text) for number, text in part.reservations.items()},
            "statement": _maybe(part.statement),
            "date_note": _date_note(general, part),
            "source": general.source if general else None,
        }

    def _compare_endorsement(self, path: Path, before: Endorsement, facts: dict[str, Any], name: str) -> None:
        if before.status in OPEN:
            self._refuse(path, f"{name}: an endorsement is being prepared or decided in the register")
            return
        on_record = {position.recommendation.number: position for position in before.positions}
        if set(facts.pop("numbers") or self.file.numbers()) != on_record.keys():
            self._refuse((*path, "scope"), f"{name}: the register has other recommendations endorsed")
        reserved = {n: each.reservation for n, each in on_record.items() if each.stance is Stance.RESERVED}
        if facts.pop("reservations") != reserved:
            self._refuse((*path, "reservations"), f"{name}: the register has other reservations")
        # What the file says once for all is told once.
        self._compare(("endorsements", "source"), facts.pop("source"), before.source and before.source.key)
        self._compare(("endorsements", "date_note"), facts.pop("date_note"), before.date_note)
        self._compare_facts(path, facts, before)
        self.report.same["endorsement"] += 1

    def _load_events(self, cohort: Cohort) -> None:
        known = {(event.held_on, title): event for event in cohort.events for title in _titles_of(event)}
        for at, part in enumerate(self.file.events):
            event, facts = known.get((part.date, part.title)), _event_facts(part)
            if event is None:
                publishing.add_event(cohort, **facts)
                self.report.added["event"] += 1
            else:
                self._compare_facts(("events", at), facts, event)
                self.report.same["event"] += 1

    def _load_documents(self, cohort: Cohort) -> None:
        known = {title: document for document in cohort.documents for title in _titles_of(document)}
        for at, part in enumerate(self.file.documents):
            document, facts = known.get(part.title), _document_facts(part)
            if document is None:
                publishing.add_document(cohort, **facts)
                self.report.added["document"] += 1
            else:
                self._compare_facts(("documents", at), facts, document)
                self.report.same["document"] += 1

    def _compare_facts(self, path: Path, facts: Mapping[str, Any], on_record: object) -> None:
        """Compare what the file says with what stands on record, fact by fact."""
        for name, said in facts.items():
            self._compare((*path, _KEYS.get(name, name)), said, getattr(on_record, name, None))

    def _compare(self, path: Path, said: Any, on_record: Any, way_on: str = "") -> None:
        """Refuse what the file says otherwise than the register; what the file leaves out is no difference.

        Args:
            way_on: what to do where it is the register that is wrong.
        """
        if said not in (None, []) and not _agree(said, on_record):
            self._refuse(path, f"the file says {_words(said)}, the register {_words(on_record)}{way_on}")

    def _refuse(self, path: Path, what: str) -> None:
        self.mistakes.append(self.reading.mistake(path, f"{path[-1]}: {what}"))


#: A file changes no text that is published.
_PROPOSE = "; correct the file, or propose a corrigendum in the secretariat's texts"

#: What a file calls the facts that models call otherwise.
_KEYS = {
    "published_on": "recommendations_published_on",
    "effective_on": "endorsed_on",
    "iso_code": "code",
    "name_confirmed": "name_unconfirmed",
    "describes_cohort": "sources",
}


def _titles_of(thing: Event | Document) -> list[str]:
    """Return the title under which a thing was added, and the one that it has now."""
    added, *_ = ledger.entries_of(subject_of(thing))
    return [str(Text.from_json(ledger.facts_of(added)["title"])), str(thing.title)]


def _agree(said: Any, on_record: Any) -> bool:
    """Whether two facts agree. A text agrees with one that has more translations."""
    if isinstance(said, Text) and isinstance(on_record, Text):
        return said.authentic == on_record.authentic and said.texts.items() <= on_record.texts.items()
    if isinstance(said, list) and isinstance(on_record, list):
        return len(said) == len(on_record) and all(map(_agree, said, on_record))
    return bool(said == on_record)


def _words(fact: Any) -> str:
    """Return a fact as a person reads it in a message."""
    if isinstance(fact, Text):
        return " / ".join(fact.texts.values())
    if isinstance(fact, list):
        return "; ".join(map(_words, fact)) or "nothing"
    return "nothing" if fact is None else str(fact)


def _cohort_facts(part: CohortPart) -> dict[str, Any]:
    return {
        "title": Text.of(part.title, **part.titles),
        "summit": part.summit,
        "established_on": part.established_on,
        "published_on": part.recommendations_published_on,
        "expected_outcomes": [Text.of(each) for each in part.expected_outcomes],
        "priority_areas": [Text.of(each) for each in part.priority_areas],
        "co_leads": [Text.of(each) for each in part.co_leads],
    }


def _heading_facts(part: HeadingPart) -> dict[str, Any]:
    return {"title": Text.of(part.title, **part.titles)}


def _wording_facts(part: ItemPart) -> dict[str, Any]:
    return {"text": Text.of(part.text, **part.texts), "text_status": part.text_status}


def _participant_facts(part: SignatoryPart) -> dict[str, Any]:
    return {
        "name": Text.of(part.name, **part.names),
        "in_sentence": _translated(part.in_sentence),
        "iso_code": part.code if isinstance(part, CountryPart) else None,
        "seat": part.seat if isinstance(part, OrganisationPart) else None,
        "acronym": part.acronym,
        "website": part.website,
        "formal_name": Text.of(part.formal_name, **part.formal_names) if part.formal_name else None,
        "footnote": Text.of(part.footnote, **part.footnotes) if part.footnote else None,
        "name_confirmed": not part.name_unconfirmed,
    }


def _event_facts(part: EventPart) -> dict[str, Any]:
    return {
        "held_on": part.date,
        "kind": part.kind,
        "title": Text.of(part.title),
        "description": _maybe(part.description),
        "link_label": _maybe(part.link_label),
        "url": part.url,
    }


def _document_facts(part: DocumentPart) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "title": Text.of(part.title),
        "publisher": part.publisher,
        "published_on": part.published_on,
        "note": _maybe(part.note),
        "url": part.url,
    }


def _roll() -> tuple[dict[tuple[Kind, str], Participant], dict[str, Participant]]:
    """Return every participant by its kind and each name that it carries or carried; and every country by its code."""
    query = select(ParticipantName, Participant).join(Participant, Participant.id == ParticipantName.participant_id)
    rows = [(participant, str(name.name)) for name, participant in db.session.execute(query)]
    by_name = {(participant.kind, name): participant for participant, name in rows}
    by_code = {each.iso_code: each for each, _ in rows if each.iso_code and each.kind is Kind.COUNTRY}
    return by_name, by_code


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
