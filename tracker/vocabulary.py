"""The closed lists of the register: what is stored, and what a reader is shown for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from flask_babel import LazyString, lazy_gettext


class Labelled(StrEnum):
    """A closed list whose members are stored by value and shown by their label in the reader's language."""

    label: LazyString

    def __new__(cls, value: str, label: LazyString) -> Self:
        """Make a member from the value that is stored and the label that is shown."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Kind(Labelled):
    """What a participant is. The order is that of the published tally."""

    COUNTRY = "country", lazy_gettext("Country")
    SUPRANATIONAL = "supranational", lazy_gettext("Supranational institution")
    CIVIL_SOCIETY = "civil_society", lazy_gettext("Civil society organisation")
    INTERGOVERNMENTAL = "intergovernmental", lazy_gettext("Intergovernmental organisation")

    @property
    def plural(self) -> LazyString:
        """The heading of a list of such participants."""
        return _PLURALS[self]

    @property
    def short(self) -> LazyString:
        """The heading of a narrow column."""
        return _SHORT[self]


_PLURALS = {
    Kind.COUNTRY: lazy_gettext("Countries"),
    Kind.SUPRANATIONAL: lazy_gettext("Supranational institutions"),
    Kind.CIVIL_SOCIETY: lazy_gettext("Civil society organisations"),
    Kind.INTERGOVERNMENTAL: lazy_gettext("Intergovernmental organisations"),
}


_SHORT = {
    Kind.COUNTRY: lazy_gettext("Countries"),
    Kind.SUPRANATIONAL: lazy_gettext("Supra­national"),
    Kind.CIVIL_SOCIETY: lazy_gettext("Civil society"),
    Kind.INTERGOVERNMENTAL: lazy_gettext("Intergovern­mental"),
}


class Status(Labelled):
    """Where an endorsement stands in its life."""

    DRAFT = "draft", lazy_gettext("Draft")
    SUBMITTED = "submitted", lazy_gettext("Submitted")
    RETURNED = "returned", lazy_gettext("Returned")
    REJECTED = "rejected", lazy_gettext("Rejected")
    IN_FORCE = "in_force", lazy_gettext("In force")
    WITHDRAWN = "withdrawn", lazy_gettext("Withdrawn")
    SUPERSEDED = "superseded", lazy_gettext("Superseded")
    ANNULLED = "annulled", lazy_gettext("Annulled")


#: An endorsement that is being prepared or decided; a participant has one at most in a cohort.
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
#: An endorsement whose content its representatives may change.
EDITABLE = (Status.DRAFT, Status.RETURNED)


class Question(Labelled):
    """What an endorsement answers, and so what the secretariat may find fault with."""

    RECOMMENDATIONS = "recommendations", lazy_gettext("What it covers")
    RESERVATIONS = "reservations", lazy_gettext("Reservations")
    STATEMENT = "statement", lazy_gettext("Statement")
    SIGNATURE = "signature", lazy_gettext("Date and signature")
    LETTER = "letter", lazy_gettext("Signed letter")
    OVERALL = "overall", lazy_gettext("The endorsement as a whole")


class Scope(Labelled):
    """How much of a cohort's recommendations an endorsement covers."""

    ALL = "all", lazy_gettext("The whole set")
    CHOSEN = "chosen", lazy_gettext("Chosen recommendations")


class Stance(Labelled):
    """What a position says of a recommendation. No position means not endorsed."""

    ENDORSED = "endorsed", lazy_gettext("Endorsed")
    RESERVED = "reserved", lazy_gettext("Endorsed with a reservation")


class RevisionKind(Labelled):
    """How a wording came about, and so whether endorsements carry over to it."""

    ORIGINAL = "original", lazy_gettext("Original wording")
    CORRIGENDUM = "corrigendum", lazy_gettext("Corrigendum")
    AMENDMENT = "amendment", lazy_gettext("Amendment")


