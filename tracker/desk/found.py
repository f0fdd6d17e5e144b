"""Finds what a request to the desk is about; sends a reader on, or refuses a form, where there is no such thing."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker import accrediting, clock, drafting, register, standing, withdrawing
from tracker.access import me, my_participant, participant_to_prepare
from tracker.errors import WrongStatus
from tracker.extensions import db
from tracker.models import Cohort, Endorsement, Participant, Proposal
from tracker.vocabulary import EDITABLE


def mine_and_cohort(participant: str, cohort: str) -> tuple[Participant, Cohort]:
    """Return a participant for which the person may act, and a cohort."""
    return my_participant(participant), register.cohort(cohort) or abort(404)


def prepared_and_cohort(participant: str, cohort: str) -> tuple[Participant, Cohort]:
    """Return a participant for which the person may prepare an endorsement of a cohort, and that cohort."""
    group = register.cohort(cohort) or abort(404)
    return participant_to_prepare(participant, group), group


def open_endorsement(participant: str, cohort: str) -> Endorsement:
    """Return what is being prepared or decided."""
    found = standing.open_one(*prepared_and_cohort(participant, cohort))
    if found is None:
        nothing_to_do(participant)
    return found


def editable_or_none(mine: Participant, group: Cohort) -> Endorsement | None:
    """Return the draft, if there is one, where something can be prepared now."""
    found = standing.open_one(mine, group)
    if found and (found.status not in EDITABLE or (found.on_paper and not me().is_staff)):
        nothing_to_do(mine.slug)
    return found


def draft_of(participant: str, cohort: str) -> Endorsement:
    """Return a draft whose first question is answered; before that, ask it."""
    found = editable_or_none(*prepared_and_cohort(participant, cohort))
    if found is None or not found.positions:
        nothing_to_do(participant, url_for("desk.recommendations", participant=participant, cohort=cohort))
    return found


def draft_as_it_is(participant: str, cohort: str) -> Endorsement:
    """Return the draft as a colleague left it, and have the page show its answers beside what was typed."""
    db.session.rollback()
    g.stale = True
    return draft_of(participant, cohort)


def go_on(draft: Endorsement, step: str) -> Response:
    """Commit and go on: to the next question, or back to the answers where all are given."""
    db.session.commit()
    step = "desk.check" if drafting.is_complete(draft) else step
    return redirect(url_for(step, participant=draft.participant.slug, cohort=draft.cohort.slug))


def endorsement_in_force(participant: str, cohort: str) -> Endorsement:
    """Return what is in force."""
    found = standing.in_force_one(*mine_and_cohort(participant, cohort))
    if found is None:
        nothing_to_do(participant)
    return found


def notice_waiting(participant: str, cohort: str) -> tuple[Endorsement, Proposal]:
    """Return what is in force, and the notice of withdrawal that waits for the secretariat."""
    endorsement = endorsement_in_force(participant, cohort)
    found = withdrawing.waiting(endorsement)
    if found is None:
        nothing_to_do(participant)
    return endorsement, found


def nothing_to_do(participant: str, begin: str = "") -> NoReturn:
    """Send a reader to where things begin, or to how they stand; refuse somebody who sent a form."""
    if request.method == "POST":
        raise WrongStatus
    abort(redirect(begin or home_of(participant)))


def home_of(participant: str) -> str:
    """Return where the person finds how things stand: the participant's desk, or the letters that are recorded."""
    mine = register.participant(participant)
    if mine and accrediting.may_act_for(me(), mine, clock.today()):
        return url_for("desk.participant", participant=participant)
    return url_for("secretariat.letters")


def shown(endorsement: Endorsement) -> dict[str, Any]:
    """Return what every page about an endorsement shows."""
    return {
        "endorsement": endorsement,
        "participant": endorsement.participant,
        "cohort": endorsement.cohort,
        "home": home_of(endorsement.participant.slug),
    }


def changes_of(endorsement: Endorsement) -> dict[str, Any]:
    """Return what is in force beside an endorsement that is prepared, and where they differ."""
    present = standing.in_force_one(endorsement.participant, endorsement.cohort)
    return {"present": present, "differences": register.differences(present, endorsement) if present else []}
