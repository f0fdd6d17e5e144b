"""The forms by which the secretariat looks through the roll of participants, and proposes what should change on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from babel import Locale
from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from iso3166 import countries_by_alpha2
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError
from wtforms.validators import Optional as May

from tracker import clock, i18n
from tracker.facts import of_itself
from tracker.i18n import LOCALES
from tracker.models import Participant, Proposal, Text
from tracker.roll import roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.secretariat.forms import Choice
from tracker.texts import cleaned
from tracker.vocabulary import Kind
from tracker.web.forms import VersionedForm
from tracker.web.language_forms import WRITTEN_LANGUAGES, ChoiceOfLanguage
from tracker.web.people_forms import OptionalDate, line

_LONGEST = lazy_gettext("Shorten this to %(max)d characters or fewer")
_SHORT, _FORMAL, _LONG = (Length(max=most, message=_LONGEST) for most in (200, 400, 2_000))
_NO_CODE = lazy_gettext("Enter a country’s code of two capital letters, such as MD")
_NO_WEBSITE = lazy_gettext("Enter an address that begins with https:// or http://")
_IN_THE_FUTURE = lazy_gettext("The day cannot be in the future")
_NO_LANGUAGE = lazy_gettext("Choose the language")

_NAMES = ("name", "formal_name", "in_sentence")

#: What stands for the language that is chosen, where the fields of the others do not do.
OTHER = "other"


class RollForm(FlaskForm):
    """Which participants are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    search = StringField(lazy_gettext("Name or acronym"), filters=[line])
    kind = Choice(
        lazy_gettext("Kind"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each.value, each.plural) for each in Kind)],
    )
    endorsement = Choice(
        lazy_gettext("Endorsement"),
        choices=[SelectChoice("", lazy_gettext("Any")), SelectChoice("none", lazy_gettext("None in force"))],
    )
    page = StringField(filters=[line])

    @property
    def place(self) -> int:
        """Which page is asked for, from 1."""
        text = self.page.data or ""
        return int(text) if text.isdecimal() and len(text) < 6 and int(text) > 0 else 1  # noqa: PLR2004


class WhyForm(VersionedForm):
    """Why the roll should change, and from what source it is known."""

    reason = TextAreaField(lazy_gettext("Why? (optional)"), filters=[cleaned], validators=[_LONG])
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))
    source = StringField(lazy_gettext("Source (optional)"), filters=[line], validators=[_FORMAL])

    def validate_written_in(self, field: Any) -> None:
        """Ask for the language of a reason."""
        if self.reason.data and not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reason"))

    def why(self) -> Why:
        """Return what is to be published of it."""
        reason = Text.of(self.reason.data, self.written_in.data) if self.reason.data else None
        return Why(reason=reason, source=self.source.data or None)


class LikeAnotherForm(WhyForm):
    """A form about a name, which asks whether it is another participant's where there are similar ones."""

    another = BooleanField(lazy_gettext("It is another one"))
    looked_at = HiddenField(filters=[line])

    @property
    def others(self) -> Sequence[str]:
        """The similar ones that were shown, where the person says that it is none of them."""
        return self.looked_at.data.split() if self.another.data and self.looked_at.data else ()


class NameForm(LikeAnotherForm):
    """A name: short, within a sentence, formal; made anew for the languages in which there are fields."""

    authentic = ChoiceOfLanguage(lazy_gettext("In which language is the short name authentic?"))
    other_language = ChoiceOfLanguage(lazy_gettext("Language"))

    @property
    def tags(self) -> list[str]:
        """The languages in which there are fields, and what stands for one more."""
        return [field.name.removeprefix("name_") for field in self if field.name.startswith("name_")]

    def fields_in(self, tag: str) -> list[Any]:
        """Return the fields of a language."""
        return [self[f"{kind}_{tag}"] for kind in ("name", "formal_name", "in_sentence")]

    def validate_authentic(self, field: Any) -> None:
        """Ask for a language in which there is a name."""
        if not field.data:
            raise ValidationError(_NO_LANGUAGE)
        if field.data not in self._said("name"):
            raise ValidationError(lazy_gettext("Enter the short name in its authentic language"))

    def validate_other_language(self, field: Any) -> None:
        """Ask for the language of what stands there, one that has no fields of its own."""
        written = any(each.data for each in self.fields_in(OTHER))
        if written and not field.data:
            raise ValidationError(_NO_LANGUAGE)
        if written and field.data in self.tags:
            raise ValidationError(lazy_gettext("This language has fields of its own above"))

    def names(self) -> dict[str, Text | None]:
        """Return the name in its three forms."""
        authentic = self.authentic.data
        return {form: _text(self._said(form), authentic) for form in ("name", "formal_name", "in_sentence")}

    def _said(self, kind: str) -> dict[str, str]:
        languages = {tag: self.other_language.data if tag == OTHER else tag for tag in self.tags}
        typed = {language: self[f"{kind}_{tag}"].data for tag, language in languages.items()}
        return {language: text for language, text in typed.items() if language and text}


