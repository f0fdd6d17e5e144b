"""Forms that take a text in several languages, one of them authentic; fields are added without a script."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple, Self

from babel import Locale
from flask import request
from flask_babel import LazyString, lazy_gettext
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker.models import Text
from tracker.texts import cleaned
from tracker.web.forms import LONGEST_TEXT, VersionedForm

#: Languages in which people write to the register: the United Nations' six, and those of the first cohort.
WRITTEN_LANGUAGES = ("ar", "en", "es", "fr", "ro", "ru", "uk", "zh")

NOT_LONGER = Length(max=LONGEST_TEXT, message=lazy_gettext("Shorten the text to %(max)d characters or fewer"))

#: The names of the buttons that ask for the fields of one more language, or take those of one away.
ADD = "add"
REMOVE = "remove"


class ChoiceOfLanguage(SelectField):
    """The language in which a text is written, each named in itself. Nothing is presumed: it is published."""

    def __init__(self, *args: Any, also: Iterable[str] = (), **kwargs: Any) -> None:
        tags = sorted({*WRITTEN_LANGUAGES, *also})
        languages = [
            SelectChoice(tag, (Locale.parse(tag, sep="-").get_display_name(tag) or tag).capitalize()) for tag in tags
        ]
        super().__init__(*args, choices=[SelectChoice("", lazy_gettext("Choose a language")), *languages], **kwargs)


class Pair(NamedTuple):
    """The two fields in which a text is written in one language."""

    place: int
    language: Any
    text: Any


class InLanguagesForm(VersionedForm):
    """A text in one language or in several; made anew for each number of them."""

    #: What the fields of the text are called, before their number.
    NAME: ClassVar[str]
    #: What the fields of a text and of its language are called on the page; what is said where the language lacks.
    TEXT: ClassVar[LazyString]
    LANGUAGE: ClassVar[LazyString]
    CHOOSE: ClassVar[LazyString]

    #: Where fields were just added, for the person to go on there.
    added: int | None = None
    #: Languages that are offered beside those in which people write to the register.
    also: Collection[str] = ()

    @property
    def pairs(self) -> list[Pair]:
        """The fields, a pair for each language."""
        count = sum(field.name.startswith(f"{self.NAME}-") for field in self)
        return [Pair(at, self[f"written_in-{at}"], self[f"{self.NAME}-{at}"]) for at in range(count)]

    @property
    def has_room(self) -> bool:
        """Whether there are languages left."""
        return len(self.pairs) < len({*WRITTEN_LANGUAGES, *self.also})

    def unsaved(self) -> HTTPStatus | None:
        """Let the form come back where a language is added or removed."""
        if ADD in request.form or REMOVE in request.form:
            return HTTPStatus.OK
        return super().unsaved()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each text and its language, and that one of several is the authentic one."""
        checks: dict[str, list[Any]] = {pair.language.name: [self._check_language] for pair in self.pairs}
        return bool(super().validate({**(extra_validators or {}), **checks, "authentic": [self._check_authentic]}))

    def written(self) -> Text | None:
        """Return the text, if one was written."""
        written = self._written()
        if not written:
            return None
        authentic = written[0] if len(written) == 1 else next(each for each in written if self._is_authentic(each))
        return Text(authentic.language.data, {each.language.data: each.text.data for each in written})

    def changed(self) -> Self:
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
        form = self.made(kept, authentic, also=self.also, others=self.others(), version=self.seen, formdata=None)
        form.added = len(kept) - 1 if ADD in request.form else None
        return form

    def others(self) -> dict[str, Any]:
        """Return what stands in the other fields of the form."""
        own = ("written_in-", f"{self.NAME}-", "authentic", "version", "csrf_token")
        return {field.name: field.data for field in self if not field.name.startswith(own)}

    @classmethod
    def showing(cls, text: Text | None, language: str, *, also: Collection[str] = (), **how: Any) -> Self:
        """Return the form with a text, the authentic one first; without one, ready to write in a language."""
        if text is None:
            return cls.made([(language, "")], None, also=also, **how)
        tags = sorted(text.texts, key=lambda tag: (tag != text.authentic, tag))
        return cls.made([(tag, text.texts[tag]) for tag in tags], 0, also=also, **how)

    @classmethod
    def sent(cls, *, also: Collection[str] = (), **how: Any) -> Self:
        """Return the form as it was sent, with as many languages as it has."""
        sent = [at for at in range(len(WRITTEN_LANGUAGES) + len(also)) if f"{cls.NAME}-{at}" in request.form]
        return cls.made([("", "")] * (max(sent, default=0) + 1), None, also=also, **how)

    @classmethod
    def made(
        cls,
        kept: list[tuple[str, str]],
        authentic: int | None,
        *,
        also: Collection[str] = (),
        others: dict[str, Any] | None = None,
        **how: Any,
    ) -> Self:
        """Return the form with the fields of so many languages, and what they hold."""
        fields: dict[str, Any] = {"also": tuple(also)}
        holds: dict[str, Any] = {**(others or {}), "authentic": None if authentic is None else str(authentic)}
        for at, (language, text) in enumerate(kept):
            fields[f"written_in-{at}"] = ChoiceOfLanguage(cls.LANGUAGE, also=also)
            fields[f"{cls.NAME}-{at}"] = TextAreaField(cls.TEXT, filters=[cleaned], validators=[NOT_LONGER])
            holds |= {f"written_in-{at}": language, f"{cls.NAME}-{at}": text}
        fields["authentic"] = RadioField(lazy_gettext("Which text is the authentic one?"), validate_choice=False)
        base = next(each for each in cls.__mro__ if "NAME" in vars(each))  # it has no fields of other numbers
        made = type(f"{base.__name__}InLanguages", (base,), fields)
        form: Self = made(data=holds, **how)
        form["authentic"].choices = [SelectChoice(str(pair.place)) for pair in form.pairs]
        return form

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
            raise ValidationError(self.CHOOSE)
        if any(each.language.data == field.data for each in self._written() if each.place < pair.place):
            raise ValidationError(lazy_gettext("This language has a text already: choose another one"))

    def _check_authentic(self, _form: Any, _field: Any) -> None:
        written = self._written()
        if len(written) > 1 and not any(map(self._is_authentic, written)):
            raise ValidationError(lazy_gettext("Say which text is the authentic one"))


def _place(typed: str | None) -> int | None:
    """Return a place that was sent; of none where it was tampered with."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 4 else None  # noqa: PLR2004