class TextStatus(Labelled):
    """Whether a wording is the text that was agreed, or a summary of it."""

    SUMMARY = "summary", lazy_gettext("Summary")
    AUTHORITATIVE = "authoritative", lazy_gettext("Authoritative text")


class Action(Labelled):
    """What a ledger entry records."""

    COHORT_PUBLISHED = "cohort_published", lazy_gettext("Cohort published")
    HEADING_PUBLISHED = "heading_published", lazy_gettext("Heading published")
    RECOMMENDATION_PUBLISHED = "recommendation_published", lazy_gettext("Recommendation published")
    HEADING_CORRIGENDUM_PUBLISHED = (
        "heading_corrigendum_published",
        lazy_gettext("Corrigendum of a heading’s title published"),
    )
    CORRIGENDUM_PUBLISHED = "corrigendum_published", lazy_gettext("Corrigendum published")
    AMENDMENT_PUBLISHED = "amendment_published", lazy_gettext("Amendment published")
    PARTICIPANT_ADDED = "participant_added", lazy_gettext("Participant added to the roll")
    PARTICIPANT_RENAMED = "participant_renamed", lazy_gettext("Participant renamed")
    PARTICIPANT_CHANGED = "participant_changed", lazy_gettext("Facts about a participant changed")
    PARTICIPANT_MERGED = "participant_merged", lazy_gettext("Duplicate merged into another participant")
    CONTACT_CHANGED = "contact_changed", lazy_gettext("Contact address changed")
    EVENT_ADDED = "event_added", lazy_gettext("Event added")
    DOCUMENT_ADDED = "document_added", lazy_gettext("Document added")
    COHORT_CHANGED = "cohort_changed", lazy_gettext("Facts of the cohort changed")
    EVENT_CHANGED = "event_changed", lazy_gettext("Event changed")
    EVENT_CALLED_OFF = "event_called_off", lazy_gettext("Event called off")
    DOCUMENT_CHANGED = "document_changed", lazy_gettext("Document changed")
    DOCUMENT_TAKEN_DOWN = "document_taken_down", lazy_gettext("Document taken down")
    SUBMITTED = "submitted", lazy_gettext("Submission")
    TAKEN_BACK = "taken_back", lazy_gettext("Recall of the submission")
    RETURNED = "returned", lazy_gettext("Return of the submission")
    REJECTED = "rejected", lazy_gettext("Rejection of the submission")
    ENDORSED = "endorsed", lazy_gettext("Endorsement")
    POSITION_CHANGED = "position_changed", lazy_gettext("Change of position")
    NOTICE_GIVEN = "notice_given", lazy_gettext("Notice of withdrawal")
    NOTICE_TAKEN_BACK = "notice_taken_back", lazy_gettext("Recall of the notice of withdrawal")
    NOTICE_RETURNED = "notice_returned", lazy_gettext("Return of the notice of withdrawal")
    WITHDRAWN = "withdrawn", lazy_gettext("Withdrawal")
    CORRECTED = "corrected", lazy_gettext("Correction")
    ACCREDITED = "accredited", lazy_gettext("Accreditation")
    ACCREDITATION_CHANGED = "accreditation_changed", lazy_gettext("Change of an accreditation")
    ACCREDITATION_SUSPENDED = "accreditation_suspended", lazy_gettext("Suspension of an accreditation")
    ACCREDITATION_RESTORED = "accreditation_restored", lazy_gettext("Restoration of an accreditation")
    ACCREDITATION_ENDED = "accreditation_ended", lazy_gettext("End of an accreditation")
    REVIEW_OPENED = "review_opened", lazy_gettext("Review opened")
    REVIEW_CLOSED = "review_closed", lazy_gettext("Review closed")
    LOADED = "loaded", lazy_gettext("Bulk load")


