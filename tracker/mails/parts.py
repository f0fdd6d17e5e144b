"""The parts that mails are made of, and the addresses in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import LazyString, gettext

from tracker import i18n
from tracker.i18n import Shown
from tracker.models import Text
from tracker.vocabulary import Question
from tracker.wordings.word_differences import Compared

Facts = Mapping[str, Any]
Detail = tuple[str, Shown | str]


@dataclass(frozen=True)
class Link:
    """Where a letter leads, and what is done there."""

    label: str
    address: str


@dataclass(frozen=True)
class Row:
    """What a list names: whose it is, of which cohort if of one, what there is to say of it, and its page."""

    name: Shown
    cohort: Shown | None
    note: str
    address: str


@dataclass(frozen=True)
class Listed:
    """A list of endorsements; ``more`` says how many it leaves out."""

    heading: str
    rows: tuple[Row, ...]
    more: str | None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says, from which its plain text and its HTML are made.

    Attributes:
        heading: what the mail tells, in a line.
        about: the participant that it is about, where it is about one.
        sentences: what was done.
        said: what somebody wrote, in their words.
        differences: how a text changed, in each of its languages.
        details: what there is to look up, with its labels.
        lists: the endorsements that a digest names.
        next: what happens next.
        link: the page on which to go on.
    """

    heading: str
    link: Link
    about: Shown | None = None
    sentences: tuple[str, ...] = ()
    said: str | None = None
    differences: tuple[Compared, ...] = ()
    details: tuple[Detail, ...] = ()
    lists: tuple[Listed, ...] = ()
    next: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The heading, with whom it is about."""
        if self.about is None:
            return self.heading
        return str(gettext("%(label)s: %(value)s", label=isolated(self.about.text), value=self.heading))


def address_of(endpoint: str, **values: str | int) -> str:
    """Return the address of a page in the present language, as it stands in a mail."""
    read = urlsplit(current_app.config["ADDRESS"])
    pages = current_app.url_map.bind(read.netloc or "localhost", read.path or "/", url_scheme=read.scheme or "https")
    return pages.build(endpoint, {"language": i18n.current_language(), **values}, force_external=True)


def participant_in(facts: Facts) -> Shown:
    """Return the name of the participant that facts are about, in the present language."""
    participant = facts["participant"]
    return i18n.name_in(Text.from_json(participant["name"]), participant.get("iso_code"), i18n.current_language())


def isolated(name: str) -> str:
    """Return a name that leaves the direction of the words around it alone."""
    others = ("L",) if i18n.direction_of(i18n.current_language()) == "rtl" else ("R", "AL")
    turns = any(unicodedata.bidirectional(letter) in others for letter in name)
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if turns else name


def about(facts: Facts, heading: LazyString, link: Link, details: tuple[Detail, ...], **more: Any) -> Letter:
    """Return a letter about one participant, which begins its details with who that is, and with which cohort."""
    name, title = names_in(facts)
    names: tuple[Detail, ...] = ((gettext("Participant"), name),)
    if title:
        names += ((gettext("Cohort"), title),)
    return Letter(about=name, heading=str(heading), link=link, details=(*names, *details), **more)


def names_in(facts: Facts) -> tuple[Shown, Shown | None]:
    """Return the name of the participant that facts are about, and of the cohort where they are about one."""
    language, participant = i18n.current_language(), facts["participant"]
    name = i18n.name_in(Text.from_json(participant["name"]), participant.get("iso_code"), language)
    return name, cohort_in(facts)


def cohort_in(facts: Facts) -> Shown | None:
    """Return the title of the cohort that facts are about, in the present language, if they are about one."""
    return i18n.shown(Text.from_json(facts["cohort"]["title"])) if "cohort" in facts else None


def title_in(facts: Facts) -> Shown:
    """Return what something is called that is about no participant, in the present language."""
    return i18n.shown(Text.from_json(facts["title"]))


def entry_of(facts: Facts) -> Detail:
    """Return the number of the ledger entry that facts tell of, with its label."""
    return gettext("Ledger entry"), i18n.number(facts["entry"]["sequence"])


def hash_of(facts: Facts) -> Detail:
    """Return the hash of that entry, with its label."""
    return gettext("Hash of the ledger entry"), facts["entry"]["hash"]


def day_of(facts: Facts, name: str) -> str:
    """Return a day that facts hold under a name, in the present language."""
    return i18n.day(date.fromisoformat(facts[name]))


def reasons_in(facts: Facts) -> str:
    """Return what the secretariat wrote, under the question where it is about one."""
    labels = {question.value: question.label for question in Question}
    return "\n\n".join(
        reason if question == Question.OVERALL else f"{labels[question]}\n{reason}"
        for question, reason in facts["reasons"].items()
    )


def decision_at(facts: Facts) -> str:
    """Return where an endorsement is decided on."""
    return address_of("secretariat.decide", endorsement=facts["endorsement"])


def waiting_at(facts: Facts) -> str:
    """Return where something is decided on that waits."""
    if "review" in facts:
        return review_at(facts)
    if "reset" in facts:
        return address_of("secretariat.reset", reset=facts["reset"])
    return proposal_at(facts) if "proposal" in facts else decision_at(facts)


def review_at(facts: Facts) -> str:
    """Return where the review of an endorsement is."""
    return address_of("secretariat.review", review=facts["review"])


def proposal_at(facts: Facts) -> str:
    """Return where a proposal is decided on."""
    return address_of("secretariat.proposal", proposal=facts["proposal"])


def desk_at(facts: Facts) -> str:
    """Return where the desk of the participant is."""
    return address_of("desk.participant", participant=facts["participant"]["slug"])


def receipt_of(facts: Facts) -> Detail:
    """Return where the receipt for what was submitted or given is, with its label."""
    place = {"participant": facts["participant"]["slug"], "entry": facts["entry"]["sequence"]}
    return gettext("Receipt (PDF)"), address_of("desk.receipt", **place)


def notice_at(facts: Facts) -> str:
    """Return where the secretariat records a notice of withdrawal that came on paper."""
    place = {"participant": facts["participant"]["slug"], "cohort": facts["cohort"]["slug"]}
    return address_of("secretariat.notice_on_paper", **place)


def dispute_at(facts: Facts) -> str:
    """Return where an endorsement can be disputed."""
    return address_of("public.dispute", endorsement=facts["endorsement"])


def public_at(facts: Facts) -> str:
    """Return the public page of the participant."""
    return address_of("public.participant", participant=facts["participant"]["slug"])
