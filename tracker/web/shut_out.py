"""Somebody may not go on in the middle of their work: the page says why and what to do, and shows what was written.

Their session ended or their account was closed, or their accreditation does not hold today.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, g, request, session, url_for
from flask_babel import LazyString, gettext, lazy_gettext

from tracker import accrediting, clock, i18n
from tracker.access import NotToday, SignedOut, me
from tracker.models import Accreditation
from tracker.vocabulary import Tenure
from tracker.web import refusals
from tracker.web.answering import answer
from tracker.web.forms import written
from tracker.web.own_pages import own_address

_SIGNED_OUT = lazy_gettext("You are signed out")
_SESSION_OVER = lazy_gettext(
    "Your session was ended, or nothing was asked for in a long while. Nothing of this form was recorded."
)
_DEACTIVATED = lazy_gettext("Your account is deactivated")
_CLOSED = lazy_gettext(
    "You are signed out and cannot sign in any more. Nothing that you had not yet saved was recorded. If this should "
    "not be so, write to the secretariat."
)
_NOT_TODAY = lazy_gettext("You may not act for this participant today")
_NONE_TODAY = lazy_gettext("You may not act for any participant today")
_SUSPENDED = lazy_gettext("Your accreditation for %(name)s is suspended until the secretariat has decided.")
_TO_COME = lazy_gettext("Your accreditation for %(name)s begins on %(day)s.")
_ENDED = lazy_gettext("Your accreditation for %(name)s ended; its last day was %(day)s.")


def init_app(app: Flask) -> None:
    """Answer those who may not go on."""
    app.register_error_handler(NotToday, _answer_not_today)
    app.register_error_handler(SignedOut, _answer_signed_out)


def _answer_signed_out(_error: SignedOut) -> Response:
    closed = not g.session_over.account.active
    session.clear()
    if closed:
        return answer(HTTPStatus.FORBIDDEN, _CLOSED, title=_DEACTIVATED, written=written())
    page = own_address(request.path) or url_for("account.home")
    way_on = (url_for("account.sign_in", next=page), gettext("Sign in, and go on from there"))
    return answer(HTTPStatus.FORBIDDEN, _SESSION_OVER, title=_SIGNED_OUT, written=written(), way_on=way_on)


def _answer_not_today(error: NotToday) -> Response:
    """Say of each accreditation why it does not hold, and lead to the desk where another one does."""
    refusals.write_down("not accredited today")
    sentences = [_why(each) for each in error.held]
    if request.method == "POST":
        sentences.append(gettext("Nothing of this form was recorded."))
    sentences.append(gettext("If this should not be so, write to the secretariat."))
    acts = any(each.holds_on(clock.today()) for each in accrediting.held_by(me()))
    way_on = (url_for("desk.home"), gettext("Go to my desk")) if acts else None
    return answer(HTTPStatus.FORBIDDEN, " ".join(sentences), title=_title(error), written=written(), way_on=way_on)


def _title(error: NotToday) -> LazyString:
    return _NOT_TODAY if len({each.participant_id for each in error.held}) == 1 else _NONE_TODAY


def _why(accreditation: Accreditation) -> str:
    """Return why an accreditation does not hold today."""
    told = {"name": i18n.name_of(accreditation.participant).text, "day": i18n.day(accreditation.starts_on)}
    match accreditation.tenure(clock.today()):
        case Tenure.SUSPENDED:
            said = _SUSPENDED
        case Tenure.TO_COME:
            said = _TO_COME
        case _:
            said, told["day"] = _ENDED, i18n.day(accreditation.ends_on)
    return str(said) % told
