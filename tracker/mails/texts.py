"""What mails say: a letter for each notice, from the facts that the mail holds, in the language of its recipient."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from tracker.i18n import Shown
from tracker.mails import (
    of_accounts,
    of_acts,
    of_disputes,
    of_invitations,
    of_loads,
    of_passwords,
    of_people,
    of_publications,
    of_rights,
    of_the_roll,
    of_the_week,
    of_wordings,
)
from tracker.mails.outbox import without_secret
from tracker.mails.parts import Facts, Letter, participant_in
from tracker.mails.posting import (
    FOR_CONTACTS,
    FOR_INVITED,
    FOR_OWNERS,
    FOR_PERSONS,
    FOR_PROPOSERS,
    FOR_READERS,
    FOR_REPRESENTATIVES,
)
from tracker.models import Mail
from tracker.vocabulary import Notice


class CannotBeWritten(Exception):  # noqa: N818  # named for what is wrong
    """A mail's facts do not make its text: another version of the register wrote them."""


def letter_of(mail: Mail, *, secretly: bool = False) -> Letter:
    """Return what a mail says, in the present language.

    Args:
        secretly: whether it is for the recipient alone, with what nobody else may know: a link that can be used once.

    Raises:
        CannotBeWritten: its facts do not make its text.
    """
    try:
        facts = json.loads(mail.facts if secretly else without_secret(mail.facts))
        return _LETTERS[mail.notice](facts)
    except (LookupError, TypeError, ValueError) as error:
        raise CannotBeWritten(f"{type(error).__name__}: {error}") from error


def participant_of(mail: Mail) -> Shown | None:
    """Return the name of the participant that a mail is about, in the present language, if there is one."""
    facts = json.loads(mail.facts)
    return participant_in(facts) if "participant" in facts else None


#: Why somebody gets a mail, by what it tells; what stands nowhere goes to the secretariat.
_BECAUSE: tuple[tuple[frozenset[Notice], LazyString], ...] = (
    (
        FOR_READERS,
        lazy_gettext("You get this mail because you reported something to the register and left your address."),
    ),
    (
        FOR_CONTACTS,
        lazy_gettext("You get this mail because this is the address that is published for the participant."),
    ),
    (FOR_REPRESENTATIVES, lazy_gettext("You get this mail because you are accredited to act for the participant.")),
    (FOR_PERSONS, lazy_gettext("You get this mail because it is about your right to act for the participant.")),
    (FOR_INVITED, lazy_gettext("You get this mail because somebody of the secretariat invited you at this address.")),
    (FOR_OWNERS, lazy_gettext("You get this mail because it is about your account.")),
    (FOR_PROPOSERS, lazy_gettext("You get this mail because you made the proposal.")),
)


def because(notice: Notice) -> str:
    """Return why somebody gets a mail, in the present language."""
    told = next((sentence for notices, sentence in _BECAUSE if notice in notices), None)
    return str(told or gettext("You get this mail because you work for the secretariat."))


_LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    **of_accounts.LETTERS,
    **of_acts.LETTERS,
    **of_passwords.LETTERS,
    **of_people.LETTERS,
    **of_invitations.LETTERS,
    **of_the_roll.LETTERS,
    **of_disputes.LETTERS,
    **of_wordings.LETTERS,
    **of_loads.LETTERS,
    **of_publications.LETTERS,
    **of_rights.LETTERS,
    **of_the_week.LETTERS,
}