#: The acts that change who has endorsed what, or say that it is in doubt, and so belong to the public history.
PUBLIC_ACTS = (
    *(Action.ENDORSED, Action.POSITION_CHANGED, Action.WITHDRAWN, Action.CORRECTED),
    *(Action.REVIEW_OPENED, Action.REVIEW_CLOSED),
)


class ProposalKind(Labelled):
    """What was proposed to the secretariat, and becomes an act when a second person approves it."""

    WITHDRAWAL = "withdrawal", lazy_gettext("Withdrawal")
    CORRECTION = "correction", lazy_gettext("Correction")
    ACCREDITATION = "accreditation", lazy_gettext("Accreditation")
    ACCREDITATION_CHANGE = "accreditation_change", lazy_gettext("Change of an accreditation")
    ACCREDITATION_END = "accreditation_end", lazy_gettext("End of an accreditation")
    SUSPENSION = "suspension", lazy_gettext("Suspension of an accreditation")
    CONTACT = "contact", lazy_gettext("Contact address")
    CORRIGENDUM = "corrigendum", lazy_gettext("Corrigendum")
    AMENDMENT = "amendment", lazy_gettext("Amendment")
    HEADING_CORRIGENDUM = "heading_corrigendum", lazy_gettext("Corrigendum of a heading’s title")
    PARTICIPANT_ADDITION = "participant_addition", lazy_gettext("Addition to the roll")
    PARTICIPANT_RENAME = "participant_rename", lazy_gettext("New name of a participant")
    PARTICIPANT_CHANGE = "participant_change", lazy_gettext("Change of facts about a participant")
    PARTICIPANT_MERGER = "participant_merger", lazy_gettext("Merger of two participants")
    LOAD = "load", lazy_gettext("Bulk load")
    COHORT = "cohort", lazy_gettext("Cohort")
    EVENT = "event", lazy_gettext("Event")
    DOCUMENT = "document", lazy_gettext("Document")


#: The proposals that change a published text.
TEXT_CHANGES = (ProposalKind.CORRIGENDUM, ProposalKind.AMENDMENT, ProposalKind.HEADING_CORRIGENDUM)


class ProposalStatus(Labelled):
    """Where a proposal stands."""

    OPEN = "open", lazy_gettext("Waits for a decision")
    APPROVED = "approved", lazy_gettext("Approved")
    RETURNED = "returned", lazy_gettext("Returned")
    TAKEN_BACK = "taken_back", lazy_gettext("Taken back")
    SCHEDULED = "scheduled", lazy_gettext("Approved, appears later")
    CALLED_OFF = "called_off", lazy_gettext("Called off")
    STOPPED = "stopped", lazy_gettext("Could not appear")


#: A proposal that holds its subject: it waits for a decision, or for its moment.
PENDING = (ProposalStatus.OPEN, ProposalStatus.SCHEDULED)


class Matter(Labelled):
    """What waits for the secretariat, as its queue names it."""

    ENDORSEMENT = "endorsement", lazy_gettext("Endorsement")
    CHANGE = "change", lazy_gettext("Change")
    WITHDRAWAL = "withdrawal", lazy_gettext("Withdrawal")
    CORRECTION = "correction", lazy_gettext("Correction")
    ACCREDITATION = "accreditation", lazy_gettext("Accreditation")
    CONTACT = "contact", lazy_gettext("Contact address")
    ROLL = "roll", lazy_gettext("Roll of participants")
    REVIEW = "review", lazy_gettext("Review")
    CORRIGENDUM = "corrigendum", lazy_gettext("Corrigendum")
    AMENDMENT = "amendment", lazy_gettext("Amendment")
    LOAD = "load", lazy_gettext("Bulk load")
    COHORT = "cohort", lazy_gettext("Cohort")
    EVENT = "event", lazy_gettext("Event")
    DOCUMENT = "document", lazy_gettext("Document")
    SECOND_FACTOR = "second_factor", lazy_gettext("Lost second factor")


