"""The form of the statement: a text in each language in which the participant makes it, one of them authentic."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext

from tracker.desk.forms import language_of, languages_of
from tracker.models import Endorsement
from tracker.web.forms import LONGEST_TEXT
from tracker.web.language_forms import Asked, InLanguagesForm


class StatementForm(InLanguagesForm):
    """What is declared with the instrument, in one language or in several."""

    TEXTS: ClassVar = {"statement": Asked(lazy_gettext("Statement"), longest=LONGEST_TEXT, rows=6)}
    BEFORE = ""
    LANGUAGE = lazy_gettext("Language of the statement")
    CHOOSE = lazy_gettext("Choose the language of the statement")

    @classmethod
    def of(cls, draft: Endorsement) -> StatementForm:
        """Return the form with the answers that a draft has."""
        data = {"version": draft.version}
        return cls.showing({"statement": draft.statement}, language_of(draft), also=languages_of(draft), data=data)

    @classmethod
    def sent_for(cls, draft: Endorsement) -> StatementForm:
        """Return the form as it was sent."""
        return cls.sent(also=languages_of(draft))
