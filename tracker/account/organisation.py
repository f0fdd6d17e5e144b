"""Signing in through one's own organisation (OpenID Connect), and binding the account to it. GET shows, POST does.

The way back from the provider is the exception: the protocol makes it a GET, which does what a POST in the same browser
began.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Response as Answer
from flask import abort, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import i18n
from tracker.access import Audience, me, open_to
from tracker.account import trips
from tracker.account.door import door
from tracker.account.trips import Purpose, Trip
from tracker.extensions import db, writing
from tracker.identity import outside, sessions, telling
from tracker.identity.id_token import Identity
from tracker.identity.provider import Provider
from tracker.identity.unrecognised import BoundAlready, Cancelled, NotLetIn, NotVerified, Stray, Unrecognised
from tracker.vocabulary import SecurityAction, SignInWay
from tracker.web import limits, signing_in

#: With which status each end without a sign-in is answered; any other is the provider's failure.
_STATUS: dict[type[Unrecognised], HTTPStatus] = {
    Cancelled: HTTPStatus.OK,
    Stray: HTTPStatus.BAD_REQUEST,
    NotVerified: HTTPStatus.BAD_REQUEST,
    NotLetIn: HTTPStatus.FORBIDDEN,
    BoundAlready: HTTPStatus.CONFLICT,
}


@door.post("/sign-in/organisation")
@open_to(Audience.ANYONE)
@limits.guesses
def go_to_organisation() -> Answer:
    """Send a person to their organisation, to prove there who they are."""
    there = _there()
    return _send(trips.begin(Purpose.SIGN_IN, back=request.form.get("next")), there, within=sessions.FRESH)


@door.get("/sign-in/organisation/back")
@open_to(Audience.ANYONE)
@limits.returns
def back_from_organisation() -> Response:
    """Take a person back: sign them in, or bind their account."""
    there = _there()
    trip = g.trip = trips.end(request.args.get("state", ""))
    if trip is None:
        raise Stray("no such trip")
    i18n.speak(trip.language)
    identity = trips.outcome(trip, there, request.args.to_dict())
    _begin_to_write()
    return _bind(identity, trip) if trip.purpose is Purpose.BIND else _sign_in(identity, trip)


@door.get("/account/organisation")
@open_to(Audience.STAFF)
def organisation() -> str:
    """Show whether the person signs in through their organisation."""
    _there()
    return render_template(
        "account/organisation.html",
        bound=outside.binding(me()),
        can_unbind=outside.has_other_way_in(me()),
    )


@door.post("/account/organisation/bind")
@open_to(Audience.STAFF, fresh=True)
def bind_organisation() -> Answer:
    """Send a person to their organisation, to bind their account to who they are there."""
    there = _there()
    return _send(trips.begin(Purpose.BIND, actor=me().actor), there, within=timedelta(0))


@door.post("/account/organisation/unbind")
@open_to(Audience.STAFF, fresh=True)
def unbind_organisation() -> Response:
    """Let the person sign in through their organisation no more."""
    _there()
    if outside.unbind(me()):
        telling.of_change(me(), SecurityAction.OUTSIDE_UNBOUND)
    db.session.commit()
    return redirect(url_for("account.organisation"))


@door.errorhandler(Unrecognised)
def answer_unrecognised(error: Unrecognised) -> tuple[str, int]:
    """Say why nobody was signed in, or nothing was bound, and write it down."""
    _begin_to_write()
    outside.refused(error.why, account=error.account, by=me() if current_user.is_authenticated else None)
    db.session.commit()
    writing.set(False)
    status = next((each for kind, each in _STATUS.items() if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
    trip: Trip | None = g.get("trip")
    return render_template(
        "account/unrecognised.html",
        sentence=error.sentence % {"name": _there().facts.name},
        binding=trip is not None and trip.purpose is Purpose.BIND,
        back=trip and trip.back,
    ), status


def _there() -> Provider:
    return outside.provider() or abort(HTTPStatus.NOT_FOUND)


def _send(trip: Trip, there: Provider, *, within: timedelta) -> Answer:
    """Send a person away by a page that goes on by itself.

    An answer to a form may lead nowhere but to ourselves, by our own policy on content; and whether the provider sends
    the person on to somewhere else again is not for us to know.
    """
    g.trip = trip
    db.session.rollback()  # nobody else waits for the provider
    g.shown_at = ("account.sign_in", {})
    address = there.way_there(trip.asked, within=within)
    answer = make_response(render_template("account/on_the_way.html", name=there.facts.name, address=address))
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def _begin_to_write() -> None:
    """Let what was read while we waited for the provider be read again, by a transaction that may write."""
    db.session.rollback()
    writing.set(True)


def _sign_in(identity: Identity, trip: Trip) -> Response:
    account = outside.person(identity)
    outside.recognised(account, identity)
    if outside.counts_for_both(identity):
        signing_in.sign_in(account, way=SignInWay.OUTSIDE)
        answer = signing_in.lead_on(trip.back)
    else:
        answer = signing_in.after_first_factor(account, way=SignInWay.OUTSIDE, back=trip.back)
    db.session.commit()
    return answer


def _bind(identity: Identity, trip: Trip) -> Response:
    if not current_user.is_authenticated or me().actor != trip.actor:
        raise Stray("another person is signed in")
    outside.bind(me(), identity)
    telling.of_change(me(), SecurityAction.OUTSIDE_BOUND)
    db.session.commit()
    return redirect(url_for("account.organisation"))
