"""The invitation that was mailed to a person: what it is to, and the form that opens the account. GET shows, POST does.

Programs that read mail open the link in it before its reader does: they find a page, and use nothing up.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import NoReturn

from flask import abort, g, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker import accrediting, clock
from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import NewPasskeyForm, NewPasswordForm, PasskeyNameForm
from tracker.errors import InvitationOver, PasskeyRefused
from tracker.extensions import db
from tracker.identity import invitations, inviting, links, passkeys, passwords, requirements
from tracker.identity.invitations import Hindrance
from tracker.models import Account, MailedLink
from tracker.vocabulary import LinkPurpose, SignInWay
from tracker.web import limits, signing_in

Shown = Response | str | tuple[str, int]


@door.get("/account/invitation/<string:token>")
@open_to(Audience.ANYONE)
def invitation(token: str) -> Shown:
    """Show who invites whom to what, and ask for a password."""
    return _ask(_good_one(token), token)


@door.post("/account/invitation/<string:token>")
@open_to(Audience.ANYONE)
@limits.guesses
def accept_invitation(token: str) -> Shown:
    """Open the account with the password, and sign the person in."""
    link, form = _good_one(token), NewPasswordForm()
    if not form.validate_for(link.account):
        return _ask(link, token, form), HTTPStatus.UNPROCESSABLE_ENTITY
    account = _opened(link, token, lambda account: passwords.set_(account, form.password.data, by=account))
    return _let_in(account, SignInWay.LINK)


@door.post("/account/invitation/<string:token>/passkey/options")
@open_to(Audience.ANYONE)
@limits.guesses
def invitation_passkey_options(token: str) -> Response:
    """Tell the browser what passkey to make, once it has a name."""
    link = _good_one(token)
    if not PasskeyNameForm().validate():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    options = passkeys.registration_options(link.account)
    db.session.commit()
    return Response(options, mimetype="application/json")


@door.post("/account/invitation/<string:token>/passkey")
@open_to(Audience.ANYONE)
@limits.guesses
def accept_by_passkey(token: str) -> Shown:
    """Open the account with the passkey that the browser made, without a password, and sign the person in."""
    link, form = _good_one(token), NewPasskeyForm()
    if not form.validate():
        return _ask(link, token, by_passkey=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        account = _opened(
            link, token, lambda account: passkeys.register(account, form.answer.data, name=form.name.data)
        )
    except PasskeyRefused as refused:
        db.session.commit()  # the log says why, and the invitation stays good
        form.answer.errors = [refused.sentence]
        return _ask(link, token, by_passkey=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _let_in(account, SignInWay.PASSKEY)


@door.get("/account/opened")
@open_to(Audience.SIGNED_IN, before_set_up=True)
def opened() -> str:
    """Confirm that the account is open, and say what happens next."""
    return render_template(
        "account/opened.html",
        is_set_up=requirements.is_set_up(me()),
        has_second_factor=requirements.has_second_factor(me()),
        held=invitations.accreditations_of(me()),
        today=clock.today(),
        represents=bool(accrediting.held_by(me())),
    )


def _good_one(token: str) -> MailedLink:
    """Return the invitation that a token names; where it cannot be accepted here, say why, and what to do."""
    link = links.at(token, LinkPurpose.INVITATION)
    if link is None:
        _refuse(HTTPStatus.NOT_FOUND, None)
    hindrance = invitations.hindrance(link)
    if hindrance is not None:
        is_mine = current_user.is_authenticated and me().id == link.account_id
        _refuse(HTTPStatus.GONE, hindrance, is_mine=is_mine)
    if current_user.is_authenticated:
        abort(make_response(render_template("account/invitation_elsewhere.html", link=link), HTTPStatus.CONFLICT))
    return link


def _opened(link: MailedLink, token: str, opens: Callable[[Account], object]) -> Account:
    """Accept an invitation; where somebody used it, or ended it, since it was looked at, say what became of it."""
    try:
        return inviting.accept(link, opens)
    except InvitationOver:
        db.session.rollback()
        _good_one(token)
        raise


def _let_in(account: Account, way: SignInWay) -> Response:
    signing_in.sign_in(account, way=way)
    db.session.commit()
    return redirect(url_for("account.opened"))


def _refuse(status: HTTPStatus, hindrance: Hindrance | None, *, is_mine: bool = False) -> NoReturn:
    page = render_template("account/invitation_over.html", hindrance=hindrance and hindrance.name, is_mine=is_mine)
    abort(make_response(page, status))


def _ask(
    link: MailedLink, token: str, form: NewPasswordForm | None = None, by_passkey: NewPasskeyForm | None = None
) -> str:
    g.shown_at = ("account.invitation", {"token": token})
    return render_template(
        "account/invitation.html",
        form=form or NewPasswordForm(formdata=None),
        by_passkey=by_passkey or NewPasskeyForm(formdata=None),
        token=token,
        link=link,
        held=invitations.accreditations_of(link.account),
    )
