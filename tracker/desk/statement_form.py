"""The form of the statement: a text in each language in which the participant makes it, one of them authentic."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import ValidationError

from tracker.desk.forms import REMOVE, language_of
from tracker.forms import NOT_LONGER, WRITTEN_LANGUAGES, ChoiceOfLanguage, VersionedForm
from tracker.models import Endorsement, Text
from tracker.texts import cleaned

#: The name of the button that asks for the fields of one more language.
ADD = "add"


class Pair(NamedTuple):
    """The two fields in which the statement is made in one language."""

    place: int
    language: Any
    text: Any


class StatementForm(VersionedForm):
    """What is declared with the instrument, in one language or in several; made anew for each number of them."""

    #: Where fields were just added, for the person to go on there.
    added: int | None = None

    @property
    def pairs(self) -> list[Pair]:
        """The fields, a pair for each language."""
        count = sum(field.name.startswith("statement-") for field in self)
        return [Pair(at, self[f"written_in-{at}"], self[f"statement-{at}"]) for at in range(count)]

    @property
    def has_room(self) -> bool:
        """Whether there are languages left."""
        return len(self.pairs) < len(WRITTEN_LANGUAGES)

    def unsaved(self) -> HTTPStatus | None:
        """Let the form come back where a language is added or removed."""
        if ADD in request.form or REMOVE in request.form:
            return HTTPStatus.OK
        return super().unsaved()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each text and its language, and that one of several is the authentic one."""
        checks: dict[str, list[Any]] = {pair.language.name: [self._check_language] for pair in self.pairs}
        return bool(super().validate({**(extra_validators or {}), **checks, "authentic": [self._check_authentic]}))

    def declared(self) -> Text | None:
        """Return the statement, if one was written."""
        written = self._written()
        if not written:
            return None
        authentic = written[0] if len(written) == 1 else next(each for each in written if self._is_authentic(each))
        return Text(authentic.language.data, {each.language.data: each.text.data for each in written})

    def changed(self) -> StatementForm:
        """Return the form with one more language, or without the one whose button was pressed."""
        kept = [(each.language.data, each.text.data) for each in self.pairs]
        authentic = self._place_of_authentic()
        removed = _place(request.form.get(REMOVE))
        if removed is not None and removed < len(kept) > 1:
            del kept[removed]
            if authentic is not None and authentic >= removed:
                authentic = None if authentic == removed else authentic - 1
        elif ADD in request.form and self.has_room:
            kept.append(("", ""))
        form = _made(kept, authentic, version=self.seen, formdata=None)
        form.added = len(kept) - 1 if ADD in request.form else None
        return form

    @classmethod
    def of(cls, draft: Endorsement) -> StatementForm:
        """Return the form with the answers that a draft has."""
        statement = draft.statement
        if statement is None:
            return _made([(language_of(draft), "")], None, version=draft.version)
        tags = sorted(statement.texts, key=lambda tag: (tag != statement.authentic, tag))
        return _made([(tag, statement.texts[tag]) for tag in tags], 0, version=draft.version)

    @classmethod
    def sent(cls) -> StatementForm:
        """Return the form as it was sent, with as many languages as it has."""
        sent = [at for at in range(len(WRITTEN_LANGUAGES)) if f"statement-{at}" in request.form]
        return _made([("", "")] * (max(sent, default=0) + 1), None)

    def _written(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.text.data]

    def _place_of_authentic(self) -> int | None:
        return _place(self["authentic"].data)

    def _is_authentic(self, pair: Pair) -> bool:
        return pair.place == self._place_of_authentic()

    def _check_language(self, _form: Any, field: Any) -> None:
        pair = next(each for each in self.pairs if each.language is field)
        if not pair.text.data:
            return
        if not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the statement"))
        if any(each.language.data == field.data for each in self._written() if each.place < pair.place):
            raise ValidationError(lazy_gettext("This language has a text already: choose another one"))

    def _check_authentic(self, _form: Any, _field: Any) -> None:
        written = self._written()
        if len(written) > 1 and not any(map(self._is_authentic, written)):
            raise ValidationError(lazy_gettext("Say which text is the authentic one"))


def _made(kept: list[tuple[str, str]], authentic: int | None, **how: Any) -> StatementForm:
    """Return the form with the fields of so many languages, and what they hold."""
    fields: dict[str, Any] = {}
    holds: dict[str, Any] = {"authentic": None if authentic is None else str(authentic)}
    for at, (language, text) in enumerate(kept):
        fields[f"written_in-{at}"] = ChoiceOfLanguage(lazy_gettext("Language of the statement"))
        fields[f"statement-{at}"] = TextAreaField(lazy_gettext("Statement"), filters=[cleaned], validators=[NOT_LONGER])
        holds |= {f"written_in-{at}": language, f"statement-{at}": text}
    fields["authentic"] = RadioField(lazy_gettext("Which text is the authentic one?"), validate_choice=False)
    made = type("StatementFormInLanguages", (StatementForm,), fields)
    form: StatementForm = made(data=holds, **how)
    form["authentic"].choices = [SelectChoice(str(pair.place)) for pair in form.pairs]
    return form


def _place(typed: str | None) -> int | None:
    """Return a place that was sent; of none where it was tampered with."""
    return int(typed) if typed and typed in map(str, range(len(WRITTEN_LANGUAGES))) else None
