"""What mails say of accounts, to the person whose account it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import LazyString, gettext, lazy_gettext

from tracker import i18n
from tracker.identity import browsers
from tracker.mails.parts import Detail, Facts, Letter, Link, address_of
from tracker.vocabulary import Notice, SecurityAction

_CHANGED: Mapping[str, LazyString] = {
    SecurityAction.AUTHENTICATOR_ADDED: lazy_gettext("An authenticator app was set up for your account."),
    SecurityAction.AUTHENTICATOR_REMOVED: lazy_gettext("The authenticator app of your account was removed."),
    SecurityAction.PASSKEY_ADDED: lazy_gettext("A passkey was added to your account."),
    SecurityAction.PASSKEY_REMOVED: lazy_gettext("A passkey of your account was removed."),
    SecurityAction.RECOVERY_CODES_MADE: lazy_gettext(
        "New recovery codes were made for your account. Those from before are worth nothing any more."
    ),
    SecurityAction.RECOVERY_CODE_USED: lazy_gettext("Somebody signed in to your account with a recovery code."),
    SecurityAction.PASSWORD_CHANGED: lazy_gettext("The password of your account was changed."),
    SecurityAction.PASSWORD_RESET: lazy_gettext(
        "A new password was chosen for your account by a link that was mailed to you. You were signed out everywhere."
    ),
    SecurityAction.OUTSIDE_BOUND: lazy_gettext("Your account was bound to the sign-in of your own organisation."),
    SecurityAction.OUTSIDE_UNBOUND: lazy_gettext(
        "Your account is not bound to the sign-in of your own organisation any more."
    ),
}
_IF_NOT_YOU = lazy_gettext(
    "If this was not you, somebody else can use your account: sign in, sign out everywhere, change your password, and "
    "write to the secretariat at once."
)


def _sign_in_changed(facts: Facts) -> Letter:
    details: list[Detail] = from_where(facts)
    if facts.get("left") is not None:
        details.append((gettext("Recovery codes left"), str(facts["left"])))
    return Letter(
        heading=str(Notice.SIGN_IN_CHANGED.label),
        link=Link(gettext("See how you sign in"), address_of("account.security")),
        sentences=(str(_CHANGED[facts["action"]]),),
        details=tuple(details),
        next=(gettext("If this was you, there is nothing to do."), str(_IF_NOT_YOU)),
    )


def from_where(facts: Facts) -> list[Detail]:
    """Return when something was done, and from where."""
    details: list[Detail] = [(gettext("When"), i18n.moment(datetime.fromisoformat(facts["at"])))]
    if facts["address"]:
        details.append((gettext("Network address"), facts["address"]))
    if facts["agent"]:
        details.append((gettext("Browser"), browsers.named(facts["agent"])))
    return details


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {Notice.SIGN_IN_CHANGED: _sign_in_changed}
