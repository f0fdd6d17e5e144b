"""Forms that take texts in several languages, one of them authentic; fields are added without a script."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple, Self

from babel import Locale
from flask import request
from flask_babel import LazyString, lazy_gettext
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker.models import Text
from tracker.texts import cleaned, one_line
from tracker.web.forms import VersionedForm

#: Languages in which people write to the register: the United Nations' six, and those of the first cohort.
WRITTEN_LANGUAGES = ("ar", "en", "es", "fr", "ro", "ru", "uk", "zh")

#: The names of the buttons that ask for the fields of one more language, or take those of one away.
ADD = "add"
REMOVE = "remove"

#: The most languages that are read from what was sent. It is more than any text has, and the same whatever was
#: published or taken back meanwhile: nothing that a person wrote is left out.
_MOST = 60


class ChoiceOfLanguage(SelectField):
    """The language in which a text is written, each named in itself. Nothing is presumed: it is published."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(())

    def offer(self, also: Collection[str]) -> None:
        """Offer the languages in which people write to the register, and others that are in use."""
        languages = [
            SelectChoice(tag, (Locale.parse(tag, sep="-").get_display_name(tag) or tag).capitalize())
            for tag in sorted({*WRITTEN_LANGUAGES, *also})
        ]
        self.choices = [SelectChoice("", lazy_gettext("Choose a language")), *languages]


class Asked(NamedTuple):
    """A text that a form asks for.

    Attributes:
        label: what it is called on the page.
        longest: how many characters it may have.
        rows: how many lines are shown; a text of two is kept in one line.
        missing: what is said where it lacks; nothing where it may.
    """

    label: LazyString
    longest: int = 200
    rows: int = 2
    missing: LazyString | None = None
    hint: LazyString | None = None


class Block(NamedTuple):
    """The fields of one language."""

    place: int
    language: Any
    texts: list[tuple[Asked, Any]]

    @property
    def tag(self) -> str:
        """The tag of its language, where one that is offered was chosen."""
        offered = {choice.value for choice in self.language.choices}
        return str(self.language.data) if self.language.data in offered else ""

    @property
    def is_written(self) -> bool:
        """Whether anything was written in it."""
        return any(field.data for _, field in self.texts)


