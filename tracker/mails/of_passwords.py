"""What mails say to the owner of an account about its password: a link to choose a new one, and what others try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import gettext

from tracker import i18n
from tracker.identity import links
from tracker.mails.parts import Detail, Facts, Letter, Link, address_of
from tracker.vocabulary import Notice


def _link(facts: Facts) -> Letter:
    secret = facts.get("secret")
    to_choose = address_of("account.new_password", token=links.token(secret)) if secret else None
    return Letter(
        heading=str(Notice.PASSWORD_LINK.label),
        sentences=(
            gettext("Somebody, probably you, asked for a link with which to choose a new password for your account."),
            gettext("Your second step, if you have set one up, is asked for as before."),
        ),
        details=((gettext("The link can be used once, until"), _moment(facts, "until")), *_whence(facts)),
        next=(gettext("If it was not you, do nothing: without the link nobody can change your password."),),
        link=Link(gettext("Choose a new password"), to_choose) if to_choose else _forgotten(),
    )


def _password_guessed(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.PASSWORD_GUESSED.label),
        sentences=(
            gettext("So many wrong passwords were entered that further ones have to wait."),
            gettext("Nobody signed in with them, and you are told once a day at most."),
        ),
        details=_of_guesses(facts),
        next=(
            gettext("If it was you, or you cannot wait, choose a new password by a mailed link, or use a passkey."),
            gettext(
                "If it was not you, and your password is long and used nowhere else, there is nothing to do. In a "
                "browser in which you have signed in before, you can sign in as ever."
            ),
        ),
        link=_forgotten(),
    )


def _second_factor_guessed(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.SECOND_FACTOR_GUESSED.label),
        sentences=(
            gettext("Somebody entered your password, and then so many wrong codes that further ones have to wait."),
            gettext("Nobody signed in with them, and you are told once a day at most."),
        ),
        details=_of_guesses(facts),
        next=(
            gettext("If it was you, try again later, with a recovery code if need be."),
            gettext("If it was not you, somebody knows your password: choose a new one at once."),
        ),
        link=_forgotten(),
    )


def _of_guesses(facts: Facts) -> tuple[Detail, ...]:
    return (
        (gettext("When"), _moment(facts, "at")),
        *_whence(facts),
        (gettext("Tries are looked at again from"), _moment(facts, "until")),
    )


def _whence(facts: Facts) -> tuple[Detail, ...]:
    """Return from where something was done. What a browser calls itself stays out: strangers would write to people."""
    return ((gettext("Network address"), facts["address"]),) if facts["address"] else ()


def _forgotten() -> Link:
    return Link(gettext("Choose a new password"), address_of("account.forgotten"))


def _moment(facts: Facts, name: str) -> str:
    return i18n.moment(datetime.fromisoformat(facts[name]))


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.PASSWORD_LINK: _link,
    Notice.PASSWORD_GUESSED: _password_guessed,
    Notice.SECOND_FACTOR_GUESSED: _second_factor_guessed,
}
