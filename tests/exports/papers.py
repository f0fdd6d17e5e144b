"""Papers for the tests of the forms in which they are taken away."""

from datetime import UTC, datetime
from typing import Any

from tracker.exports.paper import (
    Address,
    Exact,
    Facts,
    Heading,
    Item,
    Letterhead,
    Paper,
    Paragraph,
    Part,
    Quote,
    Signature,
    Words,
)

ARABIC = "نعلن التزامنا بمكافحة الفساد."


def words(text: str, language: str = "en", direction: str = "ltr") -> Words:
    return Words(text, language, direction)


def paper(*parts: Part, **more: Any) -> Paper:
    """Return a paper of these parts."""
    facts: dict[str, Any] = {
        "title": words("Endorsement of recommendations"),
        "subtitle": words("Cohort on Clean Rivers"),
        "footer": words("Arcadia, ledger entry 57"),
        "page": "Page {page} of {pages}",
        "name": "Endorsement of recommendations – Arcadia",
        "moment": datetime(2026, 3, 27, 10, 5, tzinfo=UTC),
    }
    return Paper(**{**facts, **more}, parts=parts)


def a_letter() -> Paper:
    """Return a paper with a part of every kind."""
    return paper(
        Paragraph(words("Sir or Madam,")),
        Facts(((words("Covers"), words("2 of 5 recommendations")), (words("Hash"), Exact(("5ed2 427e", "b4f7 e93e"))))),
        Heading(words("The recommendations endorsed")),
        Paragraph(words("Original wording"), note=True),
        Heading(words("1. Standards"), level=3),
        Item("1.1", words("Keep the rivers clean."), words("Summary")),
        Item("2.3", words("Count the fish."), quotes=(Quote(words("Except on feast days."), words("Reservation")),)),
        Heading(words("Statement")),
        Quote(words("Nous déclarons.\nDeux lignes.\n\nDeux paragraphes.", "fr"), words("")),
        Quote(words(ARABIC, "ar", "rtl"), words("In Arabic")),
        Signature(
            (words("I ask you to record it."),),
            (words("For"), words("Arcadia")),
            (words("Signature"), words("Office")),
        ),
        head=(Letterhead(words("Arcadia")), Address((words("The secretariat"), words("desk@example.org")))),
    )
