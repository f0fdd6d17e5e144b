"""The whole policy as one table, and every route tried as every person."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.checked_client import CheckedClient
from tests.conftest import make_app
from tests.invariants.walking import methods_of, routes, settle, token_on
from tests.world import World, account
from tracker import access
from tracker.public import views as public

#: What each person is answered: the view ("yes"), the way to sign-in, or an error. Nobody is who has not signed in.
#: Alice represents Arcadia, whose pages these are, and Bruno somebody else; Petra did, and Fay will. Sam is staff,
#: and Ada an administrator. Signing out leads to sign-in as well.
#: Alice represents Arcadia, whose pages these are, and Bruno somebody else; Petra did, and Fay will. Sam is staff.
#: Signing out leads to sign-in as well. The provider of the organisation is away.
POLICY = """
route                             audience        nobody   alice    bruno    petra    fay      sam      ada

GET   public.entrance             ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.cohorts              PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.overview             PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.signatories          PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.recommendation       PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.participant          PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.participants         ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.report               ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  public.send_report          ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.reported             ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.dispute              ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  public.ask_for_link         ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.link_sent            ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.disputed             ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   public.dispute_with_link    ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  public.send_dispute         ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   api.tally                   PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   public.security_txt         PUBLIC          yes      yes      yes      yes      yes      yes      yes
GET   static                      ANYONE          yes      yes      yes      yes      yes      yes      yes

GET   account.sign_in             ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.do_sign_in          ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.second_factor       ANYONE          sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
POST  account.do_second_factor    ANYONE          sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
GET   account.recovery            ANYONE          sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
POST  account.do_recovery         ANYONE          sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
POST  account.go_to_organisation  ANYONE          503      503      503      503      503      503      503
GET   account.back_from_organisation ANYONE       400      400      400      400      400      400      400
POST  account.sign_in_options     ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.sign_in_by_passkey  ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.second_factor_options ANYONE        403      403      403      403      403      403      403
POST  account.second_factor_by_passkey ANYONE     sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
GET   account.forgotten           ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.ask_for_password    ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.link_mailed         ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.new_password        ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.choose_password     ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.password_chosen     ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.password            SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.change_password     SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.sign_out            SIGNED_IN       sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
GET   account.home                SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.security            SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.confirm             SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.do_confirm          SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.confirm_options     SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.new_passkey         SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.new_passkey_options SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.add_passkey         SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.rename_passkey      SIGNED_IN       sign-in  404      404      404      404      404      404
POST  account.do_rename_passkey   SIGNED_IN       sign-in  404      404      404      404      404      404
GET   account.remove_passkey      SIGNED_IN       sign-in  404      404      404      404      404      404
POST  account.do_remove_passkey   SIGNED_IN       sign-in  404      404      404      404      404      404
GET   account.authenticator       SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.begin_authenticator SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.confirm_authenticator SIGNED_IN     sign-in  yes      yes      yes      yes      yes      yes
GET   account.remove_authenticator SIGNED_IN      sign-in  404      404      404      404      404      404
POST  account.do_remove_authenticator SIGNED_IN   sign-in  404      404      404      404      404      404
GET   account.recovery_codes      SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.make_recovery_codes SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.end_session         SIGNED_IN       sign-in  yes      404      404      404      404      404
POST  account.end_other_sessions  SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.organisation        STAFF           sign-in  403      403      403      403      yes      yes
POST  account.bind_organisation   STAFF           sign-in  403      403      403      403      503      503
POST  account.unbind_organisation STAFF           sign-in  403      403      403      403      yes      yes
GET   account.invitation          ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.accept_invitation   ANYONE          yes      yes      yes      yes      yes      yes      yes
POST  account.invitation_passkey_options ANYONE   yes      yes      yes      yes      yes      yes      yes
POST  account.accept_by_passkey   ANYONE          yes      yes      yes      yes      yes      yes      yes
GET   account.opened              SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.language            SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.save_language       SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.data                SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   account.download_data       SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
POST  account.ask_to_be_forgotten SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes

GET   desk.home                   SIGNED_IN       sign-in  yes      yes      yes      yes      yes      yes
GET   desk.participant            REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.past                   REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.recommendations        PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.save_recommendations   PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.reservations           PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.save_reservations      PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.statement              PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.save_statement         PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.signature              PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.save_signature         PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.evidence               SIGNED_IN       sign-in  yes      404      404      404      404      404
GET   desk.check                  PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.submit                 PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.submitted              PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.take_back              PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.discard                PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.do_discard             PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.withdraw               REPRESENTATIVE  sign-in  yes      404      403      403      403      403
POST  desk.give_notice            REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.notice                 REPRESENTATIVE  sign-in  yes      404      403      403      403      403
POST  desk.take_notice_back       REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.wordings               PREPARING       sign-in  yes      404      403      403      404      404
POST  desk.endorse_wordings       PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.withdrawal_letter_pdf  REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.withdrawal_letter_docx REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.letter_pdf             PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.letter_docx            PREPARING       sign-in  yes      404      403      403      404      404
GET   desk.receipt                REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.propose_colleague      REPRESENTATIVE  sign-in  yes      404      403      403      403      403
POST  desk.do_propose_colleague   REPRESENTATIVE  sign-in  yes      404      403      403      403      403
GET   desk.end_colleague          REPRESENTATIVE  sign-in  yes      404      403      403      403      403
POST  desk.do_end_colleague       REPRESENTATIVE  sign-in  yes      404      403      403      403      403
POST  desk.take_request_back      REPRESENTATIVE  sign-in  yes      404      403      403      403      403

