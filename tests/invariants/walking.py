"""The walk along every route, in every state and as the person it is for, which the invariants share."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.acting import act, found, in_register, submitted_as
from tests.announced import DOCUMENT, EVENT, at, clean_seas, event_facts
from tests.bulk.uploading import a_load, participants
from tests.checked_client import HTML, CheckedClient, parse
from tests.conftest import NO_PROVIDER
from tests.identity.codes import with_app
from tests.letters import a_letter
from tests.world import (
    PASSWORD,
    World,
    a_candidate,
    a_cohort,
    a_draft,
    a_link,
    a_notice_on_paper,
    a_submission,
    account,
    amended,
    an_administrator,
    disputed,
    in_force,
    item,
    proposed,
    published,
    with_contact,
    with_notice,
)
from tracker import accrediting, clock, correcting, publishing, standing
from tracker.access import Audience, audience_of
from tracker.bulk import loads
from tracker.clock import today
from tracker.disputes import reporting
from tracker.extensions import db
from tracker.identity import authenticators, inviting, links, outside, recovering, resetting, sessions, wishes
from tracker.identity.id_token import Identity
from tracker.mails import outbox
from tracker.models import (
    Account,
    Endorsement,
    Evidence,
    FactorReset,
    Load,
    Mail,
    MailedLink,
    Participant,
    Passkey,
    Preparation,
    Proposal,
    Report,
    Review,
    SignInSession,
    Text,
)
from tracker.people import requesting
from tracker.publications import announcing, appearing, preparing
from tracker.roll import roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.vocabulary import DocumentKind, EventKind, Kind, LinkPurpose, Notice, RevisionKind, SignInWay

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

#: Where Arcadia's endorsement stands as these views need it. Elsewhere, in the first cohort, it is a complete draft.
SUBMITTED, IN_FORCE, WITHDRAWING = "clear-skies", "calm-seas", "cool-woods"
COHORTS = {
    "desk.submitted": SUBMITTED,
    "desk.take_back": SUBMITTED,
    "desk.withdraw": IN_FORCE,
    "desk.give_notice": IN_FORCE,
    "desk.withdrawal_letter_pdf": IN_FORCE,
    "desk.withdrawal_letter_docx": IN_FORCE,
    **dict.fromkeys(
        (
            "secretariat.notice_on_paper",
            "secretariat.save_notice_on_paper",
            "secretariat.effect_of_notice",
            "secretariat.save_effect_of_notice",
            "secretariat.check_notice",
            "secretariat.submit_notice",
            "secretariat.discard_notice",
        ),
        IN_FORCE,
    ),
    "desk.wordings": IN_FORCE,
    "desk.endorse_wordings": IN_FORCE,
    "desk.notice": WITHDRAWING,
    "desk.take_notice_back": WITHDRAWING,
}
#: What a person adds to the text of a change; the last is the button on the page on which it was checked.
A_CHANGE = {"reason": "As the cohort agreed.", "reason_in": "en", "provenance": "Note verbale no. 12", "sure": "1"}
WHY = {"text-reason-0": "The host wrote to us.", "source": "Note of 3 March"}
#: What a person types into the forms that come empty.
TYPED = {
    "account.do_sign_in": {"email": "alice@example.org", "password": PASSWORD},
    "desk.give_notice": {"signed_on-day": "1", "signed_on-month": "1", "signed_on-year": "2024", "name": "Arcadia"},
    "desk.do_discard": {"sure": "yes"},
    "secretariat.refuse": {"decision": "returned", "reason_letter": "The letter is not signed."},
    "secretariat.propose_correction": {"reason": "The letter was another's.", "written_in": "en"},
    "secretariat.record_letter": {"participant": "council-of-rivers", "cohort": "clean-rivers"},
    "secretariat.propose_wording": {**A_CHANGE, "text-0": "Do more."},
    "secretariat.propose_title": {**A_CHANGE, "text-0": "Rivers"},
    "secretariat.return_proposal": {"reason": "The letter is not signed."},
    "desk.do_propose_colleague": {"name": "Cora", "email": "cora@example.org"},
    "desk.do_end_colleague": {f"ends_on-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")},
    "secretariat.do_propose_accreditation": {
        "name": "Carl",
        "email": "carl@example.org",
        "is_head": "no",
        "mails_in": "en",
        "note": "By note verbale no. 7.",
    },
    "secretariat.do_end_accreditation": {
        f"ends_on-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")
    },
    "secretariat.do_change_accreditation": {"is_head": "yes"},
    "secretariat.do_suspend_accreditation": {"note": "The post is abolished."},
    "public.send_report": {"message": "The name is misspelt.", "address": "reader@example.org"},
    "public.send_dispute": {"message": "Nobody of ours signed this."},
    "secretariat.settle_report": {"decision": "answered", "answer": "Thank you."},
    "secretariat.uphold": {"reason": "The minister signed it.", "written_in": "en"},
    "secretariat.propose_contact": {"address": "office@arcadia.example.org"},
    "secretariat.do_propose_participant": {"name_en": "Freedonia", "authentic": "en", "kind": "country"},
    "secretariat.do_rename_participant": {"name_en": "Free Arcadia"},
    "secretariat.do_change_participant": {"acronym": "ARC"},
    "secretariat.do_merge_participant": {"into": "league-of-clean-hands"},
    "secretariat.propose_event": EVENT,
    "secretariat.propose_event_change": {"text-title-0": "The last meeting", **WHY},
    "secretariat.propose_event_end": WHY,
    "secretariat.propose_document": DOCUMENT,
    "secretariat.propose_document_change": {"text-title-0": "The last report", **WHY},
    "secretariat.propose_document_end": WHY,
    "secretariat.begin_cohort": {
        "slug": "calm-lakes",
        "written_in-0": "en",
        "text-title-0": "Cohort on Calm Lakes",
    },
    "secretariat.propose_cohort": {"appears": "at_once"},
    "secretariat.do_ask_for_reset": {"note": "Called back at the ministry’s number."},
    "secretariat.return_reset": {"reason": "It was not she who called."},
    "secretariat.move_publication": at(clock.now() + timedelta(days=30)),
    "account.ask_for_password": {"email": "alice@example.org"},
    "account.choose_password": dict.fromkeys(("password", "again"), "four words that do not belong"),
    "account.change_password": {
        "current": PASSWORD,
        **dict.fromkeys(("password", "again"), "four words that do not belong"),
    },
    "account.new_passkey_options": {"name": "The blue key"},
    "account.invitation_passkey_options": {"name": "The blue key"},
    "account.add_passkey": {"name": "The blue key"},
    "account.do_rename_passkey": {"name": "The blue key"},
    "account.save_language": {"mails_in": "fr"},
    "secretariat.do_invite_staff": {"name": "Nora", "email": "nora@example.org", "role": "staff", "mails_in": "en"},
    "secretariat.decide_erasure": {"decision": "refuse", "reason": "An enquiry runs."},
}
#: The views that need a participant which can go: the council. Elsewhere it is Arcadia.
PARTICIPANTS = dict.fromkeys(("secretariat.merge_participant", "secretariat.do_merge_participant"), "council-of-rivers")
#: The views that need the union's endorsement, which was published, and the correction that Sam proposed.
CORRECTABLE = ("secretariat.correct", "secretariat.propose_correction")
#: The views of an endorsement that may be disputed, the union's too; and of one that is: Arcadia's that is in force.
DISPUTABLE = (
    "public.dispute",
    "public.ask_for_link",
    "public.link_sent",
    "public.dispute_with_link",
    "public.send_dispute",
)
DISPUTED = ("public.disputed",)
TOKEN = "0" * 64
WITH_A_MAILED_LINK = ("account.new_password", "account.choose_password")
#: Who administers the secretariat, once the register is settled.
ADA = "ada@example.org"
CORRECTION = ("secretariat.take_back_proposal",)
#: Who was invited: the first accepts, the other is invited again. And the views of a link, and of who is accredited.
INVITED = ("lars@example.org", "lena@example.org")
WITH_AN_INVITATION = (
    "account.invitation",
    "account.accept_invitation",
    "account.invitation_passkey_options",
    "account.accept_by_passkey",
)
ACCREDITED = {"secretariat.invite_representative": INVITED[1]}
#: The view that needs what was proposed last: who is to represent the league, with a letter.
WITH_LETTER = ("secretariat.credentials_letter",)
#: The view that needs what Alice proposed about Adam.
REQUEST = ("desk.take_request_back",)
#: The loads of which Sam proposes the first, and has the preview of the second computed again.
LOADS = ("freedonia", "grand-fenwick")
RECOMPUTED = ("secretariat.compute_preview",)
#: The views that need what waits for its moment.
SCHEDULED = ("secretariat.call_off_publication", "secretariat.move_publication")
#: What the addresses of documents end with, and those of events.
REFERENCES = dict.fromkeys(
    (
        "secretariat.change_document",
        "secretariat.propose_document_change",
        "secretariat.take_document_down",
        "secretariat.propose_document_end",
    ),
    "a-report",
)
TABLES = {"secretariat.download_counts": "by-kind", "secretariat.download_record": "participants"}
#: Whose account a view is about: Petra's is deactivated, Kim is made an administrator, Fay lost a second factor.
PERSONS = {
    **dict.fromkeys(("secretariat.ask_for_reset", "secretariat.do_ask_for_reset"), "fay@example.org"),
    **dict.fromkeys(
        ("secretariat.staff_member", "secretariat.ask_about_rights", "secretariat.change_rights"), "kim@example.org"
    ),
}
CHANGES = dict.fromkeys(("secretariat.ask_about_account", "secretariat.change_account"), "deactivate")
#: The view that needs the lost second factor that Sam told of; others need that of which Kim did.
ASKED_BY_SAM = ("secretariat.take_reset_back",)
FORMS = {"secretariat.download_whole_record": "xlsx"}
BETWEEN_FACTORS = {
    "account.second_factor",
    "account.do_second_factor",
    "account.recovery",
    "account.do_recovery",
    "account.second_factor_options",
    "account.second_factor_by_passkey",
}
#: What leaves the others nothing to do: it takes away what they need, or the token that they have.
LAST = {"account.change_password", "account.do_remove_passkey", "account.do_sign_in", "account.sign_out"}
ALICES_PASSKEY = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
FILES = {"static": "favicon.svg"}


@dataclass(frozen=True)
class Route:
    """One way into one view, with an address at which there is something."""

    method: str
    endpoint: str
    address: str
    audience: Audience | None


def settle(app: Flask, world: World) -> str:
    """Bring Arcadia's endorsements to every point of their life; return the reference of the submitted one.

    The first mail was given up.
    """
    with in_register(app):
        for slug in (SUBMITTED, IN_FORCE, WITHDRAWING):
            a_cohort(slug, numbers=("1.1",))
    act(app, a_draft, world.arcadia, world.cohort, world.alice, reservations={"2.3": "Except on feast days."})
    act(app, in_force, world.arcadia, IN_FORCE, world.alice, world.kim)
    act(app, noticed, world.arcadia, WITHDRAWING, world.alice, world.sam)
    act(app, published, world.union, world.cohort)
    with in_register(app):
        league = published(*found(world.league, world.cohort))
        correcting.propose(league, reason=Text.of("The letter was another's."), by=account(world.sam))
        arcadia, alice = found(world.arcadia, world.cohort)[0], account(world.alice)
        requesting.propose(arcadia, a_candidate(), by=alice)
        adams = accrediting.held_by(account(world.adam))[0]
        requesting.propose_end(adams, last_day=today() + timedelta(days=30), by=alice)
        _, cohort = found(world.arcadia, world.cohort)
        proposed(item(cohort, "1.1"), account(world.sam), "Do more.", kind=RevisionKind.CORRIGENDUM)
        on_the_roll(account(world.sam))
        for one in (world.arcadia, world.union):
            with_contact(found(one, world.cohort)[0], account(world.sam), account(world.kim))
        _publications(world)
        wishes.ask(account(world.petra), reason="I have left.")
        disputed(standing_in(world.arcadia, IN_FORCE))
        a_link(standing_in(world.union, world.cohort))
        reporting.report(page="/en/participants/arcadia", message="Wrong.", address="reader@example.org", language="fr")
        a_notice_on_paper(standing_in(world.arcadia, IN_FORCE), account(world.sam))
        _, cohort = found(world.arcadia, IN_FORCE)
        amended(item(cohort, "1.1"), account(world.sam), account(world.kim), "Do more.")
    with in_register(app):
        for name in LOADS:
            a_load(participants(f"{name},country,en,{name.title()}"), by=account(world.sam))
        loads.propose(
            a_load(participants("zubrowka,country,en,Zubrowka"), by=account(world.kim)), by=account(world.kim)
        )
    with in_register(app):
        outbox.failed(outbox.claim(), "550 No such mailbox", for_good=True)
        sessions.open_(account(world.alice), way=SignInWay.PASSWORD)  # in a browser of which she knows nothing more
        recovering.ask(world.petra)
        open_ada()
        outside.bind(account(ADA), Identity(NO_PROVIDER.issuer, "ada"))
        resetting.ask(account(world.bruno), note="He came to our office.", by=account(world.kim))
        resetting.ask(account(world.adam), note="I called him back.", by=account(world.sam))
    reference = act(app, a_submission, world.arcadia, SUBMITTED, world.alice, letter=a_letter())
    with in_register(app):
        league = found(world.league, world.cohort)[0]
        requesting.propose(league, a_candidate("Leo"), letter=a_letter(), by=account(world.sam))
        for name in INVITED:
            invited(name, found(world.arcadia, world.cohort)[0], by=account(world.kim))
    return reference


def invited(email: str, participant: Participant, *, by: Account) -> None:
    """Invite somebody who is accredited and has not opened the account."""
    person = accrediting.open_account(email=email, name=email.split("@", maxsplit=1)[0].title(), password=None)
    accrediting.accredit(person, participant, starts_on=today())
    inviting.send_to_representative(person, by=by)


def on_the_roll(by: Account) -> None:
    """Propose something of each kind about the roll."""
    why, names = Why(reason=Text.of("By its constitution.")), {"name": Text.of("Ruritania", fr="Ruritanie")}
    twin, other, third = (
        publishing.add_participant(kind=Kind.COUNTRY, name=Text.of(name))
        for name in ("Syldavia", "Grand Fenwick", "Oz")
    )
    roll_proposals.propose_addition({**names, "kind": Kind.COUNTRY}, why=why, by=by)
    roll_proposals.propose_rename(third, {"name": Text.of("Emerald City")}, since=today(), why=why, by=by)
    roll_proposals.propose_change(other, {"kind": Kind.CIVIL_SOCIETY, "seat": "CH"}, since=None, why=why, by=by)
    roll_proposals.propose_merger(twin, other, why=why, by=by)


def _publications(world: World) -> None:
    """Publish an event and a document; let one event wait for approval and another one for its moment."""
    cohort, sam, kim = found(world.arcadia, world.cohort)[1], account(world.sam), account(world.kim)
    publishing.add_event(cohort, held_on=date(2024, 1, 1), kind=EventKind.MEETING, title=Text.of("The first meeting"))
    publishing.add_document(cohort, kind=DocumentKind.REPORT, title=Text.of("A report"), publisher="Summit of Rivers")
    preparing.begin(clean_seas(), by=kim)
    announcing.propose_event(cohort, event_facts("One that waits for approval"), by=kim)
    due_at = clock.now() + timedelta(days=1)
    scheduled = announcing.propose_event(cohort, event_facts("One that waits for its moment"), by=kim, due_at=due_at)
    appearing.approve(scheduled, by=sam)


def standing_in(participant: str, cohort: str) -> Endorsement:
    """Return the endorsement of a cohort that is in force."""
    endorsement = standing.in_force_one(*found(participant, cohort))
    assert endorsement is not None
    return endorsement


def noticed(*of: Any) -> Any:
    """Return an endorsement that was in force, and of whose withdrawal notice was given."""
    return with_notice(in_force(*of), of[2])


def routes(app: Flask, reference: str, *methods: str) -> list[Route]:
    """Return every route that takes one of the methods; what ends something stands last."""
    every = []
    with app.test_request_context():
        proposals = select(Proposal.reference).order_by(Proposal.id)
        proposal, correction, request, ending, wording, *of_the_roll = db.session.scalars(proposals.limit(10))
        review = db.session.scalars(select(Review)).one()
        mail = db.session.scalars(select(Mail).filter_by(notice=Notice.DISPUTE_LINK).order_by(Mail.id.desc())).first()
        assert mail is not None
        link = json.loads(mail.facts)
        endorsements = {
            **dict.fromkeys((*CORRECTABLE, *DISPUTABLE), link["endorsement"]),
            **dict.fromkeys(DISPUTED, review.endorsement.reference),
        }
        wanted = {**dict.fromkeys(CORRECTION, correction), **dict.fromkeys(REQUEST, request)}
        waiting, scheduled = db.session.scalars(proposals.where(Proposal.subject.startswith("event/")))
        wanted |= dict.fromkeys(SCHEDULED, scheduled)
        entry = submitted_as(reference)
        first_load, second_load = db.session.scalars(select(Load.reference).order_by(Load.id).limit(2))
        by_kim, by_sam = db.session.scalars(select(FactorReset.reference).order_by(FactorReset.id))
        key = db.session.scalars(select(Evidence.key).order_by(Evidence.id)).first()
        latest = db.session.scalars(select(Proposal.reference).order_by(Proposal.id.desc())).first()
        wanted |= dict.fromkeys(WITH_LETTER, latest)
        for rule in app.url_map.iter_rules():
            known = {
                "language": "en",
                "participant": PARTICIPANTS.get(rule.endpoint, "arcadia"),
                "cohort": COHORTS.get(rule.endpoint, "clean-rivers"),
                "number": "2.3",
                "heading": 2,
                "kind": "amendment",
                "endorsement": endorsements.get(rule.endpoint, reference),
                "proposal": wanted.get(rule.endpoint, proposal),
                "accreditation": accreditation_of(ACCREDITED.get(rule.endpoint, "adam@example.org")),
                "report": db.session.scalar(select(Report.reference)),
                "review": review.reference,
                "token": token_for(rule.endpoint, link["secret"]),
                "invitation": invitation_of(INVITED[1]),
                "mail": oldest_mail(),
                "load": second_load if rule.endpoint in RECOMPUTED else first_load,
                "entry": entry,
                "key": key,
                "preparation": db.session.scalar(select(Preparation.reference)),
                "part": "co-leads",
                "place": "2" if rule.endpoint == "secretariat.move_part_up" else "1",
                "day": "2024-01-01",
                "wish": wishes.waiting()[0].number,
                "reference": REFERENCES.get(rule.endpoint, "the-first-meeting"),
                "table": TABLES.get(rule.endpoint),
                "person": account(PERSONS.get(rule.endpoint, "petra@example.org")).key,
                "change": CHANGES.get(rule.endpoint, "make-administrator"),
                "reset": by_sam if rule.endpoint in ASKED_BY_SAM else by_kim,
                "form": FORMS.get(rule.endpoint, "csv"),
                "session": db.session.scalar(select(SignInSession.reference).filter_by(agent="")),
                "passkey": ALICES_PASSKEY,
                "filename": FILES.get(rule.endpoint),
            }
            address = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            audience = audience_of(app, rule.endpoint)
            every += [Route(each, rule.endpoint, address, audience) for each in methods if each in (rule.methods or ())]
        if "GET" in methods:  # proposals of other kinds; what its proposer can do with one stands on its page alone
            for other in (correction, request, ending, wording, *of_the_roll, waiting, scheduled):
                address = app.url_for("secretariat.proposal", language="en", proposal=other)
                every.append(Route("GET", "secretariat.proposal", address, Audience.STAFF))
            address = app.url_for("secretariat.reset", language="en", reset=by_sam)
            every.append(Route("GET", "secretariat.reset", address, Audience.STAFF))
            address = app.url_for("secretariat.load", language="en", load=second_load)
            every.append(Route("GET", "secretariat.load", address, Audience.STAFF))
    return sorted(every, key=lambda each: (each.endpoint in LAST, each.endpoint, each.method))


def token_for(endpoint: str, to_dispute: str) -> str:
    """Return what stands in the link that a view needs."""
    if endpoint in WITH_AN_INVITATION:
        return links.token(invitation_of(INVITED[0]))
    return a_new_password() if endpoint in WITH_A_MAILED_LINK else to_dispute


def a_new_password() -> str:
    """Return what stands in the link with which Petra may choose a new password."""
    query = select(MailedLink.reference).filter_by(purpose=LinkPurpose.NEW_PASSWORD)
    return links.token(db.session.scalars(query).one())


def invitation_of(email: str) -> str:
    """Return the reference of the last invitation of somebody."""
    latest = links.latest(account(email), LinkPurpose.INVITATION)
    assert latest is not None
    return latest.reference


def accreditation_of(email: str) -> str | None:
    """Return the reference of an accreditation of Arcadia, which Alice may end."""
    return accrediting.held_by(account(email))[0].reference


def oldest_mail() -> str | None:
    """Return the reference of the first mail that was written: one that was given up."""
    return db.session.scalar(select(Mail.reference).order_by(Mail.id).limit(1))


def person_for(route: Route, world: World) -> str | None:
    """Return who a route is for; nobody has to sign in for what is anyone's."""
    if route.endpoint in BETWEEN_FACTORS:
        return str(world.adam)
    if route.endpoint == "account.unbind_organisation":  # hers is bound
        return ADA
    if route.audience is Audience.STAFF:
        return str(world.sam)
    if route.audience is Audience.ADMINISTRATOR:
        return ADA
    hers = (Audience.REPRESENTATIVE, Audience.PREPARING, Audience.SIGNED_IN)
    return str(world.alice) if route.audience in hers else None