class RenameForm(NameForm):
    """Another name, and from which day on it holds."""

    since = OptionalDate(lazy_gettext("From which day on does it carry this name?"))

    def validate_since(self, field: Any) -> None:
        """Ask for a day that is not in the future, if for one."""
        if field.data and field.data > clock.today():
            raise ValidationError(_IN_THE_FUTURE)


class _Facts(VersionedForm):
    kind = RadioField(
        lazy_gettext("What is it?"),
        choices=[SelectChoice(each.value, each.label) for each in Kind],
        validators=[InputRequired(lazy_gettext("Choose what it is"))],
    )
    iso_code = StringField(lazy_gettext("Country code (of a country)"), filters=[line])
    seat = StringField(lazy_gettext("Seat (of an organisation)"), filters=[line])
    acronym = StringField(
        lazy_gettext("Acronym (optional)"), filters=[line], validators=[Length(max=40, message=_LONGEST)]
    )
    website = StringField(
        lazy_gettext("Website (optional)"),
        filters=[line],
        validators=[May(), _FORMAL, Regexp(r"^https?://[^\s<>\"]+$", message=_NO_WEBSITE)],
    )

    def validate_iso_code(self, field: Any) -> None:
        """Ask for a code in use, of a country."""
        _require_code(field)
        if field.data and self.kind.data != Kind.COUNTRY:
            raise ValidationError(lazy_gettext("Only a country has a code. Enter the seat instead"))

    def validate_seat(self, field: Any) -> None:
        """Ask for a code in use, of an organisation."""
        _require_code(field)
        if field.data and self.kind.data == Kind.COUNTRY:
            raise ValidationError(lazy_gettext("A country has no seat. Enter its code instead"))

    @property
    def footnotes(self) -> list[Any]:
        """The fields of the footnote, one for each language."""
        return [field for field in self if field.name.startswith("footnote_")]

    def facts(self) -> dict[str, Any]:
        """Return what the roll is to say beside the name."""
        footnotes = {each.name.removeprefix("footnote_"): each.data for each in self.footnotes if each.data}
        return {
            "kind": next(kind for kind in Kind if kind == self.kind.data),
            "iso_code": self.iso_code.data or None,
            "seat": self.seat.data or None,
            "acronym": self.acronym.data or None,
            "website": self.website.data or None,
            "footnote": _text(footnotes, i18n.DEFAULT),
        }


class ChangeForm(_Facts, WhyForm):
    """What the roll is to say of a participant beside its name."""

    since = OptionalDate(lazy_gettext("If it is of another kind: from which day on?"))

    def validate_since(self, field: Any) -> None:
        """Ask for a day that is not in the future, if for one."""
        if field.data and field.data > clock.today():
            raise ValidationError(_IN_THE_FUTURE)


class AdditionForm(_Facts, NameForm):
    """A participant that is to be added."""


class MergeForm(WhyForm):
    """Into which participant a duplicate is to be merged."""

    into = Choice(lazy_gettext("Which participant is it?"))

    def validate_into(self, field: Any) -> None:
        """Ask for one."""
        if not field.data:
            raise ValidationError(lazy_gettext("Choose the participant that it is"))

    def offer(self, participants: Sequence[tuple[Participant, Any]], but: Participant) -> None:
        """Offer everybody on the roll but the duplicate itself."""
        named = [SelectChoice(each.slug, name.text) for each, name in participants if each.id != but.id]
        self.into.choices = [SelectChoice("", lazy_gettext("Choose a participant")), *named]


def addition_form(like: Proposal | None = None) -> AdditionForm:
    """Return the form for a new participant, with what a proposal said of it."""
    said = roll_proposals.facts_in(like) if like else {}
    tags = _tags_of([said.get(form) for form in (*_NAMES, "footnote")])
    made = _with(AdditionForm, {**_fields_of_names(tags), **_fields_of_footnotes(tags)})
    typed = {**_names_typed(said), **_facts_typed(said), **_why_typed(like)} if said else {}
    form: AdditionForm = made(**typed)
    return form


