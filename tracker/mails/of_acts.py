"""What mails say of endorsements, withdrawals and corrections, to those who decide and to representatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext, lazy_gettext

from tracker import i18n
from tracker.mails.parts import (
    Detail,
    Facts,
    Letter,
    Link,
    about,
    day_of,
    decision_at,
    desk_at,
    entry_of,
    hash_of,
    notice_at,
    proposal_at,
    public_at,
    reasons_in,
    receipt_of,
)
from tracker.models import Text
from tracker.vocabulary import Action, Notice, Scope


def _decision_due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.DECISION_DUE.label,
        sentences=(gettext("An endorsement was submitted. Compare it with the signed letter or note verbale."),),
        details=((gettext("Received"), day_of(facts, "received_on")), entry_of(facts)),
        link=Link(gettext("Decide on it"), decision_at(facts)),
    )


def _receipt(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("The endorsement was submitted"),
        sentences=(gettext("This is the receipt. The ledger binds what was submitted; it is not public yet."),),
        details=(
            *_content(facts),
            (gettext("Signed on"), day_of(facts, "signed_on")),
            (gettext("Received"), day_of(facts, "received_on")),
            (gettext("Submitted by"), facts["by"]),
            entry_of(facts),
            hash_of(facts),
            receipt_of(facts),
        ),
        next=(
            gettext("Send the signed letter or note verbale to the secretariat, if you have not done so yet."),
            gettext(
                "The secretariat compares your answers with it, and confirms the endorsement or returns it with a "
                "reason. You get a mail then. Until then the public sees no change, and you can take it back."
            ),
        ),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _taken_back(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.TAKEN_BACK.label,
        sentences=(gettext("Its representatives are changing it. You see it when they submit it again."),),
        details=(entry_of(facts),),
        link=Link(gettext("See the endorsement"), decision_at(facts)),
    )


def _returned(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("The secretariat returned this endorsement"),
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=reasons_in(facts),
        details=(entry_of(facts),),
        next=(gettext("Correct the endorsement and submit it again."),),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _confirmed(facts: Facts) -> Letter:
    changed = facts["action"] == Action.POSITION_CHANGED
    return about(
        facts,
        lazy_gettext("The change is confirmed") if changed else lazy_gettext("The endorsement is confirmed"),
        sentences=(
            gettext("The secretariat confirmed it. It is public now, with every reservation and the statement."),
            gettext("It counts in the public tally from the day on which it takes effect."),
        ),
        details=(
            *_content(facts),
            (gettext("In force from"), day_of(facts, "effective_on")),
            entry_of(facts),
            hash_of(facts),
        ),
        link=Link(gettext("See it in the public register"), public_at(facts)),
    )


def _letter_recorded(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.LETTER_RECORDED.label,
        sentences=(gettext("The secretariat recorded an endorsement from a letter that came on paper."),),
        details=(
            *_content(facts),
            (gettext("Signed on"), day_of(facts, "signed_on")),
            (gettext("Received"), day_of(facts, "received_on")),
            entry_of(facts),
            hash_of(facts),
        ),
        next=(
            gettext("Somebody else of the secretariat compares it with the letter, and confirms it or sends it back."),
            gettext("Write to the secretariat at once if the participant did not send this letter."),
        ),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _letter_sent_back(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.LETTER_SENT_BACK.label,
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=reasons_in(facts),
        details=(entry_of(facts),),
        link=Link(gettext("Correct the notice of withdrawal"), notice_at(facts))
        if facts.get("notice_on_paper")
        else Link(gettext("See the endorsement"), decision_at(facts)),
    )


def _rejected(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("The secretariat rejected this endorsement"),
        sentences=(gettext("It cannot be corrected. This is why:"),),
        said=reasons_in(facts),
        details=(entry_of(facts),),
        next=(gettext("What was in force stays in force. The participant may begin a new endorsement."),),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _withdrawal_due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.WITHDRAWAL_DUE.label,
        sentences=(gettext("Compare the notice with the signed letter or note verbale, and confirm its receipt."),),
        details=(*_announced(facts), entry_of(facts)),
        link=Link(gettext("Decide on it"), proposal_at(facts)),
    )


def _withdrawal_receipt(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("Notice of withdrawal given"),
        sentences=(gettext("This is the receipt. The ledger binds what was submitted; it is not public yet."),),
        details=(
            *_announced(facts),
            (gettext("Given by"), facts["by"]),
            entry_of(facts),
            hash_of(facts),
            receipt_of(facts),
        ),
        next=(
            gettext("Send the signed letter or note verbale to the secretariat, if you have not done so yet."),
            gettext(
                "The secretariat confirms that it received the notice, or returns it with a reason. You get a mail "
                "then. Until then the public sees no change, and you can take it back."
            ),
        ),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _withdrawal_recorded(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.WITHDRAWAL_RECORDED.label,
        sentences=(gettext("The secretariat recorded a notice of withdrawal from a letter that came on paper."),),
        details=(
            (gettext("Signed on"), day_of(facts, "signed_on")),
            *_announced(facts),
            entry_of(facts),
            hash_of(facts),
            receipt_of(facts),
        ),
        next=(
            gettext(
                "Somebody else of the secretariat compares it with the letter, and confirms it or sends it back. Until "
                "then the public sees no change."
            ),
            gettext("Write to the secretariat at once if the participant did not send this letter."),
        ),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _withdrawal_taken_back(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.WITHDRAWAL_TAKEN_BACK.label,
        sentences=(gettext("The endorsement stays in force. There is nothing to decide."),),
        details=(entry_of(facts),),
        link=Link(gettext("See the endorsement"), decision_at(facts)),
    )


def _withdrawal_returned(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("The secretariat returned the notice of withdrawal"),
        sentences=(gettext("The endorsement stays in force. This is why:"),),
        said=reasons_in(facts),
        details=(entry_of(facts),),
        next=(gettext("Correct the notice and give it again, if the participant withdraws."),),
        link=Link(gettext("Go to the desk"), desk_at(facts)),
    )


def _withdrawal_confirmed(facts: Facts) -> Letter:
    return about(
        facts,
        lazy_gettext("The withdrawal is confirmed"),
        sentences=(gettext("The name stays on the public list, in brackets from the day of effect on."),),
        details=(
            (gettext("Day of notice"), day_of(facts, "received_on")),
            (gettext("Day of effect"), day_of(facts, "effective_on")),
            entry_of(facts),
            hash_of(facts),
        ),
        link=Link(gettext("See it in the public register"), public_at(facts)),
    )


def _correction_due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.CORRECTION_DUE.label,
        sentences=(gettext("It is proposed to annul an act that was recorded wrongly."),),
        details=(),
        link=Link(gettext("Decide on it"), proposal_at(facts)),
    )


def _correction_returned(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.CORRECTION_RETURNED.label,
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=reasons_in(facts),
        details=(),
        link=Link(gettext("See the correction"), proposal_at(facts)),
    )


def _corrected(facts: Facts) -> Letter:
    withdrawal = facts["corrected"] == Action.WITHDRAWN
    return about(
        facts,
        Notice.CORRECTED.label,
        sentences=(
            gettext("The withdrawal was recorded wrongly. The endorsement is in force, as if it had never ended.")
            if withdrawal
            else gettext("The endorsement was recorded wrongly. It counts on no day; what it superseded is in force."),
        ),
        said=i18n.shown(Text.from_json(facts["why"]), i18n.current_language()).text,
        details=((gettext("Entry that it corrects"), i18n.number(facts["corrects"])), entry_of(facts), hash_of(facts)),
        link=Link(gettext("See it in the public register"), public_at(facts)),
    )


def _content(facts: Facts) -> tuple[Detail, ...]:
    """Return how much of the set an endorsement covers, and how many reservations it makes."""
    whole = facts["scope"] == Scope.ALL
    some = {"count": i18n.number(facts["count"]), "all": i18n.number(facts["all"])}
    return (
        (gettext("Covers"), str(Scope.ALL.label if whole else gettext("%(count)s of %(all)s recommendations", **some))),
        (gettext("Reservations"), i18n.number(facts["reserved"])),
    )


def _announced(facts: Facts) -> tuple[Detail, ...]:
    return (
        (gettext("Day of notice"), day_of(facts, "received_on")),
        (gettext("Day of effect"), day_of(facts, "ends_on")),
    )


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.DECISION_DUE: _decision_due,
    Notice.RECEIPT: _receipt,
    Notice.TAKEN_BACK: _taken_back,
    Notice.RETURNED: _returned,
    Notice.REJECTED: _rejected,
    Notice.CONFIRMED: _confirmed,
    Notice.WITHDRAWAL_DUE: _withdrawal_due,
    Notice.WITHDRAWAL_RECEIPT: _withdrawal_receipt,
    Notice.WITHDRAWAL_TAKEN_BACK: _withdrawal_taken_back,
    Notice.WITHDRAWAL_RETURNED: _withdrawal_returned,
    Notice.WITHDRAWAL_CONFIRMED: _withdrawal_confirmed,
    Notice.WITHDRAWAL_RECORDED: _withdrawal_recorded,
    Notice.LETTER_RECORDED: _letter_recorded,
    Notice.LETTER_SENT_BACK: _letter_sent_back,
    Notice.CORRECTION_DUE: _correction_due,
    Notice.CORRECTION_RETURNED: _correction_returned,
    Notice.CORRECTED: _corrected,
}
