"""Every table of the register, and every rule that must always hold as a named constraint."""

from tracker.models.account import Account, AccountRole, Accreditation
from tracker.models.cohort import Cohort, CoLead, Document, Event, Heading, Recommendation, Revision, Source
from tracker.models.columns import Text
from tracker.models.correspondence import Mail
from tracker.models.endorsement import Act, Endorsement, Position
from tracker.models.evidence import LARGEST_FILE, Evidence
from tracker.models.identity import (
    Authenticator,
    Delay,
    FactorReset,
    MailedLink,
    OutsideIdentity,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    SecurityEvent,
    SignInSession,
)
from tracker.models.ledger import Commitment, LedgerEntry, LedgerHead, Transfer
from tracker.models.load import Load, LoadFile, LoadRow
from tracker.models.notice import PreparedNotice
from tracker.models.participant import FormerAddress, FormerKind, Participant, ParticipantName
from tracker.models.permanent import PERMANENT
from tracker.models.preparation import Preparation
from tracker.models.proposal import Look, Proposal
from tracker.models.report import Report
from tracker.models.review import DisputeLink, Review
from tracker.models.tally import RecommendationTally, SetTally

__all__ = [
    "LARGEST_FILE",
    "PERMANENT",
    "Account",
    "AccountRole",
    "Accreditation",
    "Act",
    "Authenticator",
    "CoLead",
    "Cohort",
    "Commitment",
    "Delay",
    "DisputeLink",
    "Document",
    "Endorsement",
    "Event",
    "Evidence",
    "FactorReset",
    "FormerAddress",
    "FormerKind",
    "Heading",
    "LedgerEntry",
    "LedgerHead",
    "Load",
    "LoadFile",
    "LoadRow",
    "Look",
    "Mail",
    "MailedLink",
    "OutsideIdentity",
    "Participant",
    "ParticipantName",
    "Passkey",
    "PasskeyChallenge",
    "Position",
    "Preparation",
    "PreparedNotice",
    "Proposal",
    "Recommendation",
    "RecommendationTally",
    "RecoveryCode",
    "Report",
    "Review",
    "Revision",
    "SecurityEvent",
    "SetTally",
    "SignInSession",
    "Source",
    "Text",
    "Transfer",
]
