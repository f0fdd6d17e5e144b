"""What the domain refuses, and the sentence that tells a person why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from tracker.vocabulary import PasskeyRefusal


class Refused(Exception):  # noqa: N818  # named for what the reader is told
    """A rule of the register stands against what was asked. ``sentence`` says which, for a person to read."""

    sentence: LazyString = lazy_gettext("The register's rules do not allow this.")

    def __init__(self, sentence: LazyString | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(type(self).__name__)


class AlreadyEndorsed(Refused):
    """The participant's endorsement of this cohort is in force."""

    sentence = lazy_gettext("This participant's endorsement is in force already.")


class NothingChanged(Refused):
    """A change of an endorsement in force says what that says."""

    sentence = lazy_gettext("This says the same as the endorsement in force, so there is nothing to submit.")


class WrongStatus(Refused):
    """The endorsement is not at the point of its life at which this can be done."""

    sentence = lazy_gettext("This cannot be done with the endorsement as it stands now.")


class Stale(Refused):
    """Somebody changed the endorsement since the form was opened."""

    sentence = lazy_gettext("Somebody changed this endorsement while you had it open. Nothing of yours was recorded.")


class LoadStale(Stale):
    """The register changed since the preview of a load. ``rows`` are those of which something else would become."""

    sentence = lazy_gettext(
        "The register changed since this preview was computed, and something else would become of the rows below. "
        "Nothing was recorded. Send the load back, so that its preview is computed again."
    )

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows
        super().__init__()


class LoadIncomplete(Refused):
    """A load cannot be proposed: its preview is not ready, rows are wrong, or nothing in it is new or changed."""

    sentence = lazy_gettext(
        "This load cannot be proposed: its preview is not ready, rows of it are wrong, or all of it is on record."
    )


class AccreditationStale(Stale):
    """Something happened to the accreditation since the form was opened."""

    sentence = lazy_gettext(
        "Somebody changed this accreditation while you had it open. Nothing of yours was recorded. "
        "Look how it stands, and send the form again if it still should be so."
    )


class OwnSubmission(Refused):
    """Four eyes: who submitted or proposed something, or may act for its participant, may not decide on it."""

    sentence = lazy_gettext(
        "You submitted this yourself, or may act for the participant, so somebody else must decide on it."
    )


class NotAsSubmitted(Refused):
    """The endorsement is not what its representatives submitted: somebody changed the database."""

    sentence = lazy_gettext(
        "This endorsement is not what its representatives submitted, as the ledger shows. Tell the register’s operator."
    )


class CredentialsChanged(Refused):
    """The file of a credentials letter is gone, or is not the one that came with the request."""

    sentence = lazy_gettext(
        "The credentials letter is not the file that came with this request, or is missing. "
        "Tell the register’s operator, or send the request back and ask for the letter again."
    )


class AlreadyProposed(Refused):
    """The same was proposed already, and waits for a decision."""

    sentence = lazy_gettext("This was proposed already, and waits for a decision.")


class BeingPrepared(Refused):
    """The participant's representatives and the secretariat do not prepare an endorsement at the same time."""

    sentence = lazy_gettext(
        "An endorsement by this participant is being prepared already: by its representatives, or by the secretariat "
        "from a letter that came on paper."
    )


class SomethingLater(Refused):
    """An act is to be corrected on which a later one stands."""

    sentence = lazy_gettext("Something later stands on this act, or it was corrected already. Correct that first.")


class NoticeGiven(Refused):
    """A notice of withdrawal waits for the secretariat, so no change can be submitted."""

    sentence = lazy_gettext(
        "A notice of withdrawal waits for the secretariat. Take it back before you submit a change of the endorsement."
    )


class ChangeSubmitted(Refused):
    """A change of the endorsement waits for the secretariat, so no notice of withdrawal can be given."""

    sentence = lazy_gettext(
        "A change of this endorsement waits for the secretariat. Take it back before you give notice of withdrawal."
    )


