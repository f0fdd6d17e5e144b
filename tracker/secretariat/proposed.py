"""What the page of a proposal shows beside who made it and how it stands, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from tracker import correcting, ledger, standing, withdrawing
from tracker.bulk import loads
from tracker.disputes import contacting
from tracker.models import Heading, Proposal, Recommendation
from tracker.people import candidates
from tracker.publications import appearing
from tracker.secretariat import people, publications, roll
from tracker.vocabulary import ProposalKind, ProposalStatus
from tracker.wordings import published_texts, rewording
from tracker.wordings.word_differences import compared


@dataclass(frozen=True)
class Page:
    """The template of a kind of proposal, and what returns its values."""

    template: str
    context: Callable[[Proposal], dict[str, Any]]


def _of_withdrawal(proposal: Proposal) -> dict[str, Any]:
    return {
        "given": withdrawing.Notice.of(proposal),
        "evidence": withdrawing.letter_of(proposal),
        "endorsement": standing.endorsement_of(proposal),
    }


def _of_correction(proposal: Proposal) -> dict[str, Any]:
    endorsement, correction = standing.endorsement_of(proposal), correcting.Correction.of(proposal)
    act = next(act for act in endorsement.acts if act.entry_sequence == correction.corrects)
    return {"endorsement": endorsement, "correction": correction, "act": act}


def _of_contact(proposal: Proposal) -> dict[str, Any]:
    return {"address": contacting.address_in(proposal)}


def _of_load(proposal: Proposal) -> dict[str, Any]:
    """Show what the load would record, and after a refusal the rows of which something else would become."""
    load = loads.load_of(proposal)
    others = getattr(g.get("refused"), "rows", ())
    return {
        "load": load,
        "counts": loads.counts(load),
        "takes_long": loads.takes_long(load),
        "others": others,
        "most": loads.MOST_SHOWN,
    }


def _of_text(proposal: Proposal) -> dict[str, Any]:
    """Compare what is proposed with the text that it was written for; while it waits, with the text as it is now."""
    subject, change = rewording.subject_of_proposal(proposal), rewording.Change.of(proposal)
    follows = proposal.content["follows"]
    outdated = ledger.latest_of(proposal.subject) != follows
    waits = proposal.status is ProposalStatus.OPEN
    before, status = rewording.as_it_is(subject) if waits else published_texts.text_in(follows)
    return {
        "change": change,
        "kind": rewording.revision_kind_of(proposal),
        "heading": subject if isinstance(subject, Heading) else None,
        "recommendation": subject if isinstance(subject, Recommendation) else None,
        "differences": compared(before, change.text),
        "status_before": status,
        "outdated": outdated,
    }


PAGES: Mapping[ProposalKind, Page] = {
    ProposalKind.WITHDRAWAL: Page("secretariat/withdrawal.html", _of_withdrawal),
    ProposalKind.CORRECTION: Page("secretariat/correction.html", _of_correction),
    ProposalKind.ACCREDITATION: Page("secretariat/accreditation.html", people.about_request),
    **dict.fromkeys(candidates.KINDS[1:], Page("secretariat/accreditation_change.html", people.about_change)),
    ProposalKind.CONTACT: Page("secretariat/new_contact.html", _of_contact),
    ProposalKind.PARTICIPANT_ADDITION: Page("secretariat/roll_addition.html", roll.about_roll),
    ProposalKind.PARTICIPANT_RENAME: Page("secretariat/roll_rename.html", roll.about_roll),
    ProposalKind.PARTICIPANT_CHANGE: Page("secretariat/roll_change.html", roll.about_roll),
    ProposalKind.PARTICIPANT_MERGER: Page("secretariat/roll_merger.html", roll.about_roll),
    ProposalKind.LOAD: Page("secretariat/load_proposed.html", _of_load),
    **dict.fromkeys(appearing.KINDS, Page("secretariat/proposed_line.html", publications.about)),
    ProposalKind.COHORT: Page("secretariat/proposed_cohort.html", publications.about_cohort),
    ProposalKind.CORRIGENDUM: Page("secretariat/wording.html", _of_text),
    ProposalKind.AMENDMENT: Page("secretariat/wording.html", _of_text),
    ProposalKind.HEADING_CORRIGENDUM: Page("secretariat/wording.html", _of_text),
}
