"""The form of the statement: a text in each language in which the participant makes it, one of them authentic."""

from __future__ import annotations

from flask_babel import lazy_gettext

from tracker.desk.forms import language_of
from tracker.models import Endorsement
from tracker.web.language_forms import InLanguagesForm


class StatementForm(InLanguagesForm):
    """What is declared with the instrument, in one language or in several."""

    NAME = "statement"
    TEXT = lazy_gettext("Statement")
    LANGUAGE = lazy_gettext("Language of the statement")
    CHOOSE = lazy_gettext("Choose the language of the statement")

    @classmethod
    def of(cls, draft: Endorsement) -> StatementForm:
        """Return the form with the answers that a draft has."""
        return cls.showing(draft.statement, language_of(draft), version=draft.version)
