"""One answer to every error: a page in the reader's language, or problem details (RFC 9457) from the API."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, abort, current_app, g, jsonify, make_response, render_template, request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import Forbidden, HTTPException, MethodNotAllowed, RequestEntityTooLarge

from tracker.access import Audience, audience_of
from tracker.errors import (
    NotAccredited,
    NotAdministrator,
    NotHead,
    NotStaff,
    NotYourProposal,
    OwnReset,
    OwnRights,
    OwnSubmission,
    Refused,
    TryLater,
)
from tracker.extensions import db, writing
from tracker.web import refusals, uploads
from tracker.web.forms import written

_TITLES: dict[int, tuple[LazyString, LazyString]] = {
    400: (lazy_gettext("We could not read this request"), lazy_gettext("Go back, open the page anew and try again.")),
    403: (
        lazy_gettext("You may not open this page"),
        lazy_gettext("Your account does not have the right to. If you think that it should, write to the secretariat."),
    ),
    404: (
        lazy_gettext("Page not found"),
        lazy_gettext("Nothing is registered under this address. Check that it is complete."),
    ),
    405: (
        lazy_gettext("This address cannot be used in this way"),
        lazy_gettext("Open the page anew and use its form."),
    ),
    409: (lazy_gettext("This could not be done"), lazy_gettext("Open the page anew to see how things stand now.")),
    410: (
        lazy_gettext("This link cannot be used any more"),
        lazy_gettext("Ask for a new one."),
    ),
    413: (lazy_gettext("What you sent is too large"), lazy_gettext("Shorten it and send it again.")),
    429: (
        lazy_gettext("Too much was sent at once"),
        lazy_gettext("Nothing of yours was recorded. Try again in an hour."),
    ),
    503: (
        lazy_gettext("The register is busy"),
        lazy_gettext("Somebody else is recording at this moment. Nothing of yours was recorded. Try again."),
    ),
    500: (
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext("Nothing was recorded by halves. Try again in a few minutes."),
    ),
}

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

#: Refusals of somebody who may not do what they tried, whatever stands in the record.
NOT_THEIRS = (
    *(NotAccredited, NotAdministrator, NotHead, NotStaff, NotYourProposal),
    *(OwnReset, OwnRights, OwnSubmission),
)

_CSRF = lazy_gettext(
    "This form was opened too long ago, or before you signed in. Nothing was recorded. "
    "Open the page anew and try again."
)


_NO_COOKIE = lazy_gettext(
    "This form was opened too long ago, or your browser keeps no cookie for it. Nothing was sent. "
    "Open the page anew and try again."
)
_SIGNED_OUT = lazy_gettext(
    "You are not signed in any more, or you signed in anew in another window. Nothing was recorded."
)
_FILE_TOO_LARGE = lazy_gettext(
    "A file may have 10 MB at most, and this one is much larger. Nothing of this form was recorded. Scan the letter at "
    "a lower resolution, or save it as a smaller PDF, and fill in the form again."
)
_OPEN_ANEW = lazy_gettext("Open the page anew")
_SIGN_IN = lazy_gettext("Sign in, and go on from there")


def init_app(app: Flask) -> None:
    """Answer every error, take no body but a form's, and let work that may write take the write lock at its start."""

    @app.before_request
    def declare_writing() -> None:
        writing.set(request.method not in ("GET", "HEAD", "OPTIONS"))

    @app.before_request
    def take_forms_alone() -> None:
        """Refuse what is no form, and a file where none is asked for: the libraries below would read both as texts."""
        if request.method == "POST":
            has_body = request.content_length or "chunked" in request.headers.get("Transfer-Encoding", "")
            if has_body and request.mimetype not in _FORMS:
                abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            taken = uploads.taken_here()
            if taken:
                request.max_content_length = uploads.MOST
            if request.files.keys() - taken or None in request.form:
                abort(HTTPStatus.BAD_REQUEST)

    @app.teardown_request
    def end_writing(_error: BaseException | None) -> None:
        writing.set(False)

    app.register_error_handler(TryLater, _answer_too_soon)
    app.register_error_handler(Forbidden, _answer_forbidden)
    for each in NOT_THEIRS:
        app.register_error_handler(each, _answer_not_theirs)
    _answer_errors(app)


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def answer_http(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        if isinstance(error, RequestEntityTooLarge) and uploads.taken_here():
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _FILE_TOO_LARGE, way_on=(request.path, _OPEN_ANEW))
        response = answer(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.allow.update(error.valid_methods)
        return response

    @app.errorhandler(CSRFError)
    def answer_csrf(_error: CSRFError) -> Response:
        return _answer_without_token()

    @app.errorhandler(Refused)
    def answer_refused(error: Refused) -> Response:
        return answer(HTTPStatus.CONFLICT, error.sentence)

    @app.errorhandler(OperationalError)
    def answer_busy(error: OperationalError) -> Response:
        if "locked" not in str(error.orig):
            app.logger.exception("the database does not answer")
            return answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        return answer(HTTPStatus.SERVICE_UNAVAILABLE)

    @app.errorhandler(IntegrityError)
    def answer_broken_constraint(error: IntegrityError) -> Response:
        # The verbs check the rules first, so a constraint that refuses means that somebody else was faster.
        # Its name alone: PostgreSQL goes on in the next line with what somebody wrote.
        app.logger.warning("a constraint refused: %s", str(error.orig).partition("\n")[0])
        return answer(HTTPStatus.CONFLICT)


def _answer_too_soon(error: TryLater) -> Response:
    return answer(HTTPStatus.TOO_MANY_REQUESTS, error.sentence)


def _answer_forbidden(_error: Forbidden) -> Response:
    refusals.write_down("not theirs to open")
    return answer(HTTPStatus.FORBIDDEN)


def _answer_not_theirs(error: Refused) -> Response:
    refusals.write_down(type(error).__name__)
    return answer(HTTPStatus.CONFLICT, error.sentence)


def _answer_without_token() -> Response:
    if audience_of(current_app, request.endpoint or "") is Audience.ANYONE and request.endpoint != "account.do_sign_in":
        return answer(HTTPStatus.BAD_REQUEST, _NO_COOKIE, written=written(), way_on=(request.path, _OPEN_ANEW))
    page = request.path if _can_be_opened(request.path) else url_for("account.home")
    if current_user.is_authenticated:
        refusals.write_down("a form without its token")
        return answer(HTTPStatus.BAD_REQUEST, _CSRF, written=written(), way_on=(page, _OPEN_ANEW))
    sign_in = (url_for("account.sign_in", next=page), _SIGN_IN)
    return answer(HTTPStatus.BAD_REQUEST, _SIGNED_OUT, written=written(), way_on=sign_in)


def _can_be_opened(path: str) -> bool:
    return current_app.create_url_adapter(request).test(path, method="GET")  # type: ignore[union-attr]


def answer(
    status: int, sentence: LazyString | str | None = None, *, title: LazyString | None = None, **context: object
) -> Response:
    """Return the answer to an error, as a page or as problem details.

    Args:
        status: the HTTP status.
        sentence: what went wrong and what to do, where that is known.
        title: what went wrong in a few words, where more is known than the status says.
        context: what the page may show beside it: ``standings``, ``written`` and ``way_on``.
    """
    db.session.rollback()
    writing.set(False)  # a page about an error waits for nobody
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g._login_user = AnonymousUserMixin()  # whom the page would look up where nothing can be looked up
    usual_title, usual_sentence = _TITLES.get(status, _TITLES[500 if status >= 500 else 400])  # noqa: PLR2004
    said = {"status": int(status), "title": title or usual_title, "sentence": sentence or usual_sentence}
    if request.path.startswith("/api/"):
        detail = str(said["sentence"])
        response = jsonify(type="about:blank", title=str(said["title"]), status=int(status), detail=detail)
        response.mimetype = "application/problem+json"
    else:
        g.answering_error = True
        response = make_response(render_template("error.html", **said, **context))
    response.status_code = int(status)
    return response
