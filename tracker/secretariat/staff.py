"""The people of the secretariat, for who administers it: who they are, how they sign in, what they may do."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, account_of_colleague, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import accounts, resetting, rights
from tracker.identity.rights import Change
from tracker.models import Account
from tracker.secretariat.account_forms import SureForm
from tracker.secretariat.door import door


@door.get("/staff")
@open_to(Audience.ADMINISTRATOR)
def staff() -> str:
    """Show who works for the secretariat."""
    return render_template("secretariat/staff.html", found=accounts.of_the_secretariat())


@door.get("/staff/<person>")
@open_to(Audience.ADMINISTRATOR)
def staff_member(person: str) -> Response | str:
    """Show one person of the secretariat, and what can be done; somebody else's account has a page of its own."""
    found = account_of_colleague(person)
    return _show(found) if found.is_staff else redirect(url_for("secretariat.account", person=person))


@door.get("/staff/<person>/<change>")
@open_to(Audience.ADMINISTRATOR, fresh=True)
def ask_about_rights(person: str, change: str) -> Response | str:
    """Ask whether rights are to change, and say what follows; where that cannot be done, show how things stand."""
    found, wanted = account_of_colleague(person), change_called(change)
    if wanted not in rights.possible(found, by=me()):
        return redirect(url_for("secretariat.staff_member", person=person))
    return ask(found, wanted, "secretariat.change_rights", "secretariat.staff_member")


@door.post("/staff/<person>/<change>")
@open_to(Audience.ADMINISTRATOR, fresh=True)
def change_rights(person: str, change: str) -> Response | tuple[str, int]:
    """Change somebody's rights."""
    found, wanted = account_of_colleague(person), change_called(change)
    try:
        rights.VERBS[wanted](found, by=me(), seen=SureForm().seen)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        g.shown_at = ("secretariat.staff_member", {"person": person})
        return _show(account_of_colleague(person)), 409
    db.session.commit()
    return redirect(url_for("secretariat.staff_member", person=person))


def change_called(change: str) -> Change:
    """Return what an address asks for; where that is nothing, no page is found."""
    return Change(change) if change in list(Change) else abort(404)


def ask(found: Account, change: Change, action: str, back: str) -> str:
    """Show the page that asks whether rights are to change.

    Args:
        found: whose.
        change: how.
        action: the endpoint to which the answer is sent.
        back: the endpoint that shows the person.
    """
    return render_template(
        "secretariat/change_rights.html",
        account=found,
        change=change,
        form=SureForm(formdata=None, version=rights.seen_of(found)),
        action=action,
        back=back,
    )


def _show(found: Account) -> str:
    return render_template(
        "secretariat/staff_member.html",
        known=accounts.of(found),
        possible=rights.possible(found, by=me()),
        is_last=rights.is_last_administrator(found),
        lost=resetting.open_one(found),
        refusal=g.get("refusal"),
    )