def rename_form(participant: Participant, *, filled: bool, like: Proposal | None = None) -> RenameForm:
    """Return the form for another name, with the present one, or a proposed one, where it is shown first."""
    present = participant.current_name
    texts = roll_proposals.facts_in(like) if like else {name: getattr(present, name) for name in _NAMES}
    tags = _tags_of(texts.get(name) for name in _NAMES)
    made = _with(RenameForm, _fields_of_names(tags))
    if not filled:
        form: RenameForm = made()
        form.authentic.offer(tags)
        return form
    seen = roll_proposals.seen_of(participant)
    shown: RenameForm = made(formdata=None, version=seen, **_names_typed(texts), **_why_typed(like))
    shown.authentic.offer(tags)
    return shown


def change_form(participant: Participant, *, filled: bool, like: Proposal | None = None) -> ChangeForm:
    """Return the form for other facts, with the present ones, or proposed ones, where it is shown first."""
    facts = roll_proposals.facts_in(like) if like else of_itself(participant)
    made = _with(ChangeForm, _fields_of_footnotes(_tags_of([facts.get("footnote")])))
    if not filled:
        form: ChangeForm = made()
        return form
    seen = roll_proposals.seen_of(participant)
    shown: ChangeForm = made(formdata=None, version=seen, **_facts_typed(facts), **_why_typed(like))
    return shown


def merge_form(participant: Participant, *, into: str | None, like: Proposal | None = None) -> MergeForm:
    """Return the form for a merger, with the other participant where one is known."""
    other = roll_proposals.other_in(like) if like else None
    seen = roll_proposals.seen_of(participant)
    return MergeForm(formdata=None, into=other.slug if other else into, version=seen, **_why_typed(like))


def _names_typed(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fields of a name in its three forms."""
    said = {kind: texts[kind] for kind in _NAMES if texts.get(kind)}
    fields = {f"{kind}_{tag}": words for kind, text in said.items() for tag, words in text.texts.items()}
    return {**fields, "authentic": texts["name"].authentic}


def _facts_typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fields of what the roll says beside the name."""
    footnote = facts.get("footnote")
    notes = {f"footnote_{tag}": words for tag, words in footnote.texts.items()} if footnote else {}
    names = ("iso_code", "seat", "acronym", "website")
    return {**notes, **{name: facts.get(name) for name in names}, "kind": facts["kind"].value}


def _why_typed(proposal: Proposal | None) -> dict[str, Any]:
    """Return the values of the fields of why, and from which day on, that a proposal holds."""
    if proposal is None:
        return {}
    why = Why.of(proposal)
    reason = {"reason": str(why.reason), "written_in": why.reason.authentic} if why.reason else {}
    return {**reason, "source": why.source, "since": roll_proposals.since_in(proposal)}


def _tags_of(texts: Any) -> list[str]:
    """Return the languages of texts, and those in which fields were sent: nothing that was typed is lost."""
    used = {tag for text in texts if text for tag in text.texts}
    sent = {tag for tag in WRITTEN_LANGUAGES if f"name_{tag}" in request.form or f"footnote_{tag}" in request.form}
    return [*LOCALES, *sorted((used | sent) - set(LOCALES))]


def _with(form: type[Any], fields: Mapping[str, Any]) -> Any:
    """Return a form with more fields; made for one request, for the languages of what it is about."""
    return type(form.__name__, (form,), {**fields})


def _fields_of_names(tags: Sequence[str]) -> dict[str, Any]:
    short, formal = (
        partial(StringField, filters=[line], validators=[_SHORT]),
        partial(StringField, filters=[line], validators=[_FORMAL]),
    )
    fields: dict[str, Any] = {}
    for tag in (*tags, OTHER):
        language = gettext("the other language") if tag == OTHER else _language(tag)
        fields[f"name_{tag}"] = short(gettext("Official short name in %(language)s", language=language))
        fields[f"formal_name_{tag}"] = formal(gettext("Formal name in %(language)s (optional)", language=language))
        fields[f"in_sentence_{tag}"] = short(
            gettext("Short name within a sentence in %(language)s (optional)", language=language)
        )
    return fields


def _fields_of_footnotes(tags: Sequence[str]) -> dict[str, Any]:
    return {
        f"footnote_{tag}": TextAreaField(
            gettext("Footnote to the name in %(language)s (optional)", language=_language(tag)),
            filters=[cleaned],
            validators=[_LONG],
        )
        for tag in tags
    }


def _language(tag: str) -> str:
    return str(Locale.parse(tag, sep="-").get_display_name(i18n.locale()) or tag)


def _text(texts: Mapping[str, str], authentic: str) -> Text | None:
    """Return a text in the languages in which there is one; authentic in the wanted one, else in the first."""
    if not texts:
        return None
    return Text(authentic if authentic in texts else next(iter(texts)), dict(texts))


def _require_code(field: Any) -> None:
    if field.data and field.data not in countries_by_alpha2:
        raise ValidationError(_NO_CODE)
