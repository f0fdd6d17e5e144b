"""The accounts of everybody who does not work for the secretariat: representatives', above all."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import accrediting, clock
from tracker.access import Audience, account_to_manage, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import accounts as known
from tracker.identity import resetting, rights
from tracker.models import Account
from tracker.secretariat.account_forms import AccountsForm, SureForm
from tracker.secretariat.door import door
from tracker.secretariat.staff import ask, change_called

#: How many accounts one page shows; it says how many more there are.
MOST_SHOWN = 200


@door.get("/accounts")
@open_to(Audience.STAFF)
def accounts() -> str | tuple[str, int]:
    """Show the accounts of representatives, those that are looked for."""
    form = AccountsForm.of()
    understood = not request.args or form.validate()
    found = known.of_others()
    if understood:
        found = known.only(found, search=form.search.data, state=form.state.data)
    g.asked = request.args.to_dict() if understood else {}
    colleagues = [each for each in accrediting.staff() if each.id != me().id]
    page = render_template(
        "secretariat/accounts.html", found=found[:MOST_SHOWN], count=len(found), form=form, colleagues=colleagues
    )
    return page if understood else (page, 422)


@door.get("/accounts/<person>")
@open_to(Audience.STAFF)
def account(person: str) -> str:
    """Show one account, what the person is accredited for, and what can be done."""
    return _show(account_to_manage(person))


@door.get("/accounts/<person>/<any(deactivate,reactivate):change>")
@open_to(Audience.STAFF, fresh=True)
def ask_about_account(person: str, change: str) -> Response | str:
    """Ask whether an account is to be deactivated, or reactivated; where that is so already, show it."""
    found, wanted = account_to_manage(person), change_called(change)
    if wanted not in rights.possible(found, by=me()):
        return redirect(url_for("secretariat.account", person=person))
    return ask(found, wanted, "secretariat.change_account", "secretariat.account")


@door.post("/accounts/<person>/<any(deactivate,reactivate):change>")
@open_to(Audience.STAFF, fresh=True)
def change_account(person: str, change: str) -> Response | tuple[str, int]:
    """Deactivate an account, or reactivate it."""
    found, wanted = account_to_manage(person), change_called(change)
    try:
        rights.VERBS[wanted](found, by=me(), seen=SureForm().seen)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        g.shown_at = ("secretariat.account", {"person": person})
        return _show(account_to_manage(person)), 409
    db.session.commit()
    return redirect(url_for("secretariat.account", person=person))


def _show(found: Account) -> str:
    return render_template(
        "secretariat/account.html",
        known=known.of(found),
        possible=rights.possible(found, by=me()),
        lost=resetting.open_one(found),
        today=clock.today(),
        refusal=g.get("refusal"),
    )
