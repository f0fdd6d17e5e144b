"""The API's views. Errors are problem details (RFC 9457)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import force_locale, gettext

from tracker import clock, i18n, register, tallies
from tracker.access import Audience, open_to
from tracker.models import Recommendation
from tracker.sentences import tally_sentence
from tracker.tallies import Counts
from tracker.vocabulary import Kind
from tracker.web.answering import answer

door = Blueprint("api", __name__, url_prefix="/api/v1")


@door.get("/cohorts/<cohort>/tally")
@open_to(Audience.PUBLIC)
def tally(cohort: str) -> Response:
    """Return the tally of a cohort's set, today or as at a day.

    Query: ``as_at``, a day as YYYY-MM-DD, not in the future; ``language`` of the sentence and the names.
    """
    found = register.cohort(cohort) or abort(404)
    language = request.args.get("language", i18n.DEFAULT)
    asked = request.args.get("as_at")
    as_at = clock.today() if asked is None else clock.read_day(asked)
    if language not in i18n.LOCALES:
        return answer(422, gettext("language: expected one of %(languages)s", languages=", ".join(i18n.LOCALES)))
    if as_at is None or as_at > clock.today():
        return answer(422, gettext("as_at: expected a day as YYYY-MM-DD, not in the future"))
    result, items = tallies.of_set(found, as_at), tallies.of_recommendations(found, as_at)
    with force_locale(str(i18n.LOCALES[language])):
        i18n.speak(language)
        return jsonify(
            as_at=as_at.isoformat(),
            counts={kind.value: result.signatories(kind) for kind in Kind},
            named=[i18n.shown(name.name, language).text for name in result.named],
            sentence=tally_sentence(result),
            recommendations={each.number: _of(each, items[each.id], as_at) for each in register.recommendations(found)},
        )


def _of(recommendation: Recommendation, counts: Counts, as_at: date) -> dict[str, Any]:
    """Return how many endorse a recommendation, and how many of them an earlier wording than the one of the day."""
    return {
        "revision": recommendation.revision_on(as_at).number,
        "counts": {kind.value: counts[kind].signatories for kind in Kind},
        "of_earlier_wording": {kind.value: counts[kind].earlier for kind in Kind},
    }
