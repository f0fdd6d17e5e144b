"""What a model letter and a receipt say, in the reader's language; every form of them says the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from tracker import i18n, ledger, register
from tracker.exports.paper import (
    PAGE,
    PAGES,
    Address,
    Exact,
    Facts,
    Heading,
    Item,
    Letterhead,
    Paper,
    Paragraph,
    Part,
    Quote,
    Signature,
    Words,
)
from tracker.facts import facts_of
from tracker.i18n import Shown
from tracker.models import Act, Endorsement, Participant, Revision, Text
from tracker.submissions import Answers
from tracker.vocabulary import Kind, TextStatus

#: How many signs of a hash stand together, and how many such groups in a line.
GROUP, GROUPS = 4, 8

_OF_AN_ORGANISATION = lazy_gettext(
    "On behalf of my organisation, I have the honour to communicate to you, as depositary, its endorsement of the "
    "recommendations set out below."
)
#: The sentence that endorses. It does not name the participant: a name has no article and no cases to put in it.
_ON_BEHALF: dict[Kind, LazyString] = {
    Kind.COUNTRY: lazy_gettext(
        "On behalf of my Government, I have the honour to communicate to you, as depositary, its endorsement of the "
        "recommendations set out below."
    ),
    Kind.SUPRANATIONAL: lazy_gettext(
        "On behalf of my institution, I have the honour to communicate to you, as depositary, its endorsement of the "
        "recommendations set out below."
    ),
    Kind.CIVIL_SOCIETY: _OF_AN_ORGANISATION,
    Kind.INTERGOVERNMENTAL: _OF_AN_ORGANISATION,
}


def model_letter(endorsement: Endorsement, *, replaces: Endorsement | None, contact: str) -> Paper:
    """Return the letter by which a participant endorses, ready to be signed.

    Args:
        endorsement: what is being prepared, with the answers so far.
        replaces: the endorsement in force that it is to replace.
        contact: where the secretariat is written to; may be empty.
    """
    cohort = endorsement.cohort
    answers = Answers.of(ledger.plain(facts_of(endorsement)), register.recommendations(cohort))
    name, title = words_of(i18n.name_of(endorsement.participant)), words_of(i18n.shown(cohort.title))
    heading = own(gettext("Endorsement of recommendations"))
    secretariat = own(gettext("The secretariat, as depositary of the endorsements"))
    return Paper(
        title=heading,
        subtitle=title,
        footer=name,
        page=page_pattern(),
        name=f"{heading.text} – {name.text}",
        moment=endorsement.changed_at,
        head=(Letterhead(name), Address((secretariat, title, *([own(contact)] if contact else [])))),
        parts=(
            *_opening(endorsement.participant.kind, answers, replaces),
            *_recommendations(answers),
            *_statement(answers),
            Signature(
                closing=(
                    own(gettext("I ask you to record this endorsement in the register and to make it public.")),
                    own(gettext("Please accept, Sir or Madam, the assurance of my highest consideration.")),
                ),
                sender=(own(gettext("For")), name),
                lines=tuple(
                    map(own, (gettext("Place and date"), gettext("Signature"), gettext("Name"), gettext("Office")))
                ),
            ),
        ),
    )


def receipt(act: Act, content: str, *, record: str) -> Paper:
    """Return the receipt for a submission: what it said then, whatever became of it.

    Args:
        act: the submission.
        content: what it said, as the ledger binds it.
        record: the address of the participant's public record.
    """
    cohort, entry = act.endorsement.cohort, act.entry
    answers = Answers.of(json.loads(content), register.recommendations(cohort))
    name = words_of(name_on(act.endorsement.participant, entry.recorded_at.date()))
    title, number = words_of(i18n.shown(cohort.title)), i18n.number(entry.sequence)
    heading = own(gettext("Receipt for the submission of an endorsement"))
    return Paper(
        title=heading,
        subtitle=title,
        footer=own(gettext("%(name)s, ledger entry %(entry)s", name=name.text, entry=number)),
        page=page_pattern(),
        name=gettext("Receipt %(entry)s – %(name)s", entry=number, name=name.text),
        moment=entry.recorded_at,
        parts=(
            paragraph(
                gettext(
                    "The register received what is set out below. This receipt does not say that the endorsement is in "
                    "force: that takes the secretariat’s confirmation."
                )
            ),
            Facts(
                (
                    (own(gettext("Participant")), name),
                    (own(gettext("Submitted by")), own(act.by.name if act.by else "–")),
                    (own(gettext("Submitted on")), own(i18n.moment(entry.recorded_at))),
                    (own(gettext("Ledger entry")), own(number)),
                    (own(gettext("Hash of the ledger entry")), Exact(grouped(entry.hash))),
                    (own(gettext("Reference")), Exact((act.endorsement.reference,))),
                    (own(gettext("Address of the record")), own(record)),
                )
            ),
            section(gettext("What was submitted")),
            Facts((*_answered(answers), *_attached(act))),
            *_recommendations(answers),
            *_statement(answers),
            section(gettext("What happens next")),
            *_what_happens_next(act),
        ),
    )


def _opening(kind: Kind, answers: Answers, replaces: Endorsement | None) -> list[Part]:
    said = [gettext("Sir or Madam,"), str(_ON_BEHALF[kind]), f"{_extent(answers)} {_reservations(answers)}"]
    if answers.statement:
        said.append(gettext("The statement at the end of this letter is attached to the endorsement."))
    if replaces:
        said.append(
            gettext(
                "Once it is confirmed, this endorsement takes the place of the one that is in force from %(day)s.",
                day=i18n.day(replaces.effective_on),
            )
        )
    return [paragraph(each) for each in said]


def _extent(answers: Answers) -> str:
    count = len(answers.covered)
    if answers.whole_set:
        return str(
            ngettext(
                "It covers the whole set: %(count)s recommendation.",
                "It covers the whole set: all %(count)s recommendations.",
                count,
                count=i18n.number(count),
            )
        )
    return str(
        ngettext(
            "It covers %(count)s recommendation of the set’s %(every)s, and no other.",
            "It covers %(count)s recommendations of the set’s %(every)s, and no others.",
            count,
            count=i18n.number(count),
            every=i18n.number(count + len(answers.left_out)),
        )
    )


def _reservations(answers: Answers) -> str:
    if not answers.reserved:
        return str(gettext("It is made without reservation."))
    return str(
        ngettext(
            "It is made with a reservation to recommendation %(numbers)s.",
            "It is made with reservations to recommendations %(numbers)s.",
            len(answers.reserved),
            numbers=i18n.listed(answers.reserved),
        )
    )


def _answered(answers: Answers) -> tuple[tuple[Words, Words], ...]:
    count = len(answers.covered)
    every = i18n.number(count + len(answers.left_out))
    covers = (
        ngettext(
            "The whole set: %(count)s recommendation",
            "The whole set: all %(count)s recommendations",
            count,
            count=i18n.number(count),
        )
        if answers.whole_set
        else gettext("%(count)s of %(all)s recommendations", count=i18n.number(count), all=every)
    )
    none = gettext("None")
    rows = [
        (gettext("Covers"), covers),
        (
            gettext("Reservations"),
            gettext("To %(numbers)s", numbers=i18n.listed(answers.reserved)) if answers.reserved else none,
        ),
        (gettext("Signed on"), i18n.day(answers.signed_on)),
        (gettext("Statement"), gettext("Set out below") if answers.statement else none),
    ]
    if answers.left_out:
        rows.insert(1, (gettext("Recommendations not endorsed"), i18n.listed(list(answers.left_out))))
    return tuple((own(name), own(answer)) for name, answer in rows)


def _recommendations(answers: Answers) -> list[Part]:
    """Return the recommendations under their headings. What is to be known of every wording alike is said once."""
    parts: list[Part] = [section(gettext("The recommendations endorsed"))]
    notes = {_note_on(each.revision) for each in answers.covered}
    alike = len(notes) == 1 and len(answers.covered) > 1
    if alike:
        parts.append(paragraph(gettext("For each of them: %(wording)s", wording=notes.pop()), note=True))
    under = None
    for each in answers.covered:
        if each.recommendation.heading != under:
            under = each.recommendation.heading
            title = words_of(i18n.shown(under.title))
            parts.append(Heading(replace(title, text=f"{i18n.number(under.number)}. {title.text}"), level=3))
        parts.append(
            Item(
                number=each.recommendation.number,
                words=words_of(i18n.shown(each.revision.text)),
                note=None if alike else own(_note_on(each.revision)),
                quotes=quotes(gettext("Reservation"), each.reservation) if each.reservation else (),
            )
        )
    return parts


def _note_on(revision: Revision) -> str:
    """Return which wording it is and of what day, whether it is a summary, and its language where that is foreign."""
    wording = i18n.shown(revision.text)
    return dotted(
        gettext("Wording %(number)s", number=i18n.number(revision.number)),
        str(revision.kind.label),
        i18n.day(revision.effective_on),
        str(revision.text_status.label) if revision.text_status is TextStatus.SUMMARY else "",
        gettext("In %(language)s, the authentic text", language=i18n.language_name(wording.language))
        if wording.foreign
        else "",
    )


def _statement(answers: Answers) -> list[Part]:
    if answers.statement is None:
        return []
    return [section(gettext("Statement")), *quotes("", answers.statement)]


def quotes(what: str, text: Text) -> tuple[Quote, ...]:
    """Return a declaration in each language that it has, the authentic one first."""
    others = [tag for tag in sorted(text.texts) if tag != text.authentic]
    return tuple(
        Quote(
            words=Words(text.texts[tag], tag, i18n.direction_of(tag)),
            label=own(dotted(what, _language_of(text, tag))),
        )
        for tag in (text.authentic, *others)
    )


def _language_of(text: Text, tag: str) -> str:
    language = i18n.language_name(tag)
    if tag != text.authentic:
        return str(gettext("Translation into %(language)s", language=language))
    if len(text.texts) > 1:
        return str(gettext("In %(language)s, the authentic text", language=language))
    return str(gettext("In %(language)s", language=language)) if tag != i18n.current_language() else ""


def _attached(act: Act) -> tuple[tuple[Words, Words | Exact], ...]:
    """Return the letter that came with a submission, by which its participant can prove later which one it was."""
    if act.evidence is None:
        return ()
    return (
        (own(gettext("Letter")), own(act.evidence.file_name)),
        (own(gettext("SHA-256 of the letter")), Exact(grouped(act.evidence.sha256))),
    )


def _what_happens_next(act: Act) -> list[Part]:
    compared = (
        (gettext("The secretariat compares your answers with the letter that you attached."),)
        if act.evidence
        else (
            gettext("Send the signed letter or note verbale to the secretariat, if you have not done so yet."),
            gettext("The secretariat compares your answers with it."),
        )
    )
    steps = (
        *compared,
        gettext(
            "It confirms the endorsement, which is then in force and counts in the public tally; or it returns the "
            "endorsement to you with a reason, and you correct it."
        ),
        gettext("You see the outcome on your desk. Until then the public sees no change."),
    )
    return [Item(f"{i18n.number(place)}.", own(step)) for place, step in enumerate(steps, start=1)]


def name_on(participant: Participant, day: date) -> Shown:
    """Return the name that a participant carried on a day."""
    then = [
        each.name
        for each in participant.names
        if (each.valid_from or date.min) <= day <= (each.valid_until or date.max)
    ]
    return i18n.name_in(then[-1] if then else participant.name, participant.iso_code, i18n.current_language())


def grouped(digest: str) -> tuple[str, ...]:
    """Return a hash in lines of groups, to be compared by eye."""
    groups = [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]
    return tuple(" ".join(groups[start : start + GROUPS]) for start in range(0, len(groups), GROUPS))


def page_pattern() -> str:
    """Return how pages are numbered."""
    return str(gettext("Page %(page)s of %(pages)s", page=PAGE, pages=PAGES))


def dotted(*parts: str) -> str:
    """Return what there is of the parts, with dots between them."""
    return " · ".join(part for part in parts if part)


def section(text: str) -> Heading:
    """Return the heading of a section, in the reader's language."""
    return Heading(own(text))


def paragraph(text: str, *, note: bool = False) -> Paragraph:
    """Return a paragraph, in the reader's language."""
    return Paragraph(own(text), note)


def own(text: str) -> Words:
    """Return words in the reader's language."""
    language = i18n.current_language()
    return Words(text, language, i18n.direction_of(language))


def words_of(text: Shown) -> Words:
    """Return words in the language in which they are shown."""
    return Words(text.text, text.language, text.direction)