class ReviewOutcome(Labelled):
    """How the review of a disputed endorsement ended."""

    UPHELD = "upheld", lazy_gettext("The endorsement stands")
    CORRECTED = "corrected", lazy_gettext("The endorsement was annulled")


class ReportStatus(Labelled):
    """Where a report stands that something is wrong on a page."""

    OPEN = "open", lazy_gettext("Open")
    ANSWERED = "answered", lazy_gettext("Answered")
    CLOSED = "closed", lazy_gettext("Closed without an answer")


class Preview(Labelled):
    """How far the preview of a load is."""

    COMPUTING = "computing", lazy_gettext("Being computed")
    READY = "ready", lazy_gettext("Ready")
    FAILED = "failed", lazy_gettext("Failed")


class Outcome(Labelled):
    """What becomes of a row of a load."""

    NEW = "new", lazy_gettext("New")
    CHANGED = "changed", lazy_gettext("Changed")
    SAME = "same", lazy_gettext("The same")
    WRONG = "wrong", lazy_gettext("Wrong")


class EventKind(Labelled):
    """What a cohort's event is."""

    MEETING = "meeting", lazy_gettext("Meeting")
    WORKSHOP = "workshop", lazy_gettext("Workshop")
    SEMINAR = "seminar", lazy_gettext("Seminar")
    CONFERENCE = "conference", lazy_gettext("Conference")


class DocumentKind(Labelled):
    """What a cohort's document is."""

    RECOMMENDATIONS = "recommendations", lazy_gettext("Recommendations")
    NEWS = "news", lazy_gettext("News")
    STATEMENT = "statement", lazy_gettext("Statement")
    REPORT = "report", lazy_gettext("Report")


class Rendering(Labelled):
    """Whether a document is the text that was agreed, or a translation of it."""

    AUTHENTIC = "authentic", lazy_gettext("Authentic text")
    TRANSLATION = "translation", lazy_gettext("Translation")


class MediaType(Labelled):
    """What a file of evidence may be."""

    PDF = "application/pdf", lazy_gettext("PDF")
    PNG = "image/png", lazy_gettext("PNG image")
    JPEG = "image/jpeg", lazy_gettext("JPEG image")

    @property
    def endings(self) -> tuple[str, ...]:
        """How the name of such a file ends, the usual ending first."""
        return _ENDINGS[self]


_ENDINGS = {
    MediaType.PDF: (".pdf",),
    MediaType.PNG: (".png",),
    MediaType.JPEG: (".jpg", ".jpeg"),
}


class Tenure(Labelled):
    """Where an accreditation stands on a day."""

    HOLDS = "holds", lazy_gettext("Accredited")
    TO_COME = "to_come", lazy_gettext("To come")
    SUSPENDED = "suspended", lazy_gettext("Suspended")
    ENDED = "ended", lazy_gettext("Ended")


class Role(Labelled):
    """What an account may do beside representing participants."""

    STAFF = "staff", lazy_gettext("Staff")
    ADMINISTRATOR = "administrator", lazy_gettext("Administrator")


class AccountState(Labelled):
    """Whether a person can sign in."""

    INVITED = "invited", lazy_gettext("Not opened yet")
    ACTIVE = "active", lazy_gettext("Active")
    DEACTIVATED = "deactivated", lazy_gettext("Account deactivated")


class FactorKind(Labelled):
    """What a person can prove beside a password."""

    PASSKEY = "passkey", lazy_gettext("Passkey")
    APP = "app", lazy_gettext("Authenticator app")