class WordingChanged(Refused):
    """An endorsement was prepared on a wording that is not the one that stands when it counts."""

    sentence = lazy_gettext(
        "The wording of a recommendation changed while this was prepared, so it has to be looked at again."
    )


class SetGrown(Refused):
    """An endorsement of the whole set was prepared before recommendations were added to it."""

    sentence = lazy_gettext(
        "Recommendations were added to the set while this was prepared, so it has to be said again what it covers."
    )


class BothEndorsed(Refused):
    """Two participants are to be one that have each endorsed the same."""

    sentence = lazy_gettext(
        "Both participants have an endorsement of the same cohort that is in force or open, or had one on the same "
        "days. Withdraw or correct one of the two first."
    )


class RollChanged(Refused):
    """Something was recorded about a participant since a change of the roll was proposed, or since its form opened."""

    sentence = lazy_gettext(
        "Something was recorded about this participant meanwhile. Look how it stands, and propose anew what is right."
    )


class LikeAnother(Refused):
    """There are similar names on the roll. ``similar`` holds those that nobody looked at."""

    sentence = lazy_gettext("There are similar names on the roll. Look whether it is one of them.")

    def __init__(self, similar: Sequence[Any]) -> None:
        self.similar = similar
        super().__init__()


class NotYourProposal(Refused):
    """Only who made a proposal may take it back."""

    sentence = lazy_gettext("Only who proposed this can take it back. You can send it back with a reason.")


class NotAccredited(Refused):
    """The person may not act for this participant on this day."""

    sentence = lazy_gettext("You are not accredited to act for this participant today.")


class NotHead(Refused):
    """Only a head representative may propose who else acts for the participant."""

    sentence = lazy_gettext("Only a head representative or the secretariat may propose this.")


class AlreadyAccredited(Refused):
    """The person may act for the participant on some of these days already."""

    sentence = lazy_gettext("A person with this address is accredited for this participant on some of these days.")


class AccountClosed(Refused):
    """The account of a person who is to be accredited is closed."""

    sentence = lazy_gettext("The account with this address is closed. Send the request back.")


class AccreditationChanged(Refused):
    """An accreditation changed since something was proposed about it."""

    sentence = lazy_gettext(
        "This accreditation changed since this was proposed. Send it back, and propose anew what is right."
    )


class AccreditationOver(Refused):
    """An accreditation that ended, or is suspended, is to be changed."""

    sentence = lazy_gettext("This accreditation has ended or is suspended, so nothing about it can be changed.")


class StillInOffice(Refused):
    """A person is to be forgotten who may act, or works for the secretariat."""

    sentence = lazy_gettext(
        "Nobody is forgotten who may act for a participant today or later, is proposed to, or works for the "
        "secretariat. That has to end first."
    )


class WishDecided(Refused):
    """A wish to be forgotten is to be decided that was decided, or made anew, meanwhile."""

    sentence = lazy_gettext("This was decided already, or asked anew since. Look how it stands now.")


class AlreadyAsked(Refused):
    """A person asks again for what waits for a decision."""

    sentence = lazy_gettext("You asked for this already. The secretariat has not decided yet.")


class NotStaff(Refused):
    """Only the secretariat may do this."""

    sentence = lazy_gettext("Only the secretariat's staff may do this.")


class NotAdministrator(Refused):
    """Only an administrator of the secretariat may do this."""

    sentence = lazy_gettext("Only an administrator of the secretariat may do this.")


class OwnRights(Refused):
    """Nobody raises their own rights, or deactivates or reactivates themselves."""

    sentence = lazy_gettext("Nobody can do this with their own account. Ask another administrator.")


class LastAdministrator(Refused):
    """No other active administrator would be left."""

    sentence = lazy_gettext(
        "This is the last administrator whose account is active, so they stay one. Make somebody else an administrator "
        "first."
    )


class RightsStale(Stale):
    """Somebody changed the rights of an account since the form was opened."""

    sentence = lazy_gettext(
        "Somebody changed this account while you had the page open. Nothing of yours was recorded. "
        "Look how it stands now."
    )