GET   secretariat.queue           STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.decide          STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.confirm         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.refuse          STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.look_at_endorsement STAFF       sign-in  403      403      403      403      yes      yes
GET   secretariat.proposal        STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.approve         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.return_proposal STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.take_back_proposal STAFF        sign-in  403      403      403      403      yes      yes
GET   secretariat.texts           STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.change_wording  STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_wording STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.change_title    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_title   STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.look_at_proposal STAFF          sign-in  403      403      403      403      yes      yes
GET   secretariat.reports         STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.report          STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.settle_report   STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.review          STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.uphold          STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.look_at_review  STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.contact         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_contact STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.cohorts         STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.cohort          STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.add_event       STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_event   STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.change_event    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_event_change STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.call_event_off  STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_event_end STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.add_document    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_document STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.change_document STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_document_change STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.take_document_down STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_document_end STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.call_off_publication STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.move_publication STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.new_cohort      STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.begin_cohort    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.prepare_change  STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.preparation     STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.preview         STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.cohort_facts    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.keep_cohort_facts STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.part            STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.keep_part       STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.remove_part     STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.move_part_up    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_cohort  STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.discard_preparation STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.evidence        STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.credentials_letter STAFF        sign-in  403      403      403      403      yes      yes
GET   secretariat.letters         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.record_letter   STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.bulk_loads      STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.upload_tables   STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.load            STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.compute_preview STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_load    STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.download_preview STAFF          sign-in  403      403      403      403      yes      yes
GET   secretariat.notice_on_paper STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.save_notice_on_paper STAFF      sign-in  403      403      403      403      yes      yes
GET   secretariat.effect_of_notice STAFF          sign-in  403      403      403      403      yes      yes
POST  secretariat.save_effect_of_notice STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.check_notice    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.submit_notice   STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.discard_notice  STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.corrections     STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.correct         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.propose_correction STAFF        sign-in  403      403      403      403      yes      yes
POST  secretariat.take_back_proposal STAFF        sign-in  403      403      403      403      yes      yes
GET   secretariat.counts          STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.mails           STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.mail            STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.send_mail_again STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.counts_by_recommendation STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.counts_over_time STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.not_endorsed    STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.download_counts STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.download_record STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.download_whole_record STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.roll            STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.erasures        STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.erasure         STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.decide_erasure  STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.security_log    STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.download_security_log STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.similar_participants STAFF      sign-in  403      403      403      403      yes      yes
GET   secretariat.propose_participant STAFF       sign-in  403      403      403      403      yes      yes
POST  secretariat.do_propose_participant STAFF    sign-in  403      403      403      403      yes      yes
GET   secretariat.enrolled        STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.rename_participant STAFF        sign-in  403      403      403      403      yes      yes
POST  secretariat.do_rename_participant STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.change_participant STAFF        sign-in  403      403      403      403      yes      yes
POST  secretariat.do_change_participant STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.merge_participant STAFF         sign-in  403      403      403      403      yes      yes
POST  secretariat.do_merge_participant STAFF      sign-in  403      403      403      403      yes      yes
GET   secretariat.people          STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.people_of       STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.propose_accreditation STAFF     sign-in  403      403      403      403      yes      yes
POST  secretariat.do_propose_accreditation STAFF  sign-in  403      403      403      403      yes      yes
GET   secretariat.change_accreditation STAFF      sign-in  403      403      403      403      yes      yes
POST  secretariat.do_change_accreditation STAFF   sign-in  403      403      403      403      yes      yes
GET   secretariat.end_accreditation STAFF         sign-in  403      403      403      403      yes      yes
POST  secretariat.do_end_accreditation STAFF      sign-in  403      403      403      403      yes      yes
GET   secretariat.suspend_accreditation STAFF     sign-in  403      403      403      403      yes      yes
POST  secretariat.do_suspend_accreditation STAFF  sign-in  403      403      403      403      yes      yes
GET   secretariat.accounts        STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.account         STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.ask_about_account STAFF         sign-in  403      403      403      403      yes      yes
POST  secretariat.change_account  STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.ask_for_reset   STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.do_ask_for_reset STAFF          sign-in  403      403      403      403      yes      yes
GET   secretariat.reset           STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.approve_reset   STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.return_reset    STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.take_reset_back STAFF           sign-in  403      403      403      403      yes      yes
GET   secretariat.invitations     STAFF           sign-in  403      403      403      403      yes      yes
POST  secretariat.send_invitation_again STAFF     sign-in  403      403      403      403      yes      yes
POST  secretariat.withdraw_invitation STAFF       sign-in  403      403      403      403      yes      yes
POST  secretariat.invite_representative STAFF     sign-in  403      403      403      403      yes      yes
GET   secretariat.invite_staff    ADMINISTRATOR   sign-in  403      403      403      403      403      yes
POST  secretariat.do_invite_staff ADMINISTRATOR   sign-in  403      403      403      403      403      yes
GET   secretariat.staff           ADMINISTRATOR   sign-in  403      403      403      403      403      yes
GET   secretariat.staff_member    ADMINISTRATOR   sign-in  403      403      403      403      403      yes
GET   secretariat.ask_about_rights ADMINISTRATOR  sign-in  403      403      403      403      403      yes
POST  secretariat.change_rights   ADMINISTRATOR   sign-in  403      403      403      403      403      yes
"""

_HEADER, *_LINES = (line.split() for line in POLICY.splitlines() if line)
PERSONS = _HEADER[2:]
AUDIENCES = {endpoint: audience for _, endpoint, audience, *_ in _LINES}
OUTCOMES = {(method, endpoint): dict(zip(PERSONS, outcomes, strict=True)) for method, endpoint, _, *outcomes in _LINES}


def outcome(answer: TestResponse) -> str:
    """Say what an answer is, in the words of the table; the view itself may still find fault with the form."""
    if answer.status_code == 302 and answer.location.startswith("/en/sign-in"):
        return "sign-in"
    return "yes" if answer.status_code in (200, 302, 409, 422) else str(answer.status_code)


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: who may do what does not depend on the database."""
    return "sqlite"