class Notice(Labelled):
    """What a mail tells its recipient."""

    DECISION_DUE = "decision_due", lazy_gettext("An endorsement waits for a decision")
    RECEIPT = "receipt", lazy_gettext("Receipt of a submission")
    TAKEN_BACK = "taken_back", lazy_gettext("A submission was taken back")
    RETURNED = "returned", lazy_gettext("An endorsement was returned")
    REJECTED = "rejected", lazy_gettext("An endorsement was rejected")
    CONFIRMED = "confirmed", lazy_gettext("An endorsement was confirmed")
    WITHDRAWAL_DUE = "withdrawal_due", lazy_gettext("A notice of withdrawal waits for a decision")
    WITHDRAWAL_RECEIPT = "withdrawal_receipt", lazy_gettext("Receipt of a notice of withdrawal")
    WITHDRAWAL_TAKEN_BACK = "withdrawal_taken_back", lazy_gettext("A notice of withdrawal was taken back")
    WITHDRAWAL_RETURNED = "withdrawal_returned", lazy_gettext("A notice of withdrawal was returned")
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed", lazy_gettext("A withdrawal was confirmed")
    WITHDRAWAL_RECORDED = "withdrawal_recorded", lazy_gettext("A notice of withdrawal on paper was recorded")
    WORDING_DUE = "wording_due", lazy_gettext("A change of a text waits for a decision")
    WORDING_RETURNED = "wording_returned", lazy_gettext("A change of a text was returned")
    WORDING_PUBLISHED = "wording_published", lazy_gettext("A change of a text was published")
    WORDING_CORRECTED = "wording_corrected", lazy_gettext("A recommendation was corrected")
    AMENDMENT_AHEAD = "amendment_ahead", lazy_gettext("A recommendation will be amended")
    AMENDED = "amended", lazy_gettext("A recommendation was amended")
    LETTER_RECORDED = "letter_recorded", lazy_gettext("A letter on paper was recorded")
    LETTER_SENT_BACK = "letter_sent_back", lazy_gettext("A recorded letter was sent back")
    CORRECTION_DUE = "correction_due", lazy_gettext("A correction waits for a decision")
    CORRECTION_RETURNED = "correction_returned", lazy_gettext("A correction was returned")
    CORRECTED = "corrected", lazy_gettext("The record was corrected")
    ACCREDITATION_DUE = "accreditation_due", lazy_gettext("An accreditation waits for a decision")
    ACCREDITATION_RETURNED = "accreditation_returned", lazy_gettext("A proposal about an accreditation was returned")
    ACCREDITED = "accredited", lazy_gettext("You are accredited")
    ACCREDITATION_CHANGED = "accreditation_changed", lazy_gettext("Your accreditation changed")
    ACCREDITATION_ENDING = "accreditation_ending", lazy_gettext("Your accreditation ends soon")
    ACCREDITATION_ENDED = "accreditation_ended", lazy_gettext("Your accreditation has ended")
    COLLEAGUE_ACCREDITED = "colleague_accredited", lazy_gettext("A colleague is accredited")
    COLLEAGUE_CHANGED = "colleague_changed", lazy_gettext("The accreditation of a colleague changed")
    COLLEAGUE_ENDING = "colleague_ending", lazy_gettext("The accreditation of a colleague ends soon")
    COLLEAGUE_ENDED = "colleague_ended", lazy_gettext("The accreditation of a colleague has ended")
    CONTACT_DUE = "contact_due", lazy_gettext("A contact address waits for a decision")
    CONTACT_RETURNED = "contact_returned", lazy_gettext("A contact address was returned")
    CONTACT_APPROVED = "contact_approved", lazy_gettext("A contact address was approved")
    ROLL_DUE = "roll_due", lazy_gettext("A change of the roll waits for a decision")
    ROLL_RETURNED = "roll_returned", lazy_gettext("A change of the roll was returned")
    ROLL_APPROVED = "roll_approved", lazy_gettext("A change of the roll was approved")
    ROLL_CHANGED = "roll_changed", lazy_gettext("The participant’s entry on the roll changed")
    DISPUTE_LINK = "dispute_link", lazy_gettext("Link to dispute an endorsement")
    REVIEW_DUE = "review_due", lazy_gettext("A participant disputes an endorsement")
    REVIEW_OPENED = "review_opened", lazy_gettext("An endorsement is under review")
    REVIEW_CLOSED = "review_closed", lazy_gettext("The review of an endorsement was closed")
    REVIEW_ANSWERED = "review_answered", lazy_gettext("Answer to the dispute of an endorsement")
    REPORT_DUE = "report_due", lazy_gettext("Somebody reported that something is wrong")
    REPORT_ANSWERED = "report_answered", lazy_gettext("Answer to a report")
    LOAD_DUE = "load_due", lazy_gettext("A bulk load waits for a decision")
    LOAD_RETURNED = "load_returned", lazy_gettext("A bulk load was returned")
    LOAD_APPROVED = "load_approved", lazy_gettext("A bulk load was approved")
    LOAD_RECORDED = "load_recorded", lazy_gettext("A bulk load recorded an endorsement")
    PUBLICATION_DUE = "publication_due", lazy_gettext("A publication waits for approval")
    PUBLICATION_RETURNED = "publication_returned", lazy_gettext("A publication was returned")
    PUBLICATION_SCHEDULED = "publication_scheduled", lazy_gettext("A publication waits for its moment")
    PUBLICATION_PUT_OFF = "publication_put_off", lazy_gettext("A publication was put off")
    PUBLICATION_CALLED_OFF = "publication_called_off", lazy_gettext("A publication was called off")
    PUBLICATION_STOPPED = "publication_stopped", lazy_gettext("A publication could not appear")
    PUBLISHED = "published", lazy_gettext("What you proposed is published")
    SIGN_IN_CHANGED = "sign_in_changed", lazy_gettext("How you sign in has changed")
    DIGEST = "digest", lazy_gettext("The week in the register")
    PASSWORD_LINK = "password_link", lazy_gettext("Link to choose a new password")
    PASSWORD_GUESSED = "password_guessed", lazy_gettext("Wrong passwords were entered for your account")
    SECOND_FACTOR_GUESSED = "second_factor_guessed", lazy_gettext("Wrong codes were entered for your account")
    RIGHTS_CHANGED = "rights_changed", lazy_gettext("Your rights in the register changed")
    RIGHTS_OF_SOMEBODY_CHANGED = "rights_of_somebody_changed", lazy_gettext("The rights of a person changed")
    RESET_ASKED = "reset_asked", lazy_gettext("Your second factor is to be taken away")
    RESET_APPROVED = "reset_approved", lazy_gettext("Your second factor was taken away")
    RESET_ENDED = "reset_ended", lazy_gettext("Your second factor stays")
    RESET_DUE = "reset_due", lazy_gettext("A lost second factor waits for a decision")
    RESET_RETURNED = "reset_returned", lazy_gettext("A lost second factor is not taken away")
    INVITATION = "invitation", lazy_gettext("You are invited to open your account")
    INVITATION_EXPIRED = "invitation_expired", lazy_gettext("An invitation has expired")


