"""Where a person who has signed in goes from there, how they sign in, and in which language they are written to."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import accrediting
from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import LanguageForm
from tracker.extensions import db
from tracker.identity import authenticators, passkeys, recovery_codes, requirements, sessions


@door.get("/account/")
@open_to(Audience.SIGNED_IN)
def home() -> Response | str:
    """Send the person to the one place where they work, or let them choose between two."""
    represents = bool(accrediting.held_by(me()))
    if me().is_staff and not represents:
        return redirect(url_for("secretariat.queue"))
    if represents and not me().is_staff:
        return redirect(url_for("desk.home"))
    return render_template("account/home.html")


@door.get("/account/security")
@open_to(Audience.SIGNED_IN, before_set_up=True)
def security() -> str:
    """Show how the person signs in, and what is still to be set up."""
    return render_template(
        "account/security.html",
        app=authenticators.of(me()),
        is_set_up=requirements.is_set_up(me()),
        is_required=requirements.second_factor_required(me()),
        has_second_factor=requirements.has_second_factor(me()),
        codes_left=recovery_codes.left(me()),
        passkeys=passkeys.of(me()),
        sessions=sessions.of(me()),
    )


@door.get("/account/language")
@open_to(Audience.SIGNED_IN)
def language() -> str:
    """Show in which language the person is written to."""
    return render_template("account/language.html", form=LanguageForm(mails_in=me().language))


@door.post("/account/language")
@open_to(Audience.SIGNED_IN)
def save_language() -> Response | tuple[str, int]:
    """Write to the person in the language that they chose."""
    form = LanguageForm()
    if not form.validate():
        g.shown_at = ("account.language", {})
        return render_template("account/language.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    accrediting.choose_language(me(), form.mails_in.data)
    db.session.commit()
    return redirect(url_for("account.language"))
