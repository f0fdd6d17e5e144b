"""Who may open what. Every view declares its audience here; one that does not keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from tracker import accrediting, clock, register, standing
from tracker.bulk import loads
from tracker.disputes import reviewing
from tracker.errors import GoneMeanwhile
from tracker.identity import accounts, invitations, inviting, requirements, resetting, sessions
from tracker.models import (
    Account,
    Accreditation,
    Cohort,
    Endorsement,
    Evidence,
    FactorReset,
    Load,
    MailedLink,
    Participant,
    Preparation,
    Proposal,
    Review,
)
from tracker.people import candidates, credentials
from tracker.publications import appearing, preparing

View = TypeVar("View", bound=Callable[..., Any])


class NotToday(Forbidden):
    """Somebody may not act for a participant today who did, or will: the page says so, and loses nothing.

    ``held`` are the accreditations that would have to hold.
    """

    def __init__(self, held: Sequence[Accreditation]) -> None:
        self.held = held
        super().__init__()


class SignedOut(Forbidden):
    """The session of a person ended, or their account was closed, while they had a page open."""


class NotFresh(Forbidden):
    """Somebody has to confirm who they are before this."""


class Audience(Enum):
    """For whom a view is."""

    PUBLIC = "anyone; the page is the same for everyone and is kept"
    ANYONE = "anyone; the answer is made anew for each"
    SIGNED_IN = "a person who has signed in"
    REPRESENTATIVE = "a person whose accreditation for some participant holds today"
    PREPARING = "a representative; or the secretariat, which records letters that came on paper"
    STAFF = "the secretariat"
    ADMINISTRATOR = "those who administer the secretariat"


#: The views of extensions, which cannot declare their own.
OF_EXTENSIONS = {
    "static": Audience.ANYONE,
}


def open_to(audience: Audience, *, fresh: bool = False, before_set_up: bool = False) -> Callable[[View], View]:
    """Declare the audience of a view.

    Args:
        fresh: whether the person has to have proved lately who they are.
        before_set_up: whether somebody may open it who has still to set up a second factor.
    """

    def declare(view: View) -> View:
        # How a view carries its declaration.
        view.audience, view.fresh, view.before_set_up = audience, fresh, before_set_up  # type: ignore[attr-defined]
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Return the declared audience of an endpoint, or ``None`` where nothing is declared."""
    return OF_EXTENSIONS.get(endpoint) or getattr(app.view_functions[endpoint], "audience", None)


def init_app(app: Flask) -> None:
    """Close every view to all but its audience.

    Raises:
        RuntimeError: a view declares no audience.
    """
    undeclared = {rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None}
    if undeclared:
        raise RuntimeError(f"These views declare no audience with @open_to: {', '.join(sorted(undeclared))}")
    app.before_request(_admit)


def me() -> Account:
    """Return the person who has signed in."""
    account: Account = current_user._get_current_object()  # Flask-Login's own way
    return account


def my_participant(slug: str) -> Participant:
    """Return a participant for which the person is accredited today; anybody else's is not found.

    Raises:
        NotToday: the person was accredited for it, or will be.
    """
    participant = register.participant(slug) or abort(404)
    held = [each for each in accrediting.held_by(me()) if each.participant_id == participant.id]
    if not held:
        abort(404)
    if not any(each.holds_on(clock.today()) for each in held):
        raise NotToday(held)
    return participant


def my_participant_as_head(slug: str) -> Participant:
    """Return a participant for which the person may propose colleagues; other representatives may not."""
    participant = my_participant(slug)
    if not accrediting.is_head(me(), participant):
        raise Forbidden
    return participant


def colleague_of_mine(slug: str, reference: str) -> Accreditation:
    """Return an accreditation of a participant for which the person may propose its end."""
    found, participant = accrediting.accreditation(reference), my_participant_as_head(slug)
    if found is None or found.participant_id != participant.id:
        abort(404)
    return found


def request_of_mine(slug: str, reference: str) -> Proposal:
    """Return what was proposed about the people of a participant of which the person is a head representative."""
    found, participant = register.proposal(reference), my_participant_as_head(slug)
    if found is None or found.participant_id != participant.id or found.kind not in candidates.KINDS:
        abort(404)
    return found


def accreditation_to_decide(reference: str) -> Accreditation:
    """Return an accreditation for the secretariat."""
    return accrediting.accreditation(reference) or abort(404)


def endorsement_to_decide(reference: str) -> Endorsement:
    """Return an endorsement for the secretariat to look at; one that was never submitted is not found."""
    found = register.endorsement(reference)
    if found is None or not found.acts:
        abort(404)
    return found


def proposal_to_decide(reference: str) -> Proposal:
    """Return a proposal for the secretariat to look at."""
    return register.proposal(reference) or abort(404)


def load_to_see(reference: str) -> Load:
    """Return a load for the secretariat to look at."""
    return loads.load_at(reference) or abort(404)