class MailState(Labelled):
    """Where a mail stands on its way."""

    WAITING = "waiting", lazy_gettext("Waiting")
    SENT = "sent", lazy_gettext("Sent")
    DEAD = "dead", lazy_gettext("Given up")


class SignInWay(Labelled):
    """By what a person proved who they are when they signed in."""

    PASSWORD = "password", lazy_gettext("Password alone")
    PASSWORD_AND_CODE = "password_and_code", lazy_gettext("Password and code from an app")
    PASSWORD_AND_PASSKEY = "password_and_passkey", lazy_gettext("Password and passkey")
    PASSWORD_AND_RECOVERY_CODE = "password_and_recovery_code", lazy_gettext("Password and recovery code")
    PASSKEY = "passkey", lazy_gettext("Passkey")
    LINK = "link", lazy_gettext("Link in a mail")
    OUTSIDE = "outside", lazy_gettext("Their own organisation")


class LinkPurpose(Labelled):
    """What a mailed link is for."""

    INVITATION = "invitation", lazy_gettext("Open an account")
    NEW_PASSWORD = "new_password", lazy_gettext("Choose a new password")


class InvitationState(Labelled):
    """Where an invitation stands."""

    WAITING = "waiting", lazy_gettext("Waiting")
    ACCEPTED = "accepted", lazy_gettext("Accepted")
    EXPIRED = "expired", lazy_gettext("Expired")
    WITHDRAWN = "withdrawn", lazy_gettext("Withdrawn")