class OwnReset(Refused):
    """Four eyes: nobody asks for their own second factor to be taken away, nor decides on what they asked for."""

    sentence = lazy_gettext(
        "This is about your own account, or you asked for it yourself, so somebody else of the secretariat must do it."
    )


class AskerGone(Refused):
    """Who asked for something does not work for the secretariat any more, so that there are no four eyes."""

    sentence = lazy_gettext(
        "Who asked for this does not work for the secretariat any more. Refuse it, and let somebody ask anew."
    )


class NothingToReset(Refused):
    """A person has set up no way to sign in that could be lost."""

    sentence = lazy_gettext(
        "This person has not set up their account yet, so nothing can be lost. Send the invitation again."
    )


class ResetStale(Stale):
    """Somebody decided on the wish about a second factor meanwhile."""

    sentence = lazy_gettext(
        "Somebody decided on this while you had the page open. Nothing of yours was recorded. Look how it stands now."
    )


class AccountOpened(Refused):
    """Somebody is invited who can sign in already."""

    sentence = lazy_gettext(
        "This person can sign in already, so nobody is invited. To change what the person may do, go to their account."
    )


class NothingToInviteTo(Refused):
    """Somebody is invited again for whom there is nothing to do: no accreditation holds, or is to come."""

    sentence = lazy_gettext(
        "No accreditation of this person holds or is to come, so there is nothing to invite them to. Propose one first."
    )


class InvitationStale(Stale):
    """Something became of an invitation since the page was opened: it was accepted, withdrawn or sent again."""

    sentence = lazy_gettext(
        "Something became of this invitation while you had the page open. Nothing of yours was recorded. "
        "Look how it stands now."
    )


class InvitationOver(Refused):
    """An invitation cannot be accepted any more."""

    sentence = lazy_gettext("This invitation cannot be accepted any more.")


class Incomplete(Refused):
    """An answer is missing that the register needs."""

    sentence = lazy_gettext("Some answers are missing. Complete them before you submit.")


class DateRefused(Refused):
    """A date is in the future, or out of order with another one."""

    sentence = lazy_gettext("A date is in the future, or comes before a date that it must follow.")


class UnknownRecommendation(Refused):
    """A recommendation was named that the cohort does not have."""

    sentence = lazy_gettext("The cohort has no recommendation with this number.")


class TooMany(Refused):
    """More of a kind came in a while than are taken."""

    sentence = lazy_gettext(
        "More reports came in the last hour than can be read, so this one was not taken. Try again in an hour."
    )


class TryLater(Refused):
    """Too many wrong guesses were made. ``wait`` is how long none is looked at."""

    def __init__(self, wait: timedelta, *, at_password: bool) -> None:
        self.wait = wait
        super().__init__(LazyString(_try_later, max(1, math.ceil(wait.total_seconds() / 60)), at_password))


def _try_later(minutes: int, at_password: bool) -> str:
    later = ngettext("Try again in %(num)d minute.", "Try again in %(num)d minutes.", minutes)
    said = (
        gettext(
            "Wrong passwords were entered too often, so none is looked at for a while. %(later)s You need not wait if "
            "you sign in with a passkey, or have a link mailed to you with which you choose a new password.",
            later=later,
        )
        if at_password
        else gettext(
            "Wrong codes were entered too often, so none is looked at for a while. %(later)s You need not wait if you "
            "have a passkey.",
            later=later,
        )
    )
    return str(said)


class PasswordRefused(Refused):
    """A password is too short, too long, or easy to guess."""

    sentence = lazy_gettext("This password cannot be taken: it is too short, too long, or easy to guess.")


class UnderReview(Refused):
    """The endorsement is disputed already."""

    sentence = lazy_gettext("This endorsement is under review already.")


class BadLink(Refused):
    """A link disputes nothing. ``spent`` says whether it once did."""

    sentence = lazy_gettext("This link is not one that the register sent. Check that it is complete.")

    def __init__(self, sentence: LazyString | None = None, *, spent: bool = False) -> None:
        self.spent = spent
        super().__init__(sentence)


