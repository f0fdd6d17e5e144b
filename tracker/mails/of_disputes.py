"""What mails say of disputes and of reports that something is wrong: to staff, to participants and to readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import current_app
from flask_babel import gettext

from tracker import i18n
from tracker.mails.parts import (
    Facts,
    Letter,
    Link,
    about,
    address_of,
    day_of,
    dispute_at,
    entry_of,
    proposal_at,
    public_at,
    reasons_in,
    review_at,
)
from tracker.models import Text
from tracker.vocabulary import Notice, ReviewOutcome


def _contact_due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.CONTACT_DUE.label,
        sentences=(gettext("A colleague found the address at which the participant can dispute an endorsement."),),
        details=(),
        next=(gettext("Look whether the participant publishes it, and approve it or send it back."),),
        link=Link(gettext("Decide on it"), proposal_at(facts)),
    )


def _contact_returned(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.CONTACT_RETURNED.label,
        sentences=(gettext("It is not confirmed. This is why:"),),
        said=reasons_in(facts),
        details=(),
        link=Link(gettext("See the proposal"), proposal_at(facts)),
    )


def _contact_approved(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.CONTACT_APPROVED.label,
        sentences=(gettext("Links to dispute an endorsement go to the address that you proposed from now on."),),
        details=(entry_of(facts),),
        link=Link(gettext("See the proposal"), proposal_at(facts)),
    )


def _dispute_link(facts: Facts) -> Letter:
    place = {"endorsement": facts["endorsement"]}
    secret = facts.get("secret")
    return about(
        facts,
        Notice.DISPUTE_LINK.label,
        sentences=(
            gettext("Somebody asked, on a public page of the register, to dispute this endorsement in your name."),
            gettext("If you did not sign it, open the link and say what is wrong. If you did, do nothing."),
        ),
        details=((gettext("The link can be used once, until"), day_of(facts, "expires_on")),),
        link=Link(
            gettext("Say that we did not sign this"),
            address_of("public.dispute_with_link", token=secret, **place) if secret else dispute_at(facts),
        ),
    )


def _review_due(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.REVIEW_DUE.label,
        sentences=(
            gettext("The endorsement is under review, and still counts. The participant says that it did not sign it:"),
        ),
        said=facts["message"],
        details=(entry_of(facts),),
        link=Link(gettext("Answer it"), review_at(facts)),
    )


def _review_opened(facts: Facts) -> Letter:
    return about(
        facts,
        Notice.REVIEW_OPENED.label,
        sentences=(
            gettext(
                "From the address that is published for the participant it was said that the participant did not sign "
                "this. The public sees that the endorsement is under review; it still counts."
            ),
        ),
        details=(entry_of(facts),),
        next=(
            gettext("The secretariat looks into it. Write to it if you know how the endorsement came about."),
            gettext("You get a mail when the review is closed."),
        ),
        link=Link(gettext("See it in the public register"), public_at(facts)),
    )


def _review_closed(facts: Facts) -> Letter:
    outcome = next(each.label for each in ReviewOutcome if each == facts["outcome"])
    return about(
        facts,
        Notice.REVIEW_CLOSED.label,
        sentences=(gettext("The secretariat has closed the review. This is what it published:"),),
        said=i18n.shown(Text.from_json(facts["finding"])).text,
        details=((gettext("Outcome"), str(outcome)), entry_of(facts)),
        link=Link(gettext("See it in the public register"), public_at(facts)),
    )


def _report_due(facts: Facts) -> Letter:
    return Letter(
        heading=str(Notice.REPORT_DUE.label),
        sentences=(
            gettext("A reader wrote from a public page of the register. Look whether it has to be corrected."),
            gettext("You get no further mail about reports that come on %(day)s.", day=day_of(facts, "on")),
        ),
        link=Link(gettext("See the reports"), address_of("secretariat.reports")),
    )


def _report_answered(facts: Facts) -> Letter:
    return Letter(
        heading=str(gettext("Our answer to your report %(reference)s", reference=facts["reference"])),
        sentences=(gettext("The secretariat answers:"),),
        said=facts["answer"],
        details=(
            (gettext("Page"), str(current_app.config["ADDRESS"]) + facts["page"]),
            (gettext("What you wrote"), facts["message"]),
        ),
        link=Link(gettext("Open the register"), address_of("public.cohorts")),
    )


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.CONTACT_DUE: _contact_due,
    Notice.CONTACT_RETURNED: _contact_returned,
    Notice.CONTACT_APPROVED: _contact_approved,
    Notice.DISPUTE_LINK: _dispute_link,
    Notice.REVIEW_DUE: _review_due,
    Notice.REVIEW_OPENED: _review_opened,
    Notice.REVIEW_CLOSED: _review_closed,
    Notice.REVIEW_ANSWERED: _review_closed,
    Notice.REPORT_DUE: _report_due,
    Notice.REPORT_ANSWERED: _report_answered,
}