def test_every_route_stands_in_the_table(app: Flask) -> None:
    there_are = {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in methods_of(rule)}
    assert there_are == OUTCOMES.keys()


def test_every_view_declares_the_audience_in_the_table(app: Flask) -> None:
    declared = {rule.endpoint: access.audience_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {endpoint: getattr(audience, "name", None) for endpoint, audience in declared.items()} == AUDIENCES


@pytest.mark.parametrize("person", PERSONS)
def test_each_person_is_answered_as_the_table_says(app: Flask, world: World, person: str) -> None:
    reference = settle(app, world)
    browser: CheckedClient = app.test_client()  # type: ignore[assignment]
    if person != "nobody":
        browser.sign_in(f"{person}@example.org")
    # A form with nothing but its token changes nothing, so that every route meets the same register.
    form = {"csrf_token": token_on(browser, "/en/sign-in" if person == "nobody" else "/en/desk/")}
    answers = {
        (route.method, route.endpoint): outcome(
            browser.open(route.address, method=route.method, data=form if route.method == "POST" else {}, buffered=True)
        )
        for route in routes(app, reference, "GET", "POST")
    }
    assert answers == {route: outcomes[person] for route, outcomes in OUTCOMES.items()}


#: What is Alice's own, and nobody else finds.
HERS = {"account.end_session"}

#: What a head representative alone may do. Adam represents Arcadia too, and is none.
HEADS_ALONE = {
    "desk.propose_colleague",
    "desk.do_propose_colleague",
    "desk.end_colleague",
    "desk.do_end_colleague",
    "desk.take_request_back",
}


def test_other_representatives_may_do_all_that_a_head_may_but_propose_who_acts(app: Flask, world: World) -> None:
    reference = settle(app, world)
    browser: CheckedClient = app.test_client()  # type: ignore[assignment]
    browser.sign_in(world.adam)
    form = {"csrf_token": token_on(browser, "/en/desk/")}
    answers = {
        (route.method, route.endpoint): outcome(
            browser.open(route.address, method=route.method, data=form if route.method == "POST" else {}, buffered=True)
        )
        for route in routes(app, reference, "GET", "POST")
    }
    assert answers == {
        (method, endpoint): "403" if endpoint in HEADS_ALONE else "404" if endpoint in HERS else outcomes["alice"]
        for (method, endpoint), outcomes in OUTCOMES.items()
    }


def test_a_session_is_the_only_way_in(app: Flask, world: World, client: CheckedClient) -> None:
    with app.test_request_context():
        token = account(world.alice).get_auth_token()  # Flask-Security knows other ways
    assert client.get("/en/desk/", headers={"Authentication-Token": token}).status_code == 302
    assert client.get("/en/desk/", query_string={"auth_token": token}).status_code == 302


def test_a_view_that_declares_nothing_keeps_the_application_from_starting(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.delattr(public.overview, "audience")
    with pytest.raises(RuntimeError, match=r"public\.overview"):
        make_app(database_url)


def test_every_undeclared_view_is_named() -> None:
    app = Flask("bare")
    app.add_url_rule("/first", "first", view_func=lambda: "")
    app.add_url_rule("/second", "second", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="first, second"):
        access.init_app(app)
