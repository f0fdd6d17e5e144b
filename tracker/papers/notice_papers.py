"""What a model letter of withdrawal and the receipt for a notice say, in the reader's language."""

from __future__ import annotations

import json
from datetime import date

from flask_babel import LazyString, gettext, lazy_gettext

from tracker import i18n
from tracker.exports.paper import Address, Exact, Facts, Item, Letterhead, Paper, Part, Signature, Words
from tracker.models import Act, Endorsement, PreparedNotice, Text
from tracker.papers.letters import grouped, name_on, own, page_pattern, paragraph, quotes, section, words_of
from tracker.vocabulary import Kind

_OF_AN_ORGANISATION = lazy_gettext(
    "On behalf of my organisation, I have the honour to notify you, as depositary, of the withdrawal of its "
    "endorsement of the recommendations named above."
)
#: The sentence that withdraws. It does not name the participant: a name has no article and no cases to put in it.
_ON_BEHALF: dict[Kind, LazyString] = {
    Kind.COUNTRY: lazy_gettext(
        "On behalf of my Government, I have the honour to notify you, as depositary, of the withdrawal of its "
        "endorsement of the recommendations named above."
    ),
    Kind.SUPRANATIONAL: lazy_gettext(
        "On behalf of my institution, I have the honour to notify you, as depositary, of the withdrawal of its "
        "endorsement of the recommendations named above."
    ),
    Kind.CIVIL_SOCIETY: _OF_AN_ORGANISATION,
    Kind.INTERGOVERNMENTAL: _OF_AN_ORGANISATION,
}


def model_letter(endorsement: Endorsement, notice: PreparedNotice | None, *, contact: str) -> Paper:
    """Return the letter by which a participant withdraws, ready to be signed.

    Args:
        endorsement: what is in force.
        notice: the answers so far, if any were saved.
        contact: where the secretariat is written to; may be empty.
    """
    name, title = words_of(i18n.name_of(endorsement.participant)), words_of(i18n.shown(endorsement.cohort.title))
    heading = own(gettext("Notice of withdrawal of an endorsement"))
    secretariat = own(gettext("The secretariat, as depositary of the endorsements"))
    lines = (gettext("Place and date"), gettext("Signature"), gettext("Name"), gettext("Office"))
    return Paper(
        title=heading,
        subtitle=title,
        footer=name,
        page=page_pattern(),
        name=f"{heading.text} – {name.text}",
        moment=notice.changed_at if notice else endorsement.changed_at,
        head=(Letterhead(name), Address((secretariat, title, *([own(contact)] if contact else [])))),
        parts=(
            paragraph(gettext("Sir or Madam,")),
            paragraph(str(_ON_BEHALF[endorsement.participant.kind])),
            paragraph(
                gettext("The endorsement has been in force from %(day)s.", day=i18n.day(endorsement.effective_on))
            ),
            paragraph(_effect(notice)),
            *_reason(notice.reason if notice else None),
            Signature(
                closing=(
                    own(gettext("I ask you to record this withdrawal in the register and to make it public.")),
                    own(gettext("Please accept, Sir or Madam, the assurance of my highest consideration.")),
                ),
                sender=(own(gettext("For")), name),
                lines=tuple(map(own, lines)),
            ),
        ),
    )


def receipt(act: Act, content: str, *, record: str) -> Paper:
    """Return the receipt for a notice of withdrawal: what it said then, whatever became of it.

    Args:
        act: the giving of the notice.
        content: what it said, as the ledger binds it.
        record: the address of the participant's public record.
    """
    entry, said = act.entry, json.loads(content)
    name = words_of(name_on(act.endorsement.participant, entry.recorded_at.date()))
    number = i18n.number(entry.sequence)
    heading = own(gettext("Receipt for a notice of withdrawal"))
    by = gettext("Recorded by") if said.get("on_paper") else gettext("Given by")
    reason = Text.from_json(said["reason"]) if "reason" in said else None
    return Paper(
        title=heading,
        subtitle=words_of(i18n.shown(act.endorsement.cohort.title)),
        footer=own(gettext("%(name)s, ledger entry %(entry)s", name=name.text, entry=number)),
        page=page_pattern(),
        name=gettext("Receipt %(entry)s – %(name)s", entry=number, name=name.text),
        moment=entry.recorded_at,
        parts=(
            paragraph(
                gettext(
                    "The register received what is set out below. This receipt does not say that the endorsement is "
                    "withdrawn: that takes the secretariat’s confirmation."
                )
            ),
            Facts(
                (
                    (own(gettext("Participant")), name),
                    (own(by), own(act.by.name if act.by else "–")),
                    (own(gettext("Submitted on")), own(i18n.moment(entry.recorded_at))),
                    (own(gettext("Ledger entry")), own(number)),
                    (own(gettext("Hash of the ledger entry")), Exact(grouped(entry.hash))),
                    (own(gettext("Reference")), Exact((act.endorsement.reference,))),
                    (own(gettext("Address of the record")), own(record)),
                )
            ),
            section(gettext("What the notice says")),
            Facts(_answers(act, said, reason)),
            *_reason(reason),
            section(gettext("What happens next")),
            *_what_happens_next(said),
        ),
    )


def _effect(notice: PreparedNotice | None) -> str:
    if notice and notice.effective_on:
        return str(gettext("The withdrawal takes effect on %(day)s.", day=i18n.day(notice.effective_on)))
    return str(gettext("The withdrawal takes effect on the day on which you receive this letter."))


def _reason(reason: Text | None) -> list[Part]:
    return [section(gettext("Reason")), *quotes("", reason)] if reason else []


def _answers(act: Act, said: dict[str, str], reason: Text | None) -> tuple[tuple[Words, Words | Exact], ...]:
    rows: list[tuple[str, Words | Exact]] = [
        (gettext("Signed on"), own(_day(said["signed_on"]))),
        (gettext("Day of notice"), own(_day(said["notice_on"]))),
        (gettext("Day of effect"), own(_day(said["effective_on"]))),
        (gettext("Reason"), own(gettext("Set out below") if reason else gettext("None"))),
    ]
    if said.get("on_paper"):
        came = " · ".join(filter(None, (gettext("a letter that came on paper"), said.get("provenance"))))
        rows.insert(2, (gettext("How it came"), own(came)))
    rows.append((gettext("Letter"), own(act.evidence.file_name if act.evidence else gettext("No letter is attached"))))
    return tuple((own(name), answer) for name, answer in rows)


def _day(written: str) -> str:
    return i18n.day(date.fromisoformat(written))


def _what_happens_next(said: dict[str, str]) -> list[Part]:
    effect = _day(said["effective_on"])
    steps = [
        gettext("The secretariat confirms that it received the notice; or it returns the notice with a reason."),
        gettext(
            "The withdrawal then takes effect on %(day)s. The name stays on the public list, in brackets from then on.",
            day=effect,
        ),
        gettext("You see the outcome on your desk. Until then the public sees no change."),
    ]
    if not said.get("letter"):
        steps.insert(0, gettext("Send the signed letter or note verbale to the secretariat, if you have not yet."))
    return [Item(f"{i18n.number(place)}.", own(step)) for place, step in enumerate(steps, start=1)]
