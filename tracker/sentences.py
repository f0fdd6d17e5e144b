"""The tally in words, made from the rows by the plural and list rules of each language."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from tracker.i18n import current_language, in_sentence, listed, name_in, number
from tracker.models import ParticipantName
from tracker.tallies import Counts, Tally, total
from tracker.vocabulary import Kind


def tally_sentence(tally: Tally) -> str:
    """Return who the signatories are, in the reader's language.

    States come first, with supranational institutions by name; then the organisations: "24 countries and the European
    Commission, as well as 15 civil society organisations and 2 intergovernmental organisations".
    """
    countries = tally.signatories(Kind.COUNTRY)
    states = [ngettext("%(count)s country", "%(count)s countries", countries, count=number(countries))]
    states = (states if countries else []) + [_institution(name) for name in tally.named]

    civil = tally.signatories(Kind.CIVIL_SOCIETY)
    between = tally.signatories(Kind.INTERGOVERNMENTAL)
    organisations = [
        phrase
        for count, phrase in (
            (
                civil,
                ngettext(
                    "%(count)s civil society organisation",
                    "%(count)s civil society organisations",
                    civil,
                    count=number(civil),
                ),
            ),
            (
                between,
                ngettext(
                    "%(count)s intergovernmental organisation",
                    "%(count)s intergovernmental organisations",
                    between,
                    count=number(between),
                ),
            ),
        )
        if count
    ]
    if states and organisations:
        both = {"states": listed(states), "organisations": listed(organisations)}
        return str(gettext("%(states)s, as well as %(organisations)s", **both))
    return (
        listed(states or organisations) if states or organisations else str(gettext("no country or organisation yet"))
    )


def earlier_sentence(counts: Counts) -> str:
    """Return how many of those who endorse a recommendation endorse an earlier wording; empty where none does."""
    counted = total(counts)
    if not counted.earlier:
        return ""
    if counted.earlier == counted.signatories:
        return str(
            ngettext("It endorses an earlier wording.", "All of them endorse an earlier wording.", counted.earlier)
        )
    return str(
        ngettext(
            "Of these, %(count)s endorses an earlier wording.",
            "Of these, %(count)s endorse an earlier wording.",
            counted.earlier,
            count=number(counted.earlier),
        )
    )


def _institution(name: ParticipantName) -> str:
    language = current_language()
    known = in_sentence(name, language)
    if known:
        return known.texts[language]
    return str(gettext("the %(institution)s", institution=name_in(name.name, None, language).text))
