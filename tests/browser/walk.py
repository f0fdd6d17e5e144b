"""Walks through every page of the register in every state that it has, as the people who see it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.conftest import Open
from tests.letters import a_pdf
from tracker import clock
from tracker.demonstration import PASSWORD

Stop = tuple[str, Page]


def sign_in(page: Page, who: str, language: str = "en") -> Page:
    """Sign a person of the demo in."""
    page.goto(f"/{language}/sign-in")
    page.locator("#email").fill(f"{who}@example.org")
    page.locator("#password").fill(PASSWORD)
    send(page)
    return page


def public_pages(opened: Open, language: str) -> Iterator[Stop]:
    """Visit what anyone can see of the bundled cohort."""
    page = opened()
    cohort = f"/{language}/international-cooperation"
    for name, address in {
        "cohorts": f"/{language}/",
        "overview": cohort,
        "signatories": f"{cohort}/signatories",
        "recommendation": f"{cohort}/recommendations/2.3",
        "participant": f"/{language}/participants/moldova",
        "search": f"/{language}/search?name=transparency",
        "participant-with-footnote": f"/{language}/participants/kosovo",
        "participant-with-long-name": (
            f"/{language}/participants/african-center-for-governance-asset-recovery-and-sustainable-development"
        ),
        "participant-without-name": f"/{language}/participants/intergovernmental-organisation-not-named-in-the-sources",
        "participant-without-endorsement": f"/{language}/participants/romania",
        "sign-in": f"/{language}/sign-in",
        "not-found": f"/{language}/nothing/here",
    }.items():
        page.goto(address)
        yield name, page
    page.goto(f"/{language}/sign-in")
    send(page)
    yield "sign-in-with-errors", page


def life(opened: Open, language: str) -> Iterator[Stop]:
    """Visit the desk, the secretariat and the public pages along the life of one endorsement."""
    representative, staff, public = (
        sign_in(opened(), "romania", language),
        sign_in(opened(), "staff", language),
        opened(),
    )
    desk = f"/{language}/desk/romania/international-cooperation"
    yield "desk", representative
    yield "queue-empty", staff
    yield from _counts(staff, language)
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-nothing-yet", representative
    yield from _answers(representative, desk)
    representative.goto(f"{desk}/discard")
    yield "discard", representative
    representative.goto(f"{desk}/check")
    yield "check", representative
    send(representative)
    yield "submitted", representative
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-submitted", representative
    yield from _returning(representative, staff, language)
    yield from _confirming(representative, staff, language)
    yield from _changing(representative, staff, language)
    yield from _withdrawing(representative, staff, language)
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-withdrawn", representative
    yield from _mails(representative, staff, language)
    yield from _rewording(opened, staff, language)
    yield from _correcting(staff, sign_in(opened(), "staff2", language), language)
    corrected = sign_in(opened(), "moldova", language)
    corrected.goto(f"/{language}/desk/moldova/")
    yield "desk-annulled", corrected
    public.goto(f"/{language}/participants/moldova")
    yield "participant-corrected", public
    yield from _recording(staff, language)
    yield from enrolling(staff, sign_in(opened(), "staff2", language), language)
    for name, address in {
        "signatories-with-withdrawal": f"/{language}/international-cooperation/signatories",
        "participant-withdrawn": f"/{language}/participants/romania",
    }.items():
        public.goto(address)
        yield name, public


def enrolling(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    """Look through the roll, add, rename, change and merge; somebody else approves."""
    roll = f"/{language}/secretariat/roll"
    staff.goto(roll)
    yield "roll", staff
    staff.goto(f"{roll}?search=nobody")
    yield "roll-nothing-found", staff
    staff.goto(f"{roll}/new")
    send(staff)
    yield "roll-new-with-errors", staff
    staff.locator("[name=name_en]").fill("UN Office for Drugs & Crime")
    staff.locator("[name=authentic]").select_option("en")
    staff.locator("input[name=kind][value=intergovernmental]").check()
    send(staff)
    yield "roll-new", staff
    staff.goto(f"{roll}/new")
    staff.locator("[name=name_en]").fill("Republica Moldova")
    staff.locator("[name=authentic]").select_option("en")
    staff.locator("input[name=kind][value=country]").check()
    send(staff)
    yield "roll-new-similar", staff
    staff.locator("[name=another]").check()
    send(staff)
    yield "roll-addition", staff
    colleague.goto(staff.url)
    yield "roll-addition-to-decide", colleague
    send(colleague, "/approve")
    staff.goto(f"{roll}/similar")
    yield "roll-similar", staff
    staff.goto(f"{roll}/republica-moldova/merge?into=moldova")
    yield "roll-merge", staff
    send(staff)
    colleague.goto(staff.url)
    yield "roll-merger-to-decide", colleague
    send(colleague, "/approve")
    yield "roll-merged", colleague
    yield from _renaming(staff, colleague, language)


def _renaming(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    roll = f"/{language}/secretariat/roll"
    staff.goto(f"{roll}/kosovo/rename")
    yield "roll-rename", staff
    staff.locator("[name=name_en]").fill("Republic of Dardania")
    staff.locator("[name=reason]").fill("By the decision of its parliament.")
    staff.locator("[name=written_in]").select_option("en")
    for part, value in (("day", "1"), ("month", "5"), ("year", "2024")):
        staff.locator(f"[name=since-{part}]").fill(value)
    send(staff)
    colleague.goto(staff.url)
    yield "roll-rename-to-decide", colleague
    send(colleague, "/approve")
    staff.goto(f"{roll}/kosovo/change")
    yield "roll-change", staff
    staff.locator("[name=website]").fill("no address")
    send(staff)
    yield "roll-change-with-errors", staff
    staff.locator("[name=website]").fill("https://www.example.org")
    staff.locator("input[name=kind][value=intergovernmental]").check()
    staff.locator("[name=iso_code]").fill("")
    send(staff)
    colleague.goto(staff.url)
    yield "roll-change-to-decide", colleague
    send(colleague, "/approve")
    staff.goto(f"{roll}/kosovo")
    yield "roll-participant", staff
    staff.goto(f"/{language}/participants/kosovo")
    yield "participant-renamed", staff


def _counts(page: Page, language: str) -> Iterator[Stop]:
    counts = f"/{language}/secretariat/counts/international-cooperation"
    for name, address in {
        "counts": counts,
        "counts-by-recommendation": f"{counts}/by-recommendation",
        "counts-over-time": f"{counts}/over-time",
        "counts-before-the-first": f"{counts}/over-time?as-at=2023-03-26",
        "not-endorsed": f"{counts}/not-endorsed",
        "not-endorsed-past": f"{counts}/not-endorsed?as-at=2023-03-26",
        "counts-with-errors": f"{counts}?as-at=2023-02-31",
    }.items():
        page.goto(address)
        yield name, page


def _answers(page: Page, desk: str) -> Iterator[Stop]:
    page.goto(f"{desk}/recommendations")
    send(page)
    yield "recommendations-with-errors", page
    page.locator("input[name=scope][value=chosen]").check()
    for number in ("1.1", "2.3", "3.4"):
        page.locator(f"input[name=numbers][value='{number}']").check()
    yield "recommendations", page
    send(page)
    page.locator("[name=written_in]").select_option("en")
    page.locator("#reservation-2\\.3").fill("Subject to the rules of the constitution on judges.\n" * 3)
    yield "reservations", page
    send(page)
    page.goto(f"{desk}/check")
    yield "check-incomplete", page
    page.goto(f"{desk}/statement")
    yield "statement", page
    page.locator("[name=statement-0]").fill("بيان عام باللغة العربية.")
    page.locator("[name=written_in-0]").select_option("ar")
    enter(page.locator("main button[name=add]"))
    page.locator("[name=statement-1]").fill("O declarație generală.")
    send(page)
    yield "statement-with-errors", page
    page.locator("[name=written_in-1]").select_option("ro")
    page.locator("#authentic-1").check()
    send(page)
    yield from _signature(page)


def _signature(page: Page) -> Iterator[Stop]:
    for part, typed in (("day", "31"), ("month", "2"), ("year", "2023")):
        page.locator(f"[name=signed_on-{part}]").fill(typed)
    page.locator("[name=signatory_name]").fill("Ana-Maria Popescu-Tăriceanu")
    page.locator("[name=signatory_office]").fill("Deputy Prime Minister and Minister of Justice of Romania " * 3)
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"Dear Secretariat,"}
    page.locator("[name=letter]").set_input_files(letter)
    send(page)
    yield "signature-with-errors", page
    page.locator("[name=letter]").set_input_files({**letter, "name": f"{'Scrisoare' * 10}.pdf", "buffer": a_pdf()})
    send(page)
    yield "signature-with-letter", page
    page.locator("[name=signed_on-day]").fill("28")
    send(page)


def _returning(representative: Page, staff: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/")
    yield "queue", staff
    enter(staff.locator("main tbody a"))
    yield "decide", staff
    send(staff, "/refuse")
    yield "decide-with-errors", staff
    staff.locator("[name=decision][value=returned]").check()
    staff.locator("[name=reason_signature]").fill("The letter is dated 27 February.")
    staff.locator("[name=reason_letter]").fill("Page 2 is missing.")
    send(staff, "/refuse")
    yield "decided-returned", staff
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-returned", representative
    representative.goto(f"/{language}/desk/romania/international-cooperation/check")
    yield "check-returned", representative


def _confirming(representative: Page, staff: Page, language: str) -> Iterator[Stop]:
    send(representative, "/submit")
    staff.goto(f"/{language}/secretariat/")
    enter(staff.locator("main tbody a"))
    kept_open = staff.context.new_page()
    kept_open.goto(staff.url)
    send(staff, "/confirm")
    yield "decided-confirmed", staff
    send(kept_open, "/confirm")
    yield "decided-meanwhile", kept_open
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-in-force", representative


def _changing(representative: Page, staff: Page, language: str) -> Iterator[Stop]:
    desk = f"/{language}/desk/romania/international-cooperation"
    representative.goto(f"{desk}/recommendations")
    representative.locator("input[name=numbers][value='1.1']").uncheck()
    representative.locator("input[name=numbers][value='2.1']").check()
    send(representative)
    representative.goto(f"/{language}/desk/romania/")
    yield "desk-changing", representative
    representative.goto(f"{desk}/signature")
    for part, typed in (("day", "1"), ("month", "3"), ("year", "2023")):
        representative.locator(f"[name=signed_on-{part}]").fill(typed)
    send(representative)
    yield "check-change", representative
    send(representative)
    yield "submitted-change", representative
    staff.goto(f"/{language}/secretariat/")
    enter(staff.locator("main tbody a"))
    yield "decide-change", staff
    send(staff, "/confirm")


def _withdrawing(page: Page, staff: Page, language: str) -> Iterator[Stop]:
    desk = f"/{language}/desk/romania/international-cooperation"
    page.goto(f"{desk}/withdraw")
    send(page)
    yield "withdraw-with-errors", page
    today = clock.today()
    for part in ("day", "month", "year"):
        page.locator(f"[name=signed_on-{part}]").fill(str(getattr(today, part)))
    page.locator("[name=reason]").fill("The law on cooperation has changed.")
    page.locator("[name=written_in]").select_option("en")
    page.locator("[name=name]").fill("romania" if language == "en" else "roumanie")
    send(page)
    yield "notice", page
    page.goto(f"/{language}/desk/romania/")
    yield "desk-with-notice", page
    staff.goto(f"/{language}/secretariat/?matter=withdrawal")
    yield "queue-of-withdrawals", staff
    enter(staff.locator("main tbody a"))
    yield "decide-withdrawal", staff
    send(staff, "/return")
    yield "decide-withdrawal-with-errors", staff
    send(staff, "/approve")
    yield "decided-withdrawal", staff


def _mails(representative: Page, staff: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/mail")
    yield "mails", staff
    enter(staff.locator("main tbody a").first)
    yield "mail", staff
    representative.goto(f"/{language}/account/language")
    yield "language-of-mails", representative


def _correcting(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/corrections")
    enter(staff.locator("main form button"))
    yield "corrections-with-errors", staff
    staff.locator("[name=participant]").select_option("moldova")
    staff.locator("[name=cohort]").select_option("international-cooperation")
    enter(staff.locator("main form button"))
    send(staff)
    yield "correct-with-errors", staff
    staff.locator("[name=reason]").fill("The source counts Moldova as a co-lead, not as a signatory.")
    staff.locator("[name=written_in]").select_option("en")
    send(staff)
    yield "correction-own", staff
    colleague.goto(staff.url)
    yield "correction", colleague
    send(colleague, "/approve")
    yield "correction-approved", colleague


def disputes(opened: Open, language: str, database: Path) -> Iterator[Stop]:
    """Visit what readers report, and what a participant disputes by the link that is in a mail, with the answers."""
    public, staff, colleague = (
        opened(),
        sign_in(opened(), "staff", language),
        sign_in(opened(), "staff2", language),
    )
    yield from _reporting(public, staff, language)
    yield from _contact(staff, colleague, language)
    yield from _disputing(public, language, database)
    staff.goto(f"/{language}/secretariat/?matter=review")
    yield "queue-of-reviews", staff
    enter(staff.locator("main tbody a"))
    yield "review", staff
    send(staff, staff.url.rpartition("/")[2])
    yield "review-with-errors", staff
    staff.locator("[name=reason]").fill("The minister signed it on 2 March, as the letter shows.")
    staff.locator("[name=written_in]").select_option("en")
    send(staff, staff.url.rpartition("/")[2])
    yield "review-closed", staff
    public.goto(f"/{language}/participants/moldova")
    yield "participant-after-review", public


def _reporting(public: Page, staff: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/reports")
    yield "reports-empty", staff
    public.goto(f"/{language}/participants/moldova")
    enter(public.locator("footer a"))
    yield "report", public
    public.locator("[name=address]").fill("no address")
    send(public)
    yield "report-with-errors", public
    public.locator("[name=message]").fill("Moldova is a co-lead.\n" + "Unabbreviated" * 20)
    public.locator("[name=name]").fill("Ana-Maria Popescu-Tăriceanu")
    public.locator("[name=address]").fill(f"{'long-' * 8}name@example.org")
    send(public)
    yield "reported", public
    staff.goto(f"/{language}/secretariat/reports")
    yield "reports", staff
    enter(staff.locator("main tbody th a"))
    yield "staff-report", staff
    place = staff.url.rpartition("/")[2]
    send(staff, place)
    yield "staff-report-with-errors", staff
    staff.locator("[name=decision][value=answered]").check()
    staff.locator("[name=answer]").fill("You are right. Thank you.")
    staff.locator("[name=note]").fill("See the correction.")
    send(staff, place)
    yield "staff-report-answered", staff


def _contact(staff: Page, colleague: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/participants/moldova/contact")
    staff.locator("[name=address]").fill("no address")
    send(staff)
    yield "contact-with-errors", staff
    staff.locator("[name=address]").fill("office@moldova.example.org")
    send(staff)
    yield "contact-own", staff
    staff.goto(f"/{language}/secretariat/participants/moldova/contact")
    yield "contact-proposed", staff
    colleague.goto(f"/{language}/secretariat/?matter=contact")
    yield "queue-of-contacts", colleague
    enter(colleague.locator("main tbody a"))
    yield "contact-to-decide", colleague
    send(colleague, "/approve")
    yield "contact-approved", colleague


def _disputing(public: Page, language: str, database: Path) -> Iterator[Stop]:
    public.goto(f"/{language}/participants/moldova")
    enter(public.locator("main a[href*='/dispute/']"))
    yield "dispute", public
    place = public.url
    send(public)
    yield "link-sent", public
    with closing(sqlite3.connect(database)) as connection:
        ((facts,),) = connection.execute("SELECT facts FROM mail WHERE notice = 'dispute_link'")
    link = f"{place}/{json.loads(facts)['secret']}"
    public.goto(f"{place}/{'0' * 64}")
    yield "link-wrong", public
    public.goto(link)
    yield "dispute-with-link", public
    send(public)
    yield "dispute-with-errors", public
    public.locator("[name=message]").fill("Nobody of our ministry signed this.")
    send(public)
    yield "disputed", public
    public.goto(link)
    yield "link-used", public
    public.goto(place)
    yield "dispute-under-review", public
    for name, address in {
        "participant-under-review": "participants/moldova",
        "signatories-under-review": "international-cooperation/signatories",
        "recommendation-under-review": "international-cooperation/recommendations/2.3",
    }.items():
        public.goto(f"/{language}/{address}")
        yield name, public


def _recording(staff: Page, language: str) -> Iterator[Stop]:
    staff.goto(f"/{language}/secretariat/letters")
    send(staff)
    yield "letters-with-errors", staff
    staff.locator("[name=participant]").select_option("romania")
    staff.locator("[name=cohort]").select_option("international-cooperation")
    send(staff)
    yield "letter-recommendations", staff
    staff.locator("input[name=scope][value=all]").check()
    send(staff)
    staff.goto(f"/{language}/desk/romania/international-cooperation/signature")
    send(staff)
    yield "letter-signature-with-errors", staff
    today = clock.today()
    for field in ("signed_on", "received_on"):
        for part in ("day", "month", "year"):
            staff.locator(f"[name={field}-{part}]").fill(str(getattr(today, part)))
    staff.locator("[name=provenance]").fill("By post, registered as no. 123")
    send(staff)
    yield "letter-check", staff
    staff.goto(f"/{language}/secretariat/letters")
    yield "letters", staff


def _rewording(opened: Open, staff: Page, language: str) -> Iterator[Stop]:
    """Amend a recommendation that many endorse, in several scripts; somebody else approves it."""
    texts = f"/{language}/secretariat/texts/international-cooperation"
    staff.goto(f"{texts}/1.1/amendment")
    enter(staff.locator("main #answers .buttons button"))
    yield "amendment-with-errors", staff
    for place, (tag, text) in enumerate((("ar", "على الدول أن تتعاون."), ("zh", "各国应当合作。")), start=1):
        enter(staff.locator("main button[name=add]"))
        staff.locator(f"[name=written_in-{place}]").select_option(tag)
        staff.locator(f"[name=text-{place}]").fill(text)
    staff.locator("#authentic-0").check()
    staff.locator("[name=text-0]").fill(staff.locator("[name=text-0]").input_value() + " They say so every year.")
    staff.locator("[name=reason]").fill("As the cohort agreed at its last meeting.")
    staff.locator("[name=reason_in]").select_option("en")
    staff.locator("[name=provenance]").fill("Note verbale no. 12 of 3 May 2026")
    yield "amendment", staff
    enter(staff.locator("main #answers .buttons button"))
    yield "amendment-check", staff
    enter(staff.locator("main button[name=sure]"))
    yield "amendment-proposed", staff
    staff.goto(texts)
    yield "texts", staff
    staff.goto(f"{texts}/headings/1/corrigendum")
    yield "title", staff
    colleague = sign_in(opened(), "staff2", language)
    colleague.goto(f"/{language}/secretariat/?matter=amendment")
    enter(colleague.locator("main tbody a"))
    yield "decide-amendment", colleague
    send(colleague, "/approve")
    yield "decided-amendment", colleague
    public = opened()
    public.goto(f"/{language}/international-cooperation/recommendations/1.1")
    yield "recommendation-amended", public
    yield from _asked(sign_in(opened(), "moldova", language), language)


def _asked(representative: Page, language: str) -> Iterator[Stop]:
    representative.goto(f"/{language}/desk/moldova/")
    yield "desk-amended", representative
    representative.goto(f"/{language}/desk/moldova/international-cooperation/wordings")
    yield "wordings", representative
    representative.locator("main input[name=numbers]").first.uncheck()
    send(representative)
    yield "wordings-with-errors", representative


def send(page: Page, action: str = "") -> None:
    """Send the form of a page: the one whose action ends so, else the first in its main part."""
    form = f"form[action$='{action}']" if action else "form"
    enter(page.locator(f"main {form} button:not([name])").first)


def enter(control: Locator) -> None:
    """Follow a link or press a button, as somebody does who has a keyboard alone."""
    with control.page.expect_navigation():
        control.press("Enter")
