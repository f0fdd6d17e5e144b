"""What mails say of invitations: to the person who is invited, and to who invited them once the time is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain

from flask import current_app
from flask_babel import LazyString, gettext, lazy_gettext

from tracker import i18n
from tracker.identity import links
from tracker.mails.of_people import MAY_ACT, MAY_PROPOSE, tenure_of
from tracker.mails.parts import Detail, Facts, Letter, Link, address_of, day_of, participant_in
from tracker.vocabulary import Notice, Role

_TO_JOIN: Mapping[str, LazyString] = {
    Role.STAFF: lazy_gettext("You are invited to work for the secretariat in this register."),
    Role.ADMINISTRATOR: lazy_gettext(
        "You are invited to work for the secretariat in this register, and to say who else works for it, "
        "as an administrator."
    ),
}


def _invitation(facts: Facts) -> Letter:
    return Letter(
        about=participant_in(facts) if "participant" in facts else None,
        heading=str(Notice.INVITATION.label),
        link=Link(gettext("Open your account"), _address(facts)),
        sentences=tuple(_sentences(facts)),
        details=(
            *chain.from_iterable(map(_of_accreditation, facts["accreditations"])),
            (gettext("You sign in with"), facts["address"]),
            (gettext("The link can be used once, until"), _until(facts)),
        ),
        next=tuple(_next()),
    )


def _sentences(facts: Facts) -> list[str]:
    if "by" in facts:
        said = [gettext("%(person)s of the secretariat invites you to open your account.", person=facts["by"])]
    else:
        said = [gettext("The operator of the register invites you to open your account.")]
    if "invited_as" in facts:
        said.append(str(_TO_JOIN[facts["invited_as"]]))
    if facts["accreditations"]:
        said += [gettext("You are accredited to act as the list below says."), str(MAY_ACT)]
    if any(each["is_head"] for each in facts["accreditations"]):
        said.append(str(MAY_PROPOSE))
    return said


def _next() -> list[str]:
    contact = current_app.config["CONTACT"]
    return [
        gettext("Open the link, and choose a password of at least 12 characters: a few words in a row are a good one."),
        gettext("Nobody from the register ever asks you for your password."),
        gettext("If you do not know why you are invited, do not open the link. Ask first: %(address)s", address=contact)
        if contact
        else gettext("If you do not know why you are invited, do not open the link. Ask the secretariat first."),
    ]


def _address(facts: Facts) -> str:
    """Return where the invitation is accepted; staff, who see every mail, are not shown it."""
    if "secret" not in facts:
        return str(gettext("(A link that the person alone gets.)"))
    return address_of("account.invitation", token=links.token(facts["secret"]))


def _until(facts: Facts) -> str:
    return i18n.moment(datetime.fromisoformat(facts["until"]))


def _of_accreditation(facts: Facts) -> tuple[Detail, ...]:
    office = ((gettext("Office"), facts["office"]),) if "office" in facts else ()
    return ((gettext("Participant"), participant_in(facts)), *office, *tenure_of(facts))


def _expired(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.INVITATION_EXPIRED.label),
        link=Link(gettext("See the invitations"), address_of("secretariat.invitations")),
        sentences=(
            gettext("The person whom you invited has not opened the account, and the link is good no more."),
            gettext("Send the invitation again if it still stands. Ask the person first whether the mail came."),
        ),
        details=(
            (gettext("Person"), facts["person"]),
            (gettext("E-mail address"), facts["address"]),
            (gettext("Invited on"), day_of(facts, "sent_on")),
            (gettext("Good until"), _until(facts)),
        ),
    )


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.INVITATION: _invitation,
    Notice.INVITATION_EXPIRED: _expired,
}