class NoAddress(Refused):
    """Somebody left no address to which an answer could go."""

    sentence = lazy_gettext("No address was left to which an answer could go.")


class MomentRefused(Refused):
    """A moment of publication is not to come, or too far ahead."""

    sentence = lazy_gettext("Choose a moment that is still to come, within a year from today.")


class SameMoment(Refused):
    """A moment is the one that was approved."""

    sentence = lazy_gettext("This is the moment that was approved.")


class NotYoursToHasten(Refused):
    """A moment is to be brought forward by somebody else than who proposed it."""

    sentence = lazy_gettext("Only who proposed this can bring its moment forward.")


class ChangedMeanwhile(Refused):
    """What a proposal would change is another thing by now than when it was proposed."""

    sentence = lazy_gettext(
        "What this would change was changed since by another entry of the ledger. Look at it as it is now, and propose "
        "it anew."
    )


class NothingToPublish(Refused):
    """A proposal says what the record says."""

    sentence = lazy_gettext("This says the same as the record, so there is nothing to propose.")


class LinkRefused(Refused):
    """An address is none of the web."""

    sentence = lazy_gettext("A link must be an address of the web that begins with https:// or http://.")


class Over(Refused):
    """An event was called off, or a document was taken down."""

    sentence = lazy_gettext("This event was called off, or this document was taken down. It stays as it is.")


class AddressTaken(Refused):
    """A cohort cannot be published at an address."""

    sentence = lazy_gettext(
        "This address cannot be the cohort’s: another cohort has it, or it is none. Use small letters, digits and "
        "single hyphens."
    )


class NumberTaken(Refused):
    """A number of a heading or a recommendation was used before, twice, or is none."""

    sentence = lazy_gettext(
        "A number is given twice, or is none. Numbers that were published are permanent and are never used again."
    )


class SetIncomplete(Refused):
    """A set names what it does not have."""

    sentence = lazy_gettext(
        "The set does not hold together: a heading has no recommendation, or a recommendation names a heading or a "
        "source that is not there."
    )


class SourceInUse(Refused):
    """A source is to go from which a wording or an endorsement is taken."""

    sentence = lazy_gettext("A source is in use: a wording or an endorsement is taken from it. It stays in the list.")


class GoneMeanwhile(Refused):
    """A preparation, or the part of it that somebody had open, is there no more."""

    sentence = lazy_gettext(
        "This preparation is gone: it was thrown away, or it was approved and is public. Nothing of yours was kept."
    )


class BeingDecided(Refused):
    """A preparation was proposed, and is not to change until that is decided."""

    sentence = lazy_gettext(
        "This was proposed, and waits for approval or for its moment. Take it back or call it off before you change it."
    )


def sentence_of(name: str) -> LazyString:
    """Return the sentence of a kind of refusal, by the name of its class."""
    kinds = {kind.__name__: kind for kind in Refused.__subclasses__()}
    return kinds.get(name, Refused).sentence


class PasskeyRefused(Refused):
    """A passkey was not accepted. ``why`` says why; the security log says it too."""

    def __init__(self, why: PasskeyRefusal) -> None:
        self.why = why
        super().__init__(why.label)


class LastWayIn(Refused):
    """What somebody wants to remove is the last way in which they can sign in."""

    sentence = lazy_gettext(
        "Without this passkey you could not sign in any more, because you have no password. It stays. "
        "Add another passkey or choose a password first."
    )


class LastSecondFactor(Refused):
    """What somebody wants to remove is the last second factor, and they need one."""

    sentence = lazy_gettext(
        "This is your only second factor, and your account needs one, so it stays. "
        "Add another passkey or set up an authenticator app first."
    )


class NotGivenUp(Refused):
    """A mail is to be sent again that was sent, or that waits to be sent."""

    sentence = lazy_gettext("This mail is not given up: it was sent, or it waits to be sent.")


class Unfit(Refused):
    """A file may not be kept as evidence."""

    sentence = lazy_gettext("This file cannot be taken.")
