"""Walks through what staff load in bulk, publish, record from paper and decide about people, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.walk import Stop, enter, send, sign_in
from tests.letters import a_pdf
from tracker import clock

LONG = "International Association of Anti-Corruption Authorities and Asset Recovery Practitioners of the Danube Region"


def loading(opened: Open, language: str) -> Iterator[Stop]:
    """Load tables: one that cannot be read, one with wrong rows, one that is proposed and approved."""
    staff, colleague = sign_in(opened(), "staff", language), sign_in(opened(), "staff2", language)
    staff.goto(f"/{language}/secretariat/bulk")
    send(staff)
    yield "bulk-with-errors", staff
    head = "participant,kind,name_authentic,name_en"
    _upload(staff, language, head, "nowhere,planet,en,Nowhere", ",country,xx,", f"danube,civil_society,en,{LONG}")
    yield "load-with-wrong-rows", staff
    staff.goto(f"{staff.url}?outcome=changed")
    yield "load-nothing-of-this-kind", staff
    rows = [f"place-{number},country,en,Place {number}" for number in range(70)]
    _upload(staff, language, head, f"danube,civil_society,en,{LONG}", *rows)
    yield "load", staff
    send(staff, "/propose")
    yield "load-proposed", staff
    colleague.goto(staff.url)
    yield "load-to-decide", colleague
    send(colleague, "/approve")
    yield "load-approved", colleague
    staff.goto(f"/{language}/secretariat/bulk")
    yield "bulk", staff
    for name, address in {
        "participant-loaded": "participants/danube",
        "search-of-many": "search?name=place",
        "search-found-nothing": "search?name=zzzz",
    }.items():
        staff.goto(f"/{language}/{address}")
        yield name, staff


def _upload(page: Page, language: str, *lines: str) -> None:
    page.goto(f"/{language}/secretariat/bulk")
    table = {"name": "participants.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    page.locator("[name=tables]").set_input_files(table)
    send(page)
    page.locator("main #rows").wait_for()


def publishing(opened: Open, language: str) -> Iterator[Stop]:
    """Add an event for a chosen moment, move it and call it off; change and take down a document; prepare a cohort."""
    staff, colleague = sign_in(opened(), "staff", language), sign_in(opened(), "staff2", language)
    staff.goto(f"/{language}/secretariat/cohorts")
    yield "cohorts-of-staff", staff
    yield from _event(staff, colleague, language)
    yield from _document(staff, colleague, language)
    yield from _preparation(staff, colleague, language)


def _event(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    cohort = f"/{language}/secretariat/cohorts/international-cooperation"
    staff.goto(f"{cohort}/add-event")
    send(staff)
    yield "event-with-errors", staff
    staff.locator("input[name=kind][value=meeting]").check()
    _day(staff, "held_on", clock.today() + timedelta(days=300))
    staff.locator("[name=written_in-0]").select_option("en")
    staff.locator("[name=text-title-0]").fill(f"Fourth meeting with the {LONG}")
    staff.locator("[name=text-place-0]").fill("Chișinău")
    enter(staff.locator("main button[name=add]"))
    yield "event-in-two-languages", staff
    enter(staff.locator("main button[name=remove]").last)
    staff.locator("input[name=appears][value=later]").check()
    _day(staff, "due_on", clock.today() + timedelta(days=30))
    staff.locator("[name=due_hour]").fill("09:30")
    send(staff)
    yield "event-proposed", staff
    colleague.goto(staff.url)
    yield "event-to-decide", colleague
    send(colleague, "/approve")
    yield "event-approved-appears-later", colleague
    send(colleague, "/move")
    yield "event-moved-with-errors", colleague
    staff.goto(f"/{language}/secretariat/?state=scheduled")
    yield "queue-of-what-appears-later", staff
    staff.goto(cohort)
    yield "cohort-of-staff", staff
    send(colleague, "/call-off")
    yield "publication-called-off", colleague
    enter(staff.locator("main a[href*='/events/']").first)
    yield "event-change", staff
    enter(staff.locator("main a[href$='/call-off']"))
    yield "event-call-off", staff
    _why(staff, "The host cannot receive us.")
    send(staff)
    colleague.goto(staff.url)
    yield "event-call-off-to-decide", colleague
    send(colleague, "/approve")


def _document(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    cohort = f"/{language}/secretariat/cohorts/international-cooperation"
    staff.goto(f"{cohort}/add-document")
    send(staff)
    yield "document-with-errors", staff
    staff.goto(cohort)
    enter(staff.locator("main a[href*='/documents/']").first)
    yield "document-change", staff
    enter(staff.locator("main a[href$='/take-down']"))
    yield "document-take-down", staff
    _why(staff, "A later edition replaces it.")
    send(staff)
    colleague.goto(staff.url)
    yield "document-take-down-to-decide", colleague
    send(colleague, "/approve")
    staff.goto(f"/{language}/international-cooperation")
    yield "overview-with-event-called-off", staff


def _why(page: Page, reason: str) -> None:
    page.locator("[name=written_in-0]").select_option("en")
    page.locator("[name=text-reason-0]").fill(reason)
    page.locator("[name=source]").fill("Note verbale no. 12 of 3 May 2026")


def _preparation(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/preparations/new")
    send(staff)
    yield "cohort-new-with-errors", staff
    staff.locator("[name=slug]").fill("clean-rivers")
    staff.locator("[name=written_in-0]").select_option("en")
    staff.locator("[name=text-title-0]").fill("Clean Rivers and the Recovery of What Was Taken from Them")
    send(staff)
    yield "preparation-empty", staff
    place = staff.url
    staff.goto(f"{place}/sources/new")
    yield "source-new", staff
    for part, number, text in (
        ("outcomes", "", "A treaty on rivers"),
        ("areas", "", "Water"),
        ("areas", "", "Fish, and those who live from them"),
        ("headings", "1", "Cooperation"),
        ("recommendations", "1.1", "Keep the rivers clean, and say every year what was done for it."),
    ):
        staff.goto(f"{place}/{part}/new")
        if part == "recommendations":
            send(staff)
            yield "recommendation-new-with-errors", staff
            staff.locator("input[name=text_status]").first.check()
        if number:
            staff.locator("[name=number]").fill(number)
        staff.locator("[name=written_in-0]").select_option("en")
        staff.locator("[name=text-text-0]").fill(text)
        send(staff)
    yield "preparation", staff
    staff.goto(f"{place}/preview")
    yield "preparation-preview", staff
    staff.goto(place)
    send(staff, "/propose")
    yield "cohort-proposed", staff
    colleague.goto(staff.url)
    yield "cohort-to-decide", colleague
    staff.goto(place)
    yield "preparation-proposed", staff
    send(colleague, "/approve")
    yield "cohort-decided", colleague
    staff.goto(f"/{language}/secretariat/cohorts")
    yield "cohorts-of-staff-two", staff


def paper(opened: Open, language: str) -> Iterator[Stop]:
    """Record a notice of withdrawal that came on paper, and give one at the desk with the signed letter."""
    staff, colleague = sign_in(opened(), "staff", language), sign_in(opened(), "staff2", language)
    representative = sign_in(opened(), "moldova", language)
    representative.goto(f"/{language}/desk/moldova/international-cooperation/withdraw")
    yield "withdraw", representative
    letter = {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    representative.locator("[name=letter]").set_input_files(letter)
    send(representative)
    yield "withdraw-with-letter-and-errors", representative
    enter(representative.locator("main button[name=save]"))
    yield "withdraw-saved", representative
    staff.goto(f"/{language}/secretariat/letters")
    staff.locator("[name=participant]").select_option("moldova")
    staff.locator("[name=cohort]").select_option("international-cooperation")
    staff.locator("[name=what][value=withdraws]").check()
    send(staff)
    yield "notice-on-paper", staff
    staff.locator("[name=letter]").set_input_files({**letter, "name": f"{'scrisoare-' * 9}.pdf"})
    send(staff)
    yield "notice-on-paper-with-errors", staff
    for field in ("signed_on", "received_on"):
        _day(staff, field, clock.today())
    staff.locator("[name=provenance]").fill("By post, registered as no. 124")
    send(staff)
    yield "notice-effect", staff
    staff.locator("[name=reason]").fill("A new law on cooperation.")
    send(staff)
    yield "notice-effect-with-errors", staff
    staff.goto(f"/{language}/secretariat/letters/moldova/international-cooperation/withdrawal/check")
    yield "notice-check-incomplete", staff
    staff.goto(f"/{language}/secretariat/letters/moldova/international-cooperation/withdrawal/effect")
    _day(staff, "effective_on", clock.today())
    staff.locator("[name=reason]").fill("A new law on cooperation.")
    staff.locator("[name=written_in]").select_option("en")
    send(staff)
    yield "notice-check", staff
    staff.goto(f"/{language}/secretariat/letters")
    yield "letters-with-notice", staff
    staff.goto(f"/{language}/secretariat/letters/moldova/international-cooperation/withdrawal/check")
    send(staff, "/submit")
    yield "notice-submitted", staff
    colleague.goto(f"/{language}/secretariat/?matter=withdrawal")
    enter(colleague.locator("main tbody a"))
    yield "notice-to-decide", colleague
    representative.goto(f"/{language}/desk/moldova/")
    yield "desk-with-notice-on-paper", representative
    representative.goto(f"/{language}/desk/moldova/history")
    yield "history-of-desk", representative


def people(opened: Open, language: str) -> Iterator[Stop]:
    """Propose a head representative, who proposes a colleague; change, end and suspend accreditations."""
    staff, colleague = sign_in(opened(), "staff", language), sign_in(opened(), "staff2", language)
    of = f"/{language}/secretariat/people"
    staff.goto(of)
    yield "people", staff
    staff.goto(f"{of}?search=nobody+at+all")
    yield "people-nothing-found", staff
    staff.goto(f"{of}/romania")
    yield "people-of", staff
    staff.goto(f"{of}/romania/new")
    send(staff)
    yield "accreditation-with-errors", staff
    _candidate(staff, "Ana-Maria Popescu-Tăriceanu", f"{'long-' * 8}name@example.org")
    staff.locator("[name=is_head][value=yes]").check()
    send(staff)
    yield "accreditation-proposed", staff
    colleague.goto(f"/{language}/secretariat/?matter=accreditation")
    yield "queue-of-accreditations", colleague
    enter(colleague.locator("main tbody a").first)
    yield "accreditation-to-decide", colleague
    staff.goto(f"{of}/romania")
    yield "people-of-with-proposal", staff
    send(colleague, "/approve")
    yield "accreditation-approved", colleague
    for step in ("change", "end", "suspend"):
        staff.goto(f"{of}/romania")
        enter(staff.locator(f"main a[href$='/{step}']").first)
        yield f"accreditation-{step}", staff
        send(staff)
        yield f"accreditation-{step}-sent", staff
    staff.locator("[name=note]").fill("The ministry told us by telephone that she left.")
    send(staff)
    yield "accreditation-suspended", staff
    colleague.goto(f"/{language}/secretariat/")
    yield "queue-of-every-matter", colleague
    enter(colleague.locator("main tbody a").last)
    yield "suspension-to-decide", colleague
    representative = sign_in(opened(), "romania2", language)
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-with-colleagues", representative


def _candidate(page: Page, name: str, email: str) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=office]").fill("Deputy Head of the Department of International Legal Cooperation")
    page.locator("[name=email]").fill(email)
    _day(page, "starts_on", clock.today())
    page.locator("[name=note]").fill("Named by note verbale no. 7 of the ministry.")
    page.locator("input[name=mails_in]").first.check()


def _day(page: Page, field: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"[name={field}-{part}]").fill(str(getattr(day, part)))
