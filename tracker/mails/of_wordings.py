"""What mails about changes of texts say: to the secretariat what is proposed, to representatives what was published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString, gettext

from tracker import i18n
from tracker.mails.parts import Facts, Letter, Link, address_of
from tracker.models import Text
from tracker.vocabulary import Notice, ProposalKind
from tracker.wordings.word_differences import compared


def _due(facts: Facts) -> Letter:
    return _of_proposal(
        facts,
        Notice.WORDING_DUE.label,
        sentences=(gettext("%(person)s proposed it. Somebody else approves it or sends it back.", person=facts["by"]),),
        link=Link(gettext("Decide on it"), _proposal(facts)),
    )


def _returned(facts: Facts) -> Letter:
    return _of_proposal(
        facts,
        Notice.WORDING_RETURNED.label,
        sentences=(gettext("Nothing is published. This is why:"),),
        said=facts["reason"],
        link=Link(gettext("See the proposal"), _proposal(facts)),
    )


def _published(facts: Facts) -> Letter:
    return _of_proposal(
        facts,
        Notice.WORDING_PUBLISHED.label,
        sentences=(gettext("Somebody else approved what you proposed. It is part of the public record now."),),
        more=((gettext("Ledger entry"), i18n.number(facts["entry"])),),
        link=Link(gettext("See the proposal"), _proposal(facts)),
    )


def _corrected(facts: Facts) -> Letter:
    return _of_wording(
        facts,
        gettext("Recommendation %(number)s was corrected", number=facts["number"]),
        sentences=(
            gettext("The endorsement of the participant carries over to the corrected wording."),
            gettext("There is nothing to do. Write to the secretariat if the participant does not agree."),
        ),
        link=Link(gettext("See the wording in the public register"), _public(facts)),
    )


def _ahead(facts: Facts) -> Letter:
    return _of_wording(
        facts,
        gettext("Recommendation %(number)s will be amended", number=facts["number"]),
        sentences=(
            gettext("Until that day nothing changes. From then on the endorsement is of an earlier wording."),
            gettext("You are asked on that day whether the participant endorses the new wording."),
        ),
        link=Link(gettext("See the wording in the public register"), _public(facts)),
    )


def _amended(facts: Facts) -> Letter:
    return _of_wording(
        facts,
        gettext("Recommendation %(number)s was amended", number=facts["number"]),
        sentences=(
            gettext("The participant endorses the wording before. That endorsement stays in force as it is."),
            gettext("Please say on your desk whether the participant endorses the new wording."),
        ),
        next=(
            gettext(
                "You can endorse the new wording of all amended recommendations in one go. Reservations are kept. If "
                "you do nothing, the register says that the participant endorses an earlier wording."
            ),
        ),
        link=Link(
            gettext("Compare and decide"),
            address_of("desk.wordings", participant=facts["participant"]["slug"], cohort=facts["cohort"]["slug"]),
        ),
    )


def _of_proposal(facts: Facts, heading: LazyString, *, more: tuple[tuple[str, str], ...] = (), **rest: Any) -> Letter:
    """Return a letter about a proposed change of a text."""
    kind = next(each for each in ProposalKind if each == facts["kind"])
    heading_alone = kind is ProposalKind.HEADING_CORRIGENDUM
    details = (
        (gettext("Cohort"), i18n.shown(Text.from_json(facts["cohort"]["title"]), i18n.current_language())),
        (gettext("Heading") if heading_alone else gettext("Recommendation"), facts["number"]),
        (gettext("Matter"), str(kind.label)),
        *more,
    )
    return Letter(heading=str(heading), details=details, **rest)


def _of_wording(facts: Facts, heading: str, **rest: Any) -> Letter:
    """Return a letter about a wording that a participant's endorsement is of, with the difference to the one before."""
    language, participant = i18n.current_language(), facts["participant"]
    name = i18n.name_in(Text.from_json(participant["name"]), participant.get("iso_code"), language)
    details = (
        (gettext("Participant"), name),
        (gettext("Cohort"), i18n.shown(Text.from_json(facts["cohort"]["title"]), language)),
        (gettext("With effect from"), i18n.day(date.fromisoformat(facts["effective_on"]))),
        (gettext("Reason"), i18n.shown(Text.from_json(facts["why"]), language)),
        (gettext("Ledger entry"), i18n.number(facts["entry"]["sequence"])),
    )
    differences = tuple(
        each
        for each in compared(Text.from_json(facts["before"]), Text.from_json(facts["after"]))
        if each.changed or each.authentic
    )
    return Letter(about=name, heading=heading, details=details, differences=differences, **rest)


def _proposal(facts: Facts) -> str:
    return address_of("secretariat.proposal", proposal=facts["proposal"])


def _public(facts: Facts) -> str:
    return address_of("public.recommendation", cohort=facts["cohort"]["slug"], number=facts["number"])


LETTERS: Mapping[Notice, Callable[[Facts], Letter]] = {
    Notice.WORDING_DUE: _due,
    Notice.WORDING_RETURNED: _returned,
    Notice.WORDING_PUBLISHED: _published,
    Notice.WORDING_CORRECTED: _corrected,
    Notice.AMENDMENT_AHEAD: _ahead,
    Notice.AMENDED: _amended,
}