class DelayKind(Labelled):
    """What is guessed at, or from where."""

    PASSWORD = "password", lazy_gettext("Password")
    SECOND_FACTOR = "second_factor", lazy_gettext("Second factor")
    ADDRESS = "address", lazy_gettext("Network address")
    DEVICE = "device", lazy_gettext("A browser that has signed in before")


class PasskeyPurpose(Labelled):
    """What a passkey is asked for."""

    ADD = "add", lazy_gettext("Add a passkey")
    SIGN_IN = "sign_in", lazy_gettext("Sign in")


class PasskeyRefusal(Labelled):
    """Why a passkey was not accepted; the label is the sentence for the person."""

    NO_PLACE = (
        "no_place",
        lazy_gettext("Passkeys cannot be used in this register: its address is not one for which browsers make them."),
    )
    UNREADABLE = "unreadable", lazy_gettext("What your browser sent is not the answer of a passkey. Try again.")
    TOO_LATE = (
        "too_late",
        lazy_gettext("This took longer than five minutes, or was sent before. Nothing was accepted. Try again."),
    )
    ANOTHER_SITE = (
        "another_site",
        lazy_gettext(
            "This answer was made for another website, so it was not accepted. "
            "Open the register at its own address, and try again."
        ),
    )
    NOT_RECOGNISED = (
        "not_recognised",
        lazy_gettext(
            "Your device did not check that it is you. Try again, and unlock it with your finger, face or PIN "
            "when it asks."
        ),
    )
    UNKNOWN = (
        "unknown",
        lazy_gettext(
            "The register does not know this passkey. It may have been removed. Use another one, or another way."
        ),
    )
    NOT_YOURS = "not_yours", lazy_gettext("This passkey is not one of this account. Use one that you added to it.")
    ANOTHER_PERSON = (
        "another_person",
        lazy_gettext("This passkey says that it was made for somebody else, so it was not accepted."),
    )
    NOT_GENUINE = (
        "not_genuine",
        lazy_gettext("The answer of this passkey is not genuine. Nothing was accepted. Try again, or another way."),
    )
    POSSIBLE_COPY = (
        "possible_copy",
        lazy_gettext(
            "This passkey may have been copied, so it was not accepted. "
            "Use another way, and then remove this passkey from your account."
        ),
    )
    CLOSED = "closed", lazy_gettext("This account is closed. Write to the secretariat if it should not be.")
    KNOWN_ALREADY = "known_already", lazy_gettext("This passkey is registered already. Nothing was added.")


class ResetStatus(Labelled):
    """Where the wish stands that somebody's second factor be taken away."""

    OPEN = "open", lazy_gettext("Waiting for a decision")
    APPROVED = "approved", lazy_gettext("Approved")
    RETURNED = "returned", lazy_gettext("Returned")
    TAKEN_BACK = "taken_back", lazy_gettext("Taken back")


