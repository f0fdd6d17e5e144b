"""The forms in which a cohort is prepared, part by part, and what is prepared is proposed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from tracker.publications.links import LONGEST, is_link
from tracker.publications.preparing import HeadingFacts, ItemFacts, Prepared
from tracker.publishing import SourceFacts, slug_of
from tracker.secretariat.publication_forms import PublicationForm, SourceForm
from tracker.texts import one_line
from tracker.vocabulary import TextStatus
from tracker.web.language_forms import Asked, InLanguagesForm
from tracker.web.people_forms import OptionalDate

_SHORT = Length(max=200, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))
_HEADING_NUMBER = lazy_gettext("Enter a number such as 2")
_ITEM_NUMBER = lazy_gettext("Enter a number such as 2.3")


class FactsForm(InLanguagesForm):
    """What is said of a cohort itself."""

    TEXTS: ClassVar = {"title": Asked(lazy_gettext("Title"), missing=lazy_gettext("Enter the title"))}

    slug = StringField(
        lazy_gettext("Address"),
        filters=[one_line],
        validators=[
            Length(max=80, message=lazy_gettext("Shorten this to %(max)d characters or fewer")),
            Regexp("[a-z0-9]+(-[a-z0-9]+)*$", message=lazy_gettext("Use small letters, digits and single hyphens")),
        ],
    )
    summit = StringField(lazy_gettext("Summit (optional)"), filters=[one_line], validators=[_SHORT])
    established_on = OptionalDate(lazy_gettext("When did it first meet? (optional)"))
    published_on = OptionalDate(lazy_gettext("When were its recommendations published? (optional)"))

    @classmethod
    def of(cls, prepared: Prepared, language: str, *, also: Collection[str], **how: Any) -> FactsForm:
        """Return the form with what is prepared."""
        names = ("slug", "summit", "established_on", "published_on")
        data = {**{name: getattr(prepared, name) for name in names}, **how}
        return cls.showing({"title": prepared.title}, language, also=also, data=data)

    def prepared(self, before: Prepared | None = None) -> Prepared:
        """Return what is prepared, with what was said; of a form that is valid."""
        said: dict[str, Any] = {
            "slug": self.slug.data,
            "title": self.text("title"),
            "summit": self.summit.data or None,
            "established_on": self.established_on.data,
            "published_on": self.published_on.data,
        }
        return replace(before, **said) if before else Prepared(**said)


class PartForm(InLanguagesForm):
    """One member of a part of a cohort, in several languages."""

    TEXTS: ClassVar[dict[str, Asked]] = {
        "text": Asked(lazy_gettext("Text"), longest=2000, missing=lazy_gettext("Enter the text"))
    }

    @classmethod
    def asking(cls, prepared: Prepared, member: Any, language: str, *, also: Collection[str], **how: Any) -> PartForm:
        """Return the form with a member of a part, or empty for a new one."""
        return cls.showing({"text": member}, language, also=also, data=how)

    def offer(self, prepared: Prepared) -> None:
        """Offer what the member may refer to."""

    def member(self, prepared: Prepared, before: Any) -> Any:
        """Return the member as it was written; of a form that is valid."""
        return self.text("text")


class HeadingForm(PartForm):
    """A heading of the set."""

    TEXTS: ClassVar = {"text": Asked(lazy_gettext("Title"), missing=lazy_gettext("Enter the title"))}

    number = StringField(
        lazy_gettext("Number"),
        filters=[one_line],
        validators=[InputRequired(_HEADING_NUMBER), Regexp("[1-9][0-9]{0,2}$", message=_HEADING_NUMBER)],
    )

    @classmethod
    def asking(
        cls, prepared: Prepared, member: HeadingFacts | None, language: str, *, also: Collection[str], **how: Any
    ) -> PartForm:
        """Return the form with a heading."""
        data = {**how, "number": str(member.number) if member else None}
        return cls.showing({"text": member.title if member else None}, language, also=also, data=data)

    def member(self, prepared: Prepared, before: Any) -> HeadingFacts:
        """Return the heading as it was written; of a form that is valid."""
        title = self.text("text")
        if title is None:
            raise ValueError("the form is not valid")
        return HeadingFacts(int(self.number.data), title)


class ItemForm(PartForm):
    """A recommendation of the set."""

    TEXTS: ClassVar = {
        "text": Asked(lazy_gettext("Wording"), longest=10_000, rows=5, missing=lazy_gettext("Enter the wording"))
    }

    number = StringField(
        lazy_gettext("Number"),
        filters=[one_line],
        validators=[
            InputRequired(_ITEM_NUMBER),
            Regexp(r"[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){1,3}$", message=_ITEM_NUMBER),
        ],
    )
    text_status = RadioField(
        lazy_gettext("What is this wording?"),
        choices=[SelectChoice(each.value, each.label) for each in TextStatus],
        validators=[InputRequired(lazy_gettext("Choose what this wording is"))],
    )
    source = SelectField(lazy_gettext("From which source is it taken? (optional)"), default="")

    @classmethod
    def asking(
        cls, prepared: Prepared, member: ItemFacts | None, language: str, *, also: Collection[str], **how: Any
    ) -> PartForm:
        """Return the form with a recommendation."""
        data = dict(how)
        if member:
            data |= {
                "number": member.number,
                "text_status": member.text_status.value,
                "source": member.source or "",
            }
        form = cls.showing({"text": member.text if member else None}, language, also=also, data=data)
        form.offer(prepared)
        return form

    def offer(self, prepared: Prepared) -> None:
        """Offer the sources of the cohort."""
        none = SelectChoice("", lazy_gettext("None is named"))
        self.source.choices = [none, *(SelectChoice(each.key, each.title) for each in prepared.sources)]

    def member(self, prepared: Prepared, before: Any) -> ItemFacts:
        """Return the recommendation as it was written; of a form that is valid."""
        text, number = self.text("text"), self.number.data
        if text is None:
            raise ValueError("the form is not valid")
        status = TextStatus[self.text_status.data.upper()]
        return ItemFacts(int(number.partition(".")[0]), number, text, status, self.source.data or None)


class CitedForm(PartForm):
    """A source of the cohort's facts. Its title is quoted as it is."""

    TEXTS: ClassVar[dict[str, Asked]] = {}

    title = StringField(
        lazy_gettext("Title"),
        filters=[one_line],
        validators=[
            DataRequired(lazy_gettext("Enter the title")),
            Length(max=400, message=lazy_gettext("Shorten this to %(max)d characters or fewer")),
        ],
    )
    publisher = StringField(
        lazy_gettext("Publisher"),
        filters=[one_line],
        validators=[DataRequired(lazy_gettext("Enter who published it")), _SHORT],
    )
    url = StringField(
        lazy_gettext("Link (optional)"),
        filters=[one_line],
        validators=[Length(max=LONGEST, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))],
    )
    published_on = OptionalDate(lazy_gettext("When was it published? (optional)"))
    describes_cohort = BooleanField(lazy_gettext("It describes the cohort: name it on the public page"))

    def validate_url(self, field: Any) -> None:
        """Take addresses of the web alone."""
        if field.data and not is_link(field.data):
            raise ValidationError(lazy_gettext("Enter an address of the web that begins with https:// or http://"))

    @classmethod
    def asking(
        cls, prepared: Prepared, member: SourceFacts | None, language: str, *, also: Collection[str], **how: Any
    ) -> PartForm:
        """Return the form with a source."""
        return cls.showing({}, language, also=also, data={**how, **(member.__dict__ if member else {})})

    def member(self, prepared: Prepared, before: SourceFacts | None) -> SourceFacts:
        """Return the source as it was written; a new one gets a key of its own."""
        taken = {each.key for each in prepared.sources}
        wanted = slug_of(self.title.data)[:36].strip("-")
        free = next(each for each in (wanted, *(f"{wanted}-{n}" for n in range(2, 999))) if each not in taken)
        return SourceFacts(
            key=before.key if before else free,
            title=self.title.data,
            publisher=self.publisher.data,
            url=self.url.data or None,
            published_on=self.published_on.data,
            describes_cohort=self.describes_cohort.data,
        )


class ProposeForm(PublicationForm):
    """When a new cohort is to appear."""

    TEXTS: ClassVar[Mapping[str, Asked]] = {}


class ProposeChangeForm(SourceForm):
    """Why a published cohort is to change, and when."""

    TEXTS: ClassVar = {
        "reason": Asked(
            lazy_gettext("Reason"),
            longest=2000,
            rows=3,
            missing=lazy_gettext("Say why, for readers of the register"),
            hint=lazy_gettext("It is published."),
        )
    }
