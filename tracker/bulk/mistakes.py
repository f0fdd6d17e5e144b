"""What can be wrong with a row: each mistake is kept as a code with its values, and told in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString, lazy_gettext

#: The sentences, by their codes. ``value`` is what stands in the cell.
SENTENCES: Mapping[str, LazyString] = {
    "formula": lazy_gettext("This is a formula (%(value)s). Put in the value itself."),
    "no_day": lazy_gettext("“%(value)s” is no day. Write it as 2023-03-27."),
    "too_early": lazy_gettext("This day is before %(value)s. Write the year with its four digits."),
    "no_number": lazy_gettext("“%(value)s” is no whole number."),
    "no_truth": lazy_gettext("“%(value)s” is neither true nor false."),
    "no_choice": lazy_gettext("“%(value)s” is none of: %(choices)s."),
    "too_long": lazy_gettext("This is longer than %(value)s characters."),
    "missing": lazy_gettext("This is missing."),
    "no_language": lazy_gettext("No text is in the language that is said to be authentic, “%(value)s”."),
    "which_language": lazy_gettext("Say which of the languages is the authentic one."),
    "no_code": lazy_gettext("“%(value)s” is no code of a country of two letters."),
    "no_slug": lazy_gettext("“%(value)s” is no address: small letters, digits and single hyphens alone."),
    "twice": lazy_gettext("The same stands in row %(value)s already."),
    "name_taken": lazy_gettext("“%(value)s” is on the roll under this name."),
    "code_taken": lazy_gettext("“%(value)s” is on the roll with this code."),
    "of_a_country": lazy_gettext("A country alone has this code; others have a seat."),
    "no_seat_of_country": lazy_gettext("A country has no seat in another one."),
    "not_by_load": lazy_gettext("The register says “%(value)s”. A load does not change this."),
    "unknown_participant": lazy_gettext("Nobody is on the roll as “%(value)s”, and no row adds it rightly."),
    "unknown_cohort": lazy_gettext("There is no cohort “%(value)s”."),
    "unknown_source": lazy_gettext("The cohort has no source “%(value)s”."),
    "unknown_recommendation": lazy_gettext("The cohort has no recommendation “%(value)s”."),
    "unclear_recommendation": lazy_gettext(
        "“%(value)s” is a number, and may have lost a nought at its end. Write it as a text."
    ),
    "unknown_revision": lazy_gettext("The recommendation has no wording %(value)s."),
    "not_covered": lazy_gettext("The endorsement’s row does not name recommendation %(value)s."),
    "no_position": lazy_gettext("No row of positions says what it says of %(value)s."),
    "other_count": lazy_gettext("%(value)s reservations stand in the rows of positions."),
    "no_reservation": lazy_gettext("A reservation needs its text."),
    "no_reserve": lazy_gettext("A text of a reservation stands here, but the stance is “endorsed”."),
    "not_the_whole_set": lazy_gettext("It does not name the whole set."),
    "nothing_covered": lazy_gettext("It names no recommendation."),
    "no_endorsement": lazy_gettext("No row of endorsements, and no endorsement of the register, has this key."),
    "wrong_position": lazy_gettext("Row %(value)s of its positions is wrong."),
    "wrong_before": lazy_gettext("The participant’s row before it (%(value)s) is wrong."),
    "future": lazy_gettext("This day is in the future."),
    "before": lazy_gettext("This day comes before %(value)s."),
    "not_with_status": lazy_gettext("With the status “%(value)s” this cannot be."),
    "needed_with_status": lazy_gettext("With the status “%(value)s” this is needed."),
    "time_skipped": lazy_gettext("The next of the participant’s endorsements of this cohort is number %(value)s."),
    "in_force_before": lazy_gettext("An earlier endorsement is in force until %(value)s, or its end is not said."),
    "superseded_by_none": lazy_gettext("It is said to be superseded, but no row supersedes it on the day of its end."),
    "being_prepared": lazy_gettext("An endorsement by this participant is being prepared or decided in the register."),
    "proposal_waits": lazy_gettext("A withdrawal or a correction of this endorsement waits for a decision."),
    "not_changed_by_load": lazy_gettext(
        "The register says “%(value)s”. What was endorsed is not changed: add a row for the participant’s next "
        "endorsement, or correct the act."
    ),
    "only_on_paper": lazy_gettext("Only what came on paper has a provenance."),
}


@dataclass(frozen=True)
class Mistake:
    """A mistake in a column of a row."""

    code: str
    column: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, column: str, value: object = None, **more: object) -> Mistake:
        """Return a mistake with what its sentence needs, as it can be kept."""
        given = {**({} if value is None else {"value": value}), **more}
        kept = {name: each if isinstance(each, int) else str(each)[:200] for name, each in given.items()}
        return cls(code, column, kept)

    @classmethod
    def from_json(cls, kept: list[Any]) -> Mistake:
        """Return the mistake that :meth:`as_json` wrote."""
        return cls(*kept)

    def as_json(self) -> list[Any]:
        """Return the mistake as it is kept."""
        return [self.code, self.column, dict(self.values)]

    @property
    def sentence(self) -> str:
        """What is wrong, in the present language."""
        return str(SENTENCES[self.code]) % self.values