class SecurityAction(Labelled):
    """What the security log tells of."""

    SIGNED_IN = "signed_in", lazy_gettext("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", lazy_gettext("Sign-in failed")
    SECOND_FACTOR_FAILED = "second_factor_failed", lazy_gettext("Second factor failed")
    DELAYED = "delayed", lazy_gettext("Made to wait after wrong guesses")
    SIGNED_OUT = "signed_out", lazy_gettext("Signed out")
    SESSION_ENDED = "session_ended", lazy_gettext("Ended a session")
    SESSIONS_ENDED = "sessions_ended", lazy_gettext("Signed out everywhere")
    CONFIRMED_IDENTITY = "confirmed_identity", lazy_gettext("Confirmed who they are")
    CONFIRMATION_FAILED = "confirmation_failed", lazy_gettext("Failed to confirm who they are")
    ACCESS_REFUSED = "access_refused", lazy_gettext("Tried what they may not do")
    INVITED = "invited", lazy_gettext("Invited")
    INVITATION_SENT_AGAIN = "invitation_sent_again", lazy_gettext("Sent an invitation again")
    INVITATION_WITHDRAWN = "invitation_withdrawn", lazy_gettext("Withdrew an invitation")
    INVITATION_ACCEPTED = "invitation_accepted", lazy_gettext("Accepted an invitation")
    PASSWORD_CHANGED = "password_changed", lazy_gettext("Changed the password")
    PASSWORD_LINK_ASKED = "password_link_asked", lazy_gettext("Asked for a link to choose a new password")
    PASSWORD_RESET = "password_reset", lazy_gettext("Chose a new password by a mailed link")
    AUTHENTICATOR_ADDED = "authenticator_added", lazy_gettext("Set up an authenticator app")
    AUTHENTICATOR_REMOVED = "authenticator_removed", lazy_gettext("Removed the authenticator app")
    RECOVERY_CODES_MADE = "recovery_codes_made", lazy_gettext("Made new recovery codes")
    RECOVERY_CODE_USED = "recovery_code_used", lazy_gettext("Used a recovery code")
    PASSKEY_ADDED = "passkey_added", lazy_gettext("Added a passkey")
    PASSKEY_RENAMED = "passkey_renamed", lazy_gettext("Renamed a passkey")
    PASSKEY_REMOVED = "passkey_removed", lazy_gettext("Removed a passkey")
    PASSKEY_REFUSED = "passkey_refused", lazy_gettext("A passkey was refused")
    OUTSIDE_BOUND = "outside_bound", lazy_gettext("Bound the account to their own organisation’s sign-in")
    OUTSIDE_UNBOUND = "outside_unbound", lazy_gettext("Unbound the account from their own organisation’s sign-in")
    OUTSIDE_RECOGNISED = "outside_recognised", lazy_gettext("Was recognised by their own organisation")
    OUTSIDE_REFUSED = "outside_refused", lazy_gettext("Sign-in by their own organisation was refused")
    MADE_STAFF = "made_staff", lazy_gettext("Made staff")
    ENDED_STAFF = "ended_staff", lazy_gettext("No longer staff")
    MADE_ADMINISTRATOR = "made_administrator", lazy_gettext("Made administrator")
    ENDED_ADMINISTRATOR = "ended_administrator", lazy_gettext("No longer administrator")
    DEACTIVATED = "deactivated", lazy_gettext("Deactivated")
    REACTIVATED = "reactivated", lazy_gettext("Activated again")
    ACCREDITATION = "accreditation", lazy_gettext("Accreditation changed")
    RESET_ASKED = "reset_asked", lazy_gettext("Asked to take a second factor away")
    RESET_APPROVED = "reset_approved", lazy_gettext("Took a second factor away")
    RESET_RETURNED = "reset_returned", lazy_gettext("Refused to take a second factor away")
    RESET_TAKEN_BACK = "reset_taken_back", lazy_gettext("Took back the wish to take a second factor away")
    EXPORTED = "exported", lazy_gettext("Downloaded a list")
    EVIDENCE_DOWNLOADED = "evidence_downloaded", lazy_gettext("Downloaded evidence")
    LOG_DOWNLOADED = "log_downloaded", lazy_gettext("Downloaded the security log")
    OWN_DATA_DOWNLOADED = "own_data_downloaded", lazy_gettext("Downloaded their own data")
    ERASURE_ASKED = "erasure_asked", lazy_gettext("Asked to be forgotten")
    ERASURE_REFUSED = "erasure_refused", lazy_gettext("Refused to forget a person")
    ERASED = "erased", lazy_gettext("Forgot a person")