class InLanguagesForm(VersionedForm):
    """Texts in one language or in several; made anew for each number of them."""

    #: The texts that are asked for, by name.
    TEXTS: ClassVar[Mapping[str, Asked]]
    #: What stands before their names in those of their fields.
    BEFORE: ClassVar[str] = "text-"
    #: What the field of a language is called on the page; what is said where the language lacks.
    LANGUAGE: ClassVar[LazyString] = lazy_gettext("Language")
    CHOOSE: ClassVar[LazyString] = lazy_gettext("Choose the language in which this is written")

    #: Where fields were just added, for the person to go on there.
    added: int | None = None
    #: Languages that are offered beside those in which people write to the register.
    also: Collection[str] = ()

    @property
    def blocks(self) -> list[Block]:
        """The blocks of fields, one for each language."""
        count = sum(field.name.startswith("written_in-") for field in self)
        return [
            Block(
                at,
                self[f"written_in-{at}"],
                [(asked, self[self._called(name, at)]) for name, asked in self.TEXTS.items()],
            )
            for at in range(count)
        ]

    @property
    def has_room(self) -> bool:
        """Whether there are languages left."""
        return len(self.blocks) < len({*WRITTEN_LANGUAGES, *self.also})

    def unsaved(self) -> HTTPStatus | None:
        """Let the form come back where a language is added or removed."""
        if ADD in request.form or REMOVE in request.form:
            return HTTPStatus.OK
        return super().unsaved()

    def again(self) -> Self:
        """Return the form as it comes back: with one more language, or without the one whose button was pressed."""
        if ADD not in request.form and REMOVE not in request.form:
            return self
        kept = [(each.language.data, [field.data for _, field in each.texts]) for each in self.blocks]
        authentic = self._place_of_authentic()
        removed = _place(request.form.get(REMOVE))
        if removed is not None and removed < len(kept) > 1:
            del kept[removed]
            if authentic is not None and authentic >= removed:
                authentic = None if authentic == removed else authentic - 1
        elif ADD in request.form and self.has_room:
            kept.append(("", [""] * len(self.TEXTS)))
        form = self._made(kept, authentic, also=self.also, data=self._others(), formdata=None)
        form.added = len(kept) - 1 if ADD in request.form else None
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the texts, their languages, and that one of several is the authentic one."""
        checks: dict[str, list[Any]] = {block.language.name: [self._check_language] for block in self.blocks}
        for name, asked in self.TEXTS.items():
            if asked.missing:
                checks[self._called(name, self._main_place())] = [_check_written(asked.missing)]
        return bool(super().validate({**(extra_validators or {}), **checks, "authentic": [self._check_authentic]}))

    def text(self, name: str) -> Text | None:
        """Return a text in all languages in which it was written, if it was; of a form that is valid."""
        typed = {block.language.data: self[self._called(name, block.place)].data for block in self.blocks}
        written = {tag: text for tag, text in typed.items() if text}
        if not written:
            return None
        authentic = self.blocks[self._main_place()].language.data
        return Text(authentic if authentic in written else next(iter(written)), written)

    @classmethod
    def showing(
        cls, texts: Mapping[str, Text | None], language: str, *, also: Collection[str] = (), **how: Any
    ) -> Self:
        """Return the form with texts, in the authentic language first; without any, ready to write in a language.

        Args:
            texts: what stands in the form, by name.
            language: in which a person is ready to write.
            also: languages that are offered beside those in which people write to the register.
        """
        there = [text for text in texts.values() if text]
        used = sorted({tag for text in there for tag in text.texts})
        tags = list(dict.fromkeys([*(text.authentic for text in there), *used]))
        kept = [(tag, [_in(texts.get(name), tag) for name in cls.TEXTS]) for tag in tags or [language]]
        return cls._made(kept, 0 if tags else None, also={*also, *used}, formdata=None, **how)

    @classmethod
    def sent(cls, *, also: Collection[str] = (), **how: Any) -> Self:
        """Return the form as it was sent, with as many languages as it has."""
        sent = [at for at in range(_MOST) if f"written_in-{at}" in request.form]
        return cls._made([("", [""] * len(cls.TEXTS))] * (max(sent, default=0) + 1), None, also=also, **how)

    @classmethod
    def _made(
        cls,
        kept: list[tuple[str, list[str]]],
        authentic: int | None,
        *,
        also: Collection[str],
        data: Mapping[str, Any] | None = None,
        **how: Any,
    ) -> Self:
        """Return the form with the fields of so many languages, and what they hold."""
        fields: dict[str, Any] = {"also": tuple(also)}
        holds: dict[str, Any] = {**(data or {}), "authentic": None if authentic is None else str(authentic)}
        for at, (language, texts) in enumerate(kept):
            fields[f"written_in-{at}"] = ChoiceOfLanguage(cls.LANGUAGE)
            holds[f"written_in-{at}"] = language
            for (name, asked), text in zip(cls.TEXTS.items(), texts, strict=True):
                fields[cls._called(name, at)] = _field(asked)
                holds[cls._called(name, at)] = text
        fields["authentic"] = RadioField(lazy_gettext("Which language is the authentic one?"), validate_choice=False)
        base = next(each for each in cls.__mro__ if not each.__name__.endswith("InLanguages"))
        made = type(f"{base.__name__}InLanguages", (base,), fields)
        form: Self = made(data=holds, **how)
        form["authentic"].choices = [SelectChoice(str(block.place)) for block in form.blocks]
        for field in form:
            if isinstance(field, ChoiceOfLanguage):
                field.offer(also)
        return form

    @classmethod
    def _called(cls, name: str, at: int) -> str:
        return f"{cls.BEFORE}{name}-{at}"

    def _others(self) -> dict[str, Any]:
        """Return what stands in the other fields of the form."""
        own = {"authentic", "csrf_token"}
        for block in self.blocks:
            own |= {block.language.name, *(field.name for _, field in block.texts)}
        return {field.name: field.data for field in self if field.name not in own}

    def _written(self) -> list[Block]:
        return [block for block in self.blocks if block.is_written]

    def _place_of_authentic(self) -> int | None:
        return _place(self["authentic"].data)

    def _main_place(self) -> int:
        """Return the place of the authentic language: the one that was chosen, or the only one."""
        written = self._written() or self.blocks
        chosen = self._place_of_authentic()
        return chosen if len(written) > 1 and chosen in {each.place for each in written} else written[0].place

    def _check_language(self, _form: Any, field: Any) -> None:
        block = next(each for each in self.blocks if each.language is field)
        if not block.is_written:
            return
        if not field.data:
            raise ValidationError(self.CHOOSE)
        if any(each.language.data == field.data for each in self._written() if each.place < block.place):
            raise ValidationError(lazy_gettext("This language has a text already: choose another one"))

    def _check_authentic(self, _form: Any, _field: Any) -> None:
        written = self._written()
        if len(written) > 1 and self._place_of_authentic() not in {each.place for each in written}:
            raise ValidationError(lazy_gettext("Say which language is the authentic one"))


def _field(asked: Asked) -> TextAreaField:
    shorter = Length(max=asked.longest, message=lazy_gettext("Shorten the text to %(max)d characters or fewer"))
    label = asked.label if asked.missing else lazy_gettext("%(label)s (optional)", label=asked.label)
    return TextAreaField(label, filters=[one_line if asked.rows <= 2 else cleaned], validators=[shorter])  # noqa: PLR2004


def _check_written(missing: LazyString) -> Any:
    def check(_form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(missing)

    return check


def _in(text: Text | None, tag: str) -> str:
    return text.texts.get(tag, "") if text else ""


def _place(typed: str | None) -> int | None:
    """Return a place that was sent; of none where it was tampered with."""
    return int(typed) if typed and typed in map(str, range(_MOST)) else None