def open_ada() -> None:
    """Open the account of an administrator, where that was not done yet."""
    if accrediting.account_at(ADA) is None:
        an_administrator()


def walkers(app: Flask, world: World) -> dict[str | None, CheckedClient]:
    """Return a browser for everybody for whom some route is.

    Adam has shown the first of two factors. Alice has a passkey and an app, and is about to set up another one.
    """
    browsers: dict[str | None, Any] = {
        who: app.test_client() for who in (None, world.alice, world.sam, world.adam, ADA)
    }
    with in_register(app):
        open_ada()
        with_app(account(world.adam))
        with_passkey(account(world.adam))
    for who, browser in browsers.items():
        if who is not None:
            browser.sign_in(who)
    with in_register(app):
        with_app(account(world.alice))
        with_passkey(account(world.alice), ALICES_PASSKEY)
        authenticators.begin(account(world.alice))
    return browsers


def with_passkey(person: Account, reference: str = "of-somebody-else") -> None:
    """Let a person have a passkey."""
    secret = reference.encode()
    of_the_device = {"credential_id": secret, "public_key": secret, "sign_count": 0, "transports": [], "synced": True}
    db.session.add(
        Passkey(reference=reference, account=person, name="My phone", created_at=clock.now(), **of_the_device)
    )


def forms_on(browser: CheckedClient, pages: list[Route]) -> dict[str, Any]:
    """Return the forms on pages that do something, by the address to which they are sent."""
    shown = [browser.get(page.address, buffered=True) for page in pages]
    trees = [parse(page) for page in shown if page.status_code == 200 and page.mimetype == "text/html"]
    found = {form.get("action"): form for tree in trees for form in tree.iter(f"{HTML}form")}
    # What the form holds is sent by a script too, to fetch what the browser is to be told about a passkey.
    fetched = {
        part.get("data-options"): next(part.iter(f"{HTML}form"))
        for tree in trees
        for part in tree.iter(f"{HTML}div")
        if part.get("data-options")
    }
    return {address: form for address, form in (fetched | found).items() if form.get("method") == "post"}


def token_on(browser: CheckedClient, page: str) -> str:
    """Return the form token of a browser's session, as a page gives it."""
    return browser.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]


def methods_of(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}