def publication_to_move(reference: str) -> Proposal:
    """Return a proposed publication for the secretariat; proposals of other kinds have no moment."""
    found = proposal_to_decide(reference)
    if found.kind not in appearing.KINDS:
        abort(404)
    return found


def preparation_of_staff(reference: str) -> Preparation:
    """Return a cohort that the secretariat prepares."""
    return preparing.preparation(reference) or abort(404)


def preparation_to_change(reference: str) -> Preparation:
    """Return a cohort that the secretariat prepares, for what was sent about it.

    Raises:
        GoneMeanwhile: it was there when the person opened the form, and is no more: what was typed is not to be lost.
    """
    found = preparing.preparation(reference)
    if found is None:
        raise GoneMeanwhile
    return found


def review_to_answer(reference: str) -> Review:
    """Return a review for the secretariat to look at."""
    return reviewing.review_of(reference) or abort(404)


def account_to_manage(person: str) -> Account:
    """Return the account of somebody who does not work for the secretariat, by its name in addresses."""
    found = accounts.account_called(person)
    return abort(404) if found is None or found.is_staff else found


def account_of_colleague(person: str) -> Account:
    """Return any account, for who administers the secretariat; who works for it no more is still found."""
    return accounts.account_called(person) or abort(404)


def account_to_reset(person: str) -> Account:
    """Return an account of which the secretariat may say that its second factor is lost: of anybody else."""
    found = accounts.account_called(person)
    return abort(404) if found is None or found.id == me().id else found


def reset_to_decide(reference: str) -> FactorReset:
    """Return the wish that a second factor be taken away, for the secretariat to look at."""
    return resetting.reset_at(reference) or abort(404)


def participant_to_prepare(slug: str, cohort: Cohort) -> Participant:
    """Return a participant for which the person may prepare an endorsement; any other is not found.

    Representatives may for theirs, and the secretariat where a letter of it is being recorded.

    Raises:
        NotToday: the person was accredited for it, or will be.
    """
    participant = register.participant(slug) or abort(404)
    if accrediting.may_act_for(me(), participant, clock.today()):
        return participant
    found = standing.open_one(participant, cohort)
    if not (me().is_staff and found and found.on_paper):
        if held := [each for each in accrediting.held_by(me()) if each.participant_id == participant.id]:
            raise NotToday(held)
        abort(404)
    return participant


def evidence_of_mine(slug: str, key: str) -> Evidence:
    """Return evidence of a participant for which the person is accredited today; any other is not found.

    The secretariat finds that of letters that it records.
    """
    participant = register.participant(slug) or abort(404)
    mine = accrediting.may_act_for(me(), participant, clock.today())
    if not mine and not me().is_staff:
        abort(404)
    return register.evidence_of(participant, key, on_paper_alone=not mine) or abort(404)


def evidence_to_decide(key: str) -> Evidence:
    """Return evidence for the secretariat to look at; what was never submitted is not found."""
    return register.submitted_evidence(key) or abort(404)


def invitation_to_manage(reference: str) -> MailedLink:
    """Return an invitation for the secretariat; those to join it are found by its administrators alone."""
    found = invitations.at(reference)
    return found if found and inviting.may_manage(found, me()) else abort(404)


def credentials_to_see(reference: str) -> Evidence:
    """Return the credentials letter that came with a request, for the secretariat; of any other there is none."""
    return credentials.letter_of(proposal_to_decide(reference)) or abort(404)


def _admit() -> Response | None:
    if request.endpoint is None:
        return None
    audience = audience_of(current_app, request.endpoint)
    g.audience = audience
    if audience in (Audience.PUBLIC, Audience.ANYONE):
        return None
    if not current_user.is_authenticated:
        if (over := g.get("session_over")) and (request.method == "POST" or not over.account.active):
            raise SignedOut
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.sign_in", next=back))
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "before_set_up", False) and not requirements.is_set_up(me()):
        return redirect(url_for("account.security"))
    if audience is Audience.STAFF and not me().is_staff:
        raise Forbidden
    if audience is Audience.ADMINISTRATOR and not me().is_administrator:
        raise Forbidden
    if audience is Audience.REPRESENTATIVE or (audience is Audience.PREPARING and not me().is_staff):
        _require_somebody_represented()
    return _require_fresh() if getattr(view, "fresh", False) else None


def _require_fresh() -> Response | None:
    reads = request.method in ("GET", "HEAD")
    if sessions.is_fresh(g.sign_in_session, to_send=not reads):
        return None
    if reads:
        return redirect(url_for("account.confirm", next=request.full_path.rstrip("?")))
    raise NotFresh


def _require_somebody_represented() -> None:
    held = accrediting.held_by(me())
    if not any(each.holds_on(clock.today()) for each in held):
        raise NotToday(held) if held else Forbidden
