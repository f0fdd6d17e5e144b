"""What mails say of people's own accounts: that their rights changed, and that a lost second factor is taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import current_app
from flask_babel import LazyString, gettext, lazy_gettext

from tracker.mails.parts import Detail, Facts, Letter, Link, address_of
from tracker.vocabulary import Notice, Question, SecurityAction

_DONE_TO_YOU: Mapping[str, LazyString] = {
    SecurityAction.MADE_STAFF: lazy_gettext(
        "From now on you work for the secretariat in this register. Where you have no second factor yet, you are asked "
        "to set one up when you sign in."
    ),
    SecurityAction.ENDED_STAFF: lazy_gettext("You do not work for the secretariat in this register any more."),
    SecurityAction.MADE_ADMINISTRATOR: lazy_gettext(
        "From now on you are an administrator: you say who works for the secretariat in this register."
    ),
    SecurityAction.ENDED_ADMINISTRATOR: lazy_gettext(
        "You are not an administrator any more. You go on working for the secretariat."
    ),
    SecurityAction.DEACTIVATED: lazy_gettext("Your account was deactivated. You cannot sign in any more."),
    SecurityAction.REACTIVATED: lazy_gettext("Your account is active again. You can sign in."),
}
_DONE_TO_SOMEBODY: Mapping[str, LazyString] = {
    SecurityAction.MADE_STAFF: lazy_gettext("This person works for the secretariat from now on."),
    SecurityAction.ENDED_STAFF: lazy_gettext("This person does not work for the secretariat any more."),
    SecurityAction.MADE_ADMINISTRATOR: lazy_gettext("This person is an administrator from now on."),
    SecurityAction.ENDED_ADMINISTRATOR: lazy_gettext("This person is not an administrator any more."),
    SecurityAction.DEACTIVATED: lazy_gettext("The account of this person was deactivated."),
    SecurityAction.REACTIVATED: lazy_gettext("The account of this person is active again."),
}


def _rights_changed(facts: Facts) -> Letter:
    change = facts["change"]
    shut = change == SecurityAction.DEACTIVATED
    return Letter(
        heading=str(Notice.RIGHTS_CHANGED.label),
        link=_to_the_register() if shut else _to_the_account(),
        sentences=(str(_DONE_TO_YOU[change]), gettext("You were signed out everywhere.")),
        next=(_objecting(),),
    )


def _rights_of_somebody_changed(facts: Facts) -> Letter:
    by = facts.get("by") or gettext("the register’s operator")
    return Letter(
        heading=str(Notice.RIGHTS_OF_SOMEBODY_CHANGED.label),
        link=Link(gettext("See the person"), address_of("secretariat.staff_member", person=facts["key"])),
        sentences=(str(_DONE_TO_SOMEBODY[facts["change"]]),),
        details=(*_person(facts), (gettext("E-mail address"), facts["address"]), (gettext("By"), by)),
    )


def _reset_asked(_facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.RESET_ASKED.label),
        link=_to_the_account(),
        sentences=(
            gettext(
                "Somebody of the secretariat says that you have lost your second factor, and asks that it be taken "
                "away."
            ),
            gettext(
                "If a second person of the secretariat approves it, you can sign in by nothing that you set up so far, "
                "and get a link by mail to set up your account anew."
            ),
        ),
        next=(_objecting(),),
    )


def _reset_approved(_facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.RESET_APPROVED.label),
        link=_to_the_register(),
        sentences=(
            gettext(
                "Your second factor is taken away, and with it your password, your passkeys and your recovery codes. "
                "You were signed out everywhere."
            ),
            gettext("Another mail brings you a link that is good for 7 days. By it you set up your account anew."),
        ),
        next=(_objecting(),),
    )


def _reset_ended(_facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.RESET_ENDED.label),
        link=_to_the_account(),
        sentences=(gettext("Nothing changed: you sign in as before."),),
        next=(_objecting(),),
    )


def _reset_due(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.RESET_DUE.label),
        link=Link(gettext("Decide on it"), address_of("secretariat.reset", reset=facts["reset"])),
        sentences=(gettext("This person has lost their second factor. A second person must decide."),),
        details=(*_person(facts), (gettext("Asked for by"), facts["by"])),
    )


def _reset_returned(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.RESET_RETURNED.label),
        link=Link(gettext("See what was asked for"), address_of("secretariat.reset", reset=facts["reset"])),
        sentences=(gettext("The second factor stays. This is why:"),),
        said=facts["reasons"][Question.OVERALL],
        details=_person(facts),
    )


def _person(facts: Facts) -> tuple[Detail, ...]:
    return ((gettext("Person"), facts["person"]),)


def _objecting() -> str:
    """Return what a person does who did not expect this."""
    contact = current_app.config["CONTACT"]
    if contact:
        return str(gettext("If this should not be so, write to the secretariat at once: %(address)s", address=contact))
    return str(gettext("If this should not be so, tell the secretariat at once."))


def _to_the_account() -> Link:
    return Link(gettext("Sign in"), address_of("account.home"))


def _to_the_register() -> Link:
    return Link(gettext("Go to the public register"), address_of("public.cohorts"))


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.RIGHTS_CHANGED: _rights_changed,
    Notice.RIGHTS_OF_SOMEBODY_CHANGED: _rights_of_somebody_changed,
    Notice.RESET_ASKED: _reset_asked,
    Notice.RESET_APPROVED: _reset_approved,
    Notice.RESET_ENDED: _reset_ended,
    Notice.RESET_DUE: _reset_due,
    Notice.RESET_RETURNED: _reset_returned,
}
