"""Every named constraint of the models, and the smallest change by hand that it refuses."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests import world as a
from tests.bulk.uploading import a_load, participants
from tests.identity.codes import with_app
from tests.invariants.walking import with_passkey
from tests.letters import a_letter
from tests.test_ledger import disarm
from tests.world import World
from tracker import awaiting, clock, publishing
from tracker.disputes import reporting
from tracker.extensions import Base, db
from tracker.identity import authenticators, delays, links, passkeys, recovery_codes, resetting, sessions
from tracker.models import Account, OutsideIdentity, Revision, Text, Transfer
from tracker.publications import preparing
from tracker.roll import enrolling
from tracker.vocabulary import (
    DelayKind,
    DocumentKind,
    EventKind,
    Kind,
    LinkPurpose,
    RevisionKind,
    SignInWay,
    TextStatus,
)

BREAKS = {
    "uq_account_actor": "UPDATE account SET actor = 'one'",
    "uq_account_email": "UPDATE account SET email = 'one@example.org'",
    "uq_account_fs_uniquifier": "UPDATE account SET fs_uniquifier = 'one'",
    "uq_role_name": "INSERT INTO role (name) SELECT name FROM role",
    "fk_account_role_account_id_account": "INSERT INTO account_role (account_id, role_id) SELECT 999, id FROM role",
    "fk_account_role_role_id_role": "UPDATE account_role SET role_id = 999",
    "ck_accreditation_dates_in_order": "UPDATE accreditation SET ends_on = '1999-01-01'",
    "ck_accreditation_suspended_after_start": "UPDATE accreditation SET suspended_on = '1999-01-01'",
    "uq_accreditation_reference": "UPDATE accreditation SET reference = 'one'",
    "uq_accreditation_account_id_participant_id_starts_on": (
        "INSERT INTO accreditation (account_id, participant_id, starts_on)"
        " SELECT account_id, participant_id, starts_on FROM accreditation"
    ),
    "fk_accreditation_account_id_account": "UPDATE accreditation SET account_id = 999 WHERE id = 1",
    "fk_accreditation_participant_id_participant": "UPDATE accreditation SET participant_id = 999 WHERE id = 1",
    "uq_outside_identity_issuer_subject": "UPDATE outside_identity SET subject = 'one'",
    "uq_outside_identity_account_id_issuer": (
        "UPDATE outside_identity SET account_id = (SELECT min(account_id) FROM outside_identity)"
    ),
    "fk_outside_identity_account_id_account": "UPDATE outside_identity SET account_id = 999 WHERE id = 1",
    "ck_factor_reset_status": (
        "UPDATE factor_reset SET status = 'rumour', decided_at = asked_at, decided_by_id = asked_by_id"
    ),
    "ck_factor_reset_not_for_oneself": "UPDATE factor_reset SET asked_by_id = account_id",
    "ck_factor_reset_not_decided_by_oneself": (
        "UPDATE factor_reset SET status = 'approved', decided_at = asked_at, decided_by_id = account_id"
    ),
    "ck_factor_reset_four_eyes": (
        "UPDATE factor_reset SET status = 'approved', decided_at = asked_at, decided_by_id = asked_by_id"
    ),
    "ck_factor_reset_decided_at_a_moment": "UPDATE factor_reset SET decided_at = asked_at",
    "ck_factor_reset_decided_by_somebody": "UPDATE factor_reset SET decided_by_id = asked_by_id",
    "ck_factor_reset_returned_has_reason": (
        "UPDATE factor_reset SET status = 'returned', decided_at = asked_at, decided_by_id = asked_by_id"
    ),
    "uq_factor_reset_reference": "UPDATE factor_reset SET reference = 'one'",
    "uq_factor_reset_open": "UPDATE factor_reset SET account_id = (SELECT min(account_id) FROM factor_reset)",
    "fk_factor_reset_account_id_account": "UPDATE factor_reset SET account_id = 999 WHERE id = 1",
    "fk_factor_reset_asked_by_id_account": "UPDATE factor_reset SET asked_by_id = 999",
    "fk_factor_reset_decided_by_id_account": (
        "UPDATE factor_reset SET status = 'approved', decided_at = asked_at, decided_by_id = 999"
    ),
    **{
        f"fk_{table}_account_id_account": f"UPDATE {table} SET account_id = 999"
        for table in ("sign_in_session", "passkey", "passkey_challenge", "recovery_code", "security_event")
    },
    **{
        f"fk_{table}_account_id_account": f"UPDATE {table} SET account_id = 999 WHERE id = 1"
        for table in ("authenticator", "mailed_link")
    },
    "ck_sign_in_session_way": "UPDATE sign_in_session SET way = 'rumour'",
    "ck_sign_in_session_seen_after_opened": "UPDATE sign_in_session SET seen_at = '1999-01-01 00:00:00+00:00'",
    "ck_sign_in_session_proved_after_opened": "UPDATE sign_in_session SET proved_at = '1999-01-01 00:00:00+00:00'",
    "uq_sign_in_session_key_hash": "UPDATE sign_in_session SET key_hash = 'one'",
    "uq_sign_in_session_reference": "UPDATE sign_in_session SET reference = 'one'",
    "ck_passkey_sign_count_not_negative": "UPDATE passkey SET sign_count = -1",
    "uq_passkey_credential_id": (
        "UPDATE passkey SET credential_id = (SELECT credential_id FROM passkey ORDER BY id LIMIT 1)"
    ),
    "uq_passkey_reference": "UPDATE passkey SET reference = 'one'",
    "ck_passkey_challenge_purpose": "UPDATE passkey_challenge SET purpose = 'rumour'",
    "uq_authenticator_in_use": (
        "UPDATE authenticator SET account_id = (SELECT min(account_id) FROM authenticator)"
        " WHERE confirmed_at IS NOT NULL"
    ),
    "uq_authenticator_set_up": (
        "UPDATE authenticator SET account_id = (SELECT min(account_id) FROM authenticator) WHERE confirmed_at IS NULL"
    ),
    "uq_recovery_code_account_id_code_hash": "UPDATE recovery_code SET code_hash = 'one'",
    "ck_mailed_link_purpose": "UPDATE mailed_link SET purpose = 'rumour'",
    "ck_mailed_link_invited_as": "UPDATE mailed_link SET invited_as = 'rumour' WHERE purpose = 'invitation'",
    "ck_mailed_link_invited_as_by_invitation": "UPDATE mailed_link SET invited_as = 'staff', purpose = 'new_password'",
    "ck_mailed_link_used_or_withdrawn": "UPDATE mailed_link SET used_at = created_at, withdrawn_at = created_at",
    "ck_mailed_link_expires_after_creation": "UPDATE mailed_link SET expires_at = created_at",
    "fk_mailed_link_by_id_account": "UPDATE mailed_link SET by_id = 999",
    "uq_mailed_link_reference": "UPDATE mailed_link SET reference = 'one'",
    "uq_mailed_link_open": "UPDATE mailed_link SET account_id = (SELECT min(account_id) FROM mailed_link)",
    "ck_delay_kind": "UPDATE delay SET kind = 'rumour'",
    "ck_delay_failures_positive": "UPDATE delay SET failures = 0",
    "ck_security_event_action": "UPDATE security_event SET action = 'rumour'",
    "fk_security_event_by_id_account": "UPDATE security_event SET by_id = 999",
    "uq_cohort_slug": (
        "INSERT INTO cohort (slug, title, expected_outcomes, priority_areas)"
        " SELECT slug, title, expected_outcomes, priority_areas FROM cohort"
    ),
    "fk_source_cohort_id_cohort": "UPDATE source SET cohort_id = 999",
    "uq_source_cohort_id_key": (
        "INSERT INTO source (cohort_id, key, title, publisher, describes_cohort)"
        " SELECT cohort_id, key, title, publisher, describes_cohort FROM source"
    ),
    "fk_co_lead_cohort_id_cohort": "UPDATE co_lead SET cohort_id = 999",
    "uq_co_lead_cohort_id_place": (
        "INSERT INTO co_lead (cohort_id, place, name) SELECT cohort_id, place, name FROM co_lead"
    ),
    "ck_heading_number_positive": "UPDATE heading SET number = 0 WHERE number = 1",
    "fk_heading_cohort_id_cohort": (
        "INSERT INTO heading (cohort_id, number, title) SELECT 999, number, title FROM heading"
    ),
    "uq_heading_cohort_id_number": "UPDATE heading SET number = 1",
    "fk_recommendation_cohort_id_cohort": "UPDATE recommendation SET cohort_id = 999",
    "fk_recommendation_heading_id_cohort_id_heading": "UPDATE recommendation SET heading_id = 999",
    "uq_recommendation_cohort_id_number": "UPDATE recommendation SET number = '1.1'",
    "uq_recommendation_cohort_id_place": "UPDATE recommendation SET place = 1",
    "ck_revision_first_is_original": "UPDATE revision SET number = 2",
    "ck_revision_change_has_one_source": "UPDATE revision SET provenance = NULL, source_id = NULL WHERE number = 2",
    "ck_revision_change_has_reason": "UPDATE revision SET reason = NULL WHERE number = 2",
    "ck_revision_edition_in_order": "UPDATE revision SET edition = 9",
    "ck_revision_kind": (
        "UPDATE revision SET kind = 'rumour', number = 2, reason = '{}', provenance = 'A note', source_id = NULL"
    ),
    "ck_revision_text_status": "UPDATE revision SET text_status = 'rumour'",
    "fk_revision_recommendation_id_recommendation": (
        "INSERT INTO revision (recommendation_id, number, kind, text, text_status)"
        " SELECT 999, number, kind, text, text_status FROM revision WHERE id = 1"
    ),
    "fk_revision_source_id_source": "UPDATE revision SET source_id = 999 WHERE number = 1",
    "uq_revision_recommendation_id_number": (
        "INSERT INTO revision (recommendation_id, number, kind, text, text_status, effective_on, provenance, reason)"
        " SELECT recommendation_id, number, kind, text, text_status, effective_on, provenance, reason FROM revision"
        " WHERE number = 2"
    ),
    "uq_revision_edition": (
        "INSERT INTO revision (recommendation_id, number, kind, text, text_status, effective_on, provenance, reason)"
        " SELECT recommendation_id, 3, 'amendment', text, text_status, effective_on, provenance, reason FROM revision"
        " WHERE number = 2"
    ),
    "ck_event_kind": "UPDATE event SET kind = 'party'",
    "fk_event_cohort_id_cohort": "UPDATE event SET cohort_id = 999",
    "uq_event_cohort_id_held_on_reference": (
        "INSERT INTO event (cohort_id, reference, held_on, kind, title)"
        " SELECT cohort_id, reference, held_on, kind, title FROM event"
    ),
    "ck_event_hour_has_zone": "UPDATE event SET begins_at = '14:30', time_zone = NULL",
    "ck_event_hour_length": "UPDATE event SET begins_at = '9:00', time_zone = 'UTC'",
    "ck_event_moved_to_another_day": "UPDATE event SET moved_to = held_on",
    "ck_document_rendering": "UPDATE document SET rendering = 'rumour'",
    "ck_document_kind": "UPDATE document SET kind = 'rumour'",
    "fk_document_cohort_id_cohort": "UPDATE document SET cohort_id = 999",
    "uq_document_cohort_id_reference": (
        "INSERT INTO document (cohort_id, reference, kind, title, publisher)"
        " SELECT cohort_id, reference, kind, title, publisher FROM document"
    ),
    "ck_participant_kind": "UPDATE participant SET kind = 'city'",
    "uq_participant_slug": "UPDATE participant SET slug = 'one'",
    "ck_participant_name_dates_in_order": (
        "UPDATE participant_name SET valid_from = '2024-01-02', valid_until = '2024-01-01'"
    ),
    "ck_participant_name_of_duplicate_has_ended": "UPDATE participant_name SET of_duplicate = true",
    "ck_former_kind_kind": "UPDATE former_kind SET kind = 'rumour'",
    "fk_former_kind_participant_id_participant": "UPDATE former_kind SET participant_id = 999",
    "fk_former_address_participant_id_participant": "UPDATE former_address SET participant_id = 999",
    "fk_participant_name_participant_id_participant": "UPDATE participant_name SET participant_id = 999 WHERE id = 1",
    "uq_participant_name_current": (
        "INSERT INTO participant_name (participant_id, name) SELECT participant_id, name FROM participant_name"
    ),
    "ck_endorsement_confirmed_by_somebody": (
        "UPDATE endorsement SET confirmed_by_id = NULL WHERE status = 'in_force' AND submitted_by_id IS NOT NULL"
    ),
    "ck_endorsement_effective_before_ended": (
        "UPDATE endorsement SET status = 'withdrawn', ended_on = '1999-01-01' WHERE status = 'in_force'"
    ),
    "ck_endorsement_effective_once_in_force": ("UPDATE endorsement SET effective_on = NULL WHERE status = 'in_force'"),
    "ck_endorsement_ended_has_day": "UPDATE endorsement SET ended_on = '2999-01-01' WHERE status = 'in_force'",
    "ck_endorsement_four_eyes": "UPDATE endorsement SET confirmed_by_id = submitted_by_id",
    "ck_endorsement_has_scope": "UPDATE endorsement SET scope = NULL WHERE status = 'in_force'",
    "ck_endorsement_notice_before_ended": (
        "UPDATE endorsement SET status = 'withdrawn', ended_on = '2999-01-01', notice_on = '2999-01-02'"
        " WHERE status = 'in_force'"
    ),
    "ck_endorsement_notice_signed_before_notice": (
        "UPDATE endorsement SET notice_signed_on = '2999-01-02', notice_on = '2999-01-01'"
    ),
    "ck_endorsement_notice_provenance_of_paper": "UPDATE endorsement SET notice_provenance = 'By post'",
    "ck_endorsement_provenance_of_paper": "UPDATE endorsement SET provenance = 'By post'",
    "ck_endorsement_received_before_effective": (
        "UPDATE endorsement SET effective_on = '1999-01-01' WHERE received_on IS NOT NULL"
    ),
    "ck_endorsement_refused_has_reasons": "UPDATE endorsement SET status = 'rejected' WHERE status = 'draft'",
    "ck_endorsement_scope": "UPDATE endorsement SET scope = 'most'",
    "ck_endorsement_signed_before_received": (
        "UPDATE endorsement SET signed_on = '2999-01-01' WHERE received_on IS NOT NULL"
    ),
    "ck_endorsement_status": "UPDATE endorsement SET status = 'rumour' WHERE status = 'draft'",
    "fk_endorsement_cohort_id_cohort": "UPDATE endorsement SET cohort_id = 999",
    "fk_endorsement_changed_by_id_account": "UPDATE endorsement SET changed_by_id = 999",
    "fk_endorsement_confirmed_by_id_account": "UPDATE endorsement SET confirmed_by_id = 999",
    "fk_endorsement_evidence_id_evidence": "UPDATE endorsement SET evidence_id = 999",
    "fk_endorsement_participant_id_participant": "UPDATE endorsement SET participant_id = 999 WHERE status = 'draft'",
    "fk_endorsement_source_id_source": "UPDATE endorsement SET source_id = 999",
    "fk_endorsement_submitted_by_id_account": "UPDATE endorsement SET submitted_by_id = 999 WHERE status = 'draft'",
    "uq_endorsement_in_force": (
        "INSERT INTO endorsement"
        " (reference, cohort_id, participant_id, status, scope, effective_on, changed_at, version)"
        " SELECT 'x' || substr(reference, 2), cohort_id, participant_id, status, scope, effective_on, changed_at, 1"
        " FROM endorsement WHERE status = 'in_force'"
    ),
    "uq_endorsement_open": (
        "INSERT INTO endorsement"
        " (reference, cohort_id, participant_id, status, scope, reasons, changed_at, version)"
        """ SELECT 'another', cohort_id, participant_id, 'returned', scope, '{"overall": "Why."}', changed_at, 1"""
        " FROM endorsement WHERE status = 'draft'"
    ),
    "uq_endorsement_reference": "UPDATE endorsement SET reference = 'one'",
    "ck_position_reservation_has_text": "UPDATE position SET stance = 'endorsed' WHERE stance = 'reserved'",
    "ck_position_stance": "UPDATE position SET stance = 'opposed' WHERE stance = 'endorsed'",
    "fk_position_endorsement_id_endorsement": (
        "INSERT INTO position (endorsement_id, recommendation_id, revision_id, stance)"
        " SELECT 999, recommendation_id, id, 'endorsed' FROM revision WHERE number = 1"
    ),
    "fk_position_recommendation_id_recommendation": (
        "INSERT INTO position (endorsement_id, recommendation_id, revision_id, stance)"
        " SELECT id, 999, 999, 'endorsed' FROM endorsement"
    ),
    "fk_position_revision_id_recommendation_id_revision": "UPDATE position SET revision_id = 999",
    "ck_act_action": "UPDATE act SET action = 'rumoured'",
    "ck_act_signed_before_received": "UPDATE act SET signed_on = '2999-01-01' WHERE received_on IS NOT NULL",
    "fk_act_by_id_account": "UPDATE act SET by_id = 999",
    "fk_act_endorsement_id_endorsement": "UPDATE act SET endorsement_id = 999",
    "fk_act_entry_sequence_ledger_entry": "UPDATE act SET entry_sequence = 999 WHERE id = 1",
    "uq_act_entry_sequence": "UPDATE act SET entry_sequence = 1",
    "ck_proposal_approved_has_entry": (
        "UPDATE proposal SET status = 'approved', decided_by_id = 999, decided_at = proposed_at"
    ),
    "ck_proposal_decided_at_a_moment": "UPDATE proposal SET decided_at = proposed_at",
    "ck_proposal_decided_by_somebody": "UPDATE proposal SET status = 'taken_back', decided_at = proposed_at",
    "ck_proposal_four_eyes": (
        "UPDATE proposal SET status = 'approved', decided_by_id = proposed_by_id, decided_at = proposed_at,"
        " entry_sequence = 1"
    ),
    "ck_proposal_kind": "UPDATE proposal SET kind = 'rumour'",
    "ck_proposal_returned_has_reason": (
        "UPDATE proposal SET status = 'returned', decided_by_id = 999, decided_at = proposed_at"
    ),
    "ck_proposal_scheduled_has_moment": (
        "UPDATE proposal SET status = 'scheduled', decided_by_id = 1 + proposed_by_id, decided_at = proposed_at"
    ),
    "ck_proposal_stopped_has_reason": (
        "UPDATE proposal SET status = 'stopped', decided_by_id = 1 + proposed_by_id, decided_at = proposed_at"
    ),
    "ck_proposal_status": "UPDATE proposal SET status = 'rumoured', decided_by_id = 999, decided_at = proposed_at",
    "fk_proposal_cohort_id_cohort": "UPDATE proposal SET cohort_id = 999",
    "fk_proposal_decided_by_id_account": (
        "UPDATE proposal SET status = 'taken_back', decided_by_id = 999, decided_at = proposed_at WHERE status = 'open'"
    ),
    "fk_proposal_entry_sequence_ledger_entry": (
        "UPDATE proposal SET status = 'approved', decided_by_id = 1 + proposed_by_id, decided_at = proposed_at,"
        " entry_sequence = 999"
    ),
    "fk_proposal_participant_id_participant": "UPDATE proposal SET participant_id = 999",
    "fk_proposal_proposed_by_id_account": "UPDATE proposal SET proposed_by_id = 999",
    "fk_preparation_changed_by_id_account": "UPDATE preparation SET changed_by_id = 999",
    "fk_preparation_cohort_id_cohort": "UPDATE preparation SET cohort_id = 999",
    "fk_preparation_proposal_id_proposal": "UPDATE preparation SET proposal_id = 999",
    "uq_preparation_cohort_id": (
        "INSERT INTO preparation (reference, cohort_id, content, changed_by_id, changed_at, version)"
        " SELECT 'another', cohort_id, content, changed_by_id, changed_at, version FROM preparation"
    ),
    "uq_preparation_reference": (
        "INSERT INTO preparation (reference, content, changed_by_id, changed_at, version)"
        " SELECT reference, content, changed_by_id, changed_at, version FROM preparation"
    ),
    "uq_proposal_open": (
        "INSERT INTO proposal (reference, kind, status, subject, content, proposed_by_id, proposed_at, version)"
        " SELECT 'another', kind, status, subject, content, proposed_by_id, proposed_at, version FROM proposal"
    ),
    "uq_proposal_reference": (
        "INSERT INTO proposal (reference, kind, status, subject, content, proposed_by_id, proposed_at, version)"
        " SELECT reference, kind, status, 'another', content, proposed_by_id, proposed_at, version FROM proposal"
    ),
    "fk_look_account_id_account": "UPDATE look SET account_id = 999",
    "fk_act_evidence_id_evidence": "UPDATE act SET evidence_id = 999",
    "ck_evidence_key_length": "UPDATE evidence SET key = 'short'",
    "ck_evidence_media_type": "UPDATE evidence SET media_type = 'text/html'",
    "ck_evidence_sha256_length": "UPDATE evidence SET sha256 = 'short'",
    "ck_evidence_size": "UPDATE evidence SET size = 0",
    "fk_evidence_uploaded_by_id_account": "UPDATE evidence SET uploaded_by_id = 999",
    "uq_evidence_key": (
        "INSERT INTO evidence (key, file_name, media_type, size, sha256, uploaded_by_id, uploaded_at)"
        " SELECT key, file_name, media_type, size, sha256, uploaded_by_id, uploaded_at FROM evidence"
    ),
    "uq_report_reference": (
        "INSERT INTO report (reference, page, language, message, written_at, status, version)"
        " SELECT reference, page, language, message, written_at, status, version FROM report"
    ),
    "ck_report_status": "UPDATE report SET status = 'lost', closed_at = written_at, closed_by_id = 1",
    "ck_report_closed_at_a_moment": "UPDATE report SET closed_at = written_at",
    "ck_report_closed_by_somebody": "UPDATE report SET status = 'closed', closed_at = written_at",
    "ck_report_answered_has_answer": (
        "UPDATE report SET status = 'answered', closed_at = written_at, closed_by_id = 1"
    ),
    "ck_report_answered_at_an_address": (
        "UPDATE report SET status = 'answered', answer = 'Yes.', closed_at = written_at, closed_by_id = 1"
    ),
    "fk_report_closed_by_id_account": (
        "UPDATE report SET status = 'closed', closed_at = written_at, closed_by_id = 999"
    ),
    "uq_dispute_link_token_sha256": (
        "INSERT INTO dispute_link (endorsement_id, token_sha256, asked_at, expires_at)"
        " SELECT endorsement_id, token_sha256, asked_at, expires_at FROM dispute_link"
    ),
    "ck_dispute_link_token_sha256_length": "UPDATE dispute_link SET token_sha256 = 'short'",
    "ck_dispute_link_expires_later": "UPDATE dispute_link SET expires_at = asked_at",
    "fk_dispute_link_endorsement_id_endorsement": "UPDATE dispute_link SET endorsement_id = 999",
    "uq_review_open": (
        "INSERT INTO review (reference, endorsement_id, message, language, opened_entry, version)"
        " SELECT 'another', endorsement_id, message, language, 1, version FROM review"
    ),
    "uq_review_reference": (
        "INSERT INTO review (reference, endorsement_id, message, language, opened_entry, version)"
        " SELECT reference, 1 + endorsement_id, message, language, 1, version FROM review"
    ),
    "uq_review_opened_entry": (
        "INSERT INTO review (reference, endorsement_id, message, language, opened_entry, version)"
        " SELECT 'another', 1 + endorsement_id, message, language, opened_entry, version FROM review"
    ),
    "ck_review_outcome": ("UPDATE review SET outcome = 'lost', finding = '{}', closed_entry = 1, closed_by_id = 1"),
    "ck_review_closed_has_finding": "UPDATE review SET outcome = 'upheld', closed_entry = 1, closed_by_id = 1",
    "ck_review_closed_has_entry": "UPDATE review SET outcome = 'upheld', finding = '{}', closed_by_id = 1",
    "ck_review_closed_by_somebody": "UPDATE review SET outcome = 'upheld', finding = '{}', closed_entry = 1",
    "fk_review_endorsement_id_endorsement": "UPDATE review SET endorsement_id = 999",
    "fk_review_opened_entry_ledger_entry": "UPDATE review SET opened_entry = 999",
    "fk_review_closed_entry_ledger_entry": (
        "UPDATE review SET outcome = 'upheld', finding = '{}', closed_entry = 999, closed_by_id = 1"
    ),
    "fk_review_closed_by_id_account": (
        "UPDATE review SET outcome = 'upheld', finding = '{}', closed_entry = 1, closed_by_id = 999"
    ),
    "ck_set_tally_kind": "UPDATE set_tally SET kind = 'city' WHERE kind = 'country'",
    "ck_set_tally_not_negative": "UPDATE set_tally SET reserved = -1",
    "ck_set_tally_parts_of_signatories": "UPDATE set_tally SET reserved = signatories + 1",
    "fk_set_tally_cohort_id_cohort": "UPDATE set_tally SET cohort_id = 999",
    "ck_recommendation_tally_kind": "UPDATE recommendation_tally SET kind = 'city' WHERE kind = 'country'",
    "ck_recommendation_tally_not_negative": "UPDATE recommendation_tally SET reserved = -1",
    "ck_recommendation_tally_parts_of_signatories": "UPDATE recommendation_tally SET reserved = signatories + 1",
    "fk_recommendation_tally_recommendation_id_recommendation": (
        "INSERT INTO recommendation_tally (recommendation_id, edition, kind, day, signatories, reserved)"
        " VALUES (999, 1, 'country', '2024-01-01', 0, 0)"
    ),
    "ck_ledger_entry_action": "UPDATE ledger_entry SET action = 'rumoured'",
    "ck_ledger_entry_hash_length": "UPDATE ledger_entry SET hash = 'short' WHERE sequence = 1",
    "ck_ledger_entry_sequence_positive": "UPDATE ledger_entry SET sequence = 0 WHERE sequence = 1",
    "uq_ledger_entry_hash": "UPDATE ledger_entry SET hash = (SELECT max(hash) FROM ledger_entry)",
    "uq_ledger_entry_previous_hash": (
        "UPDATE ledger_entry SET previous_hash = (SELECT max(previous_hash) FROM ledger_entry)"
    ),
    "uq_mail_reference": "UPDATE mail SET reference = 'one'",
    "uq_mail_message_id": "UPDATE mail SET message_id = 'one'",
    "uq_mail_occasion": "UPDATE mail SET occasion = 'one'",
    "ck_mail_notice": "UPDATE mail SET notice = 'rumour'",
    "ck_mail_state": "UPDATE mail SET state = 'lost', next_attempt_at = NULL",
    "ck_mail_sent_has_moment": "UPDATE mail SET state = 'sent', next_attempt_at = NULL",
    "ck_mail_waiting_has_next_attempt": "UPDATE mail SET next_attempt_at = NULL",
    "ck_mail_dead_has_reason": "UPDATE mail SET state = 'dead', next_attempt_at = NULL",
    "ck_mail_purged_is_bare": "UPDATE mail SET purged_at = created_at",
    "uq_prepared_notice_endorsement_id_on_paper": (
        "INSERT INTO prepared_notice (endorsement_id, on_paper, changed_at)"
        " SELECT endorsement_id, on_paper, changed_at FROM prepared_notice"
    ),
    "ck_prepared_notice_receipt_of_paper": "UPDATE prepared_notice SET on_paper = false",
    "ck_prepared_notice_signed_before_received": "UPDATE prepared_notice SET signed_on = '2999-01-01'",
    "fk_prepared_notice_endorsement_id_endorsement": "UPDATE prepared_notice SET endorsement_id = 999",
    "fk_prepared_notice_evidence_id_evidence": "UPDATE prepared_notice SET evidence_id = 999",
    "ck_mail_attempts_not_negative": "UPDATE mail SET attempts = -1",
    "fk_mail_recipient_id_account": "UPDATE mail SET recipient_id = 999",
    "ck_ledger_head_one_row": "INSERT INTO ledger_head (id, sequence, hash) VALUES (2, 0, 'one')",
    "fk_transfer_entry_sequence_ledger_entry": "UPDATE transfer SET entry_sequence = 999",
    "fk_commitment_entry_sequence_ledger_entry": (
        "INSERT INTO commitment (entry_sequence, field, salt, value) VALUES (999, 'reason', 'salt', 'value')"
    ),
}

BREAKS |= {
    "uq_load_reference": "UPDATE load SET reference = 'one'",
    "ck_load_preview": "UPDATE load SET preview = 'rumour'",
    "ck_load_done_of_total": "UPDATE load SET done = total + 1",
    "ck_load_ready_at_an_entry": "UPDATE load SET preview = 'ready', head = NULL",
    "fk_load_uploaded_by_id_account": "UPDATE load SET uploaded_by_id = 999",
    "uq_load_file_load_id_place": (
        "INSERT INTO load_file (load_id, place, name, sha256, content)"
        " SELECT load_id, place, name, sha256, content FROM load_file"
    ),
    "ck_load_file_sha256_length": "UPDATE load_file SET sha256 = 'one'",
    "fk_load_file_load_id_load": "UPDATE load_file SET load_id = 999 WHERE id = 1",
    "uq_load_row_load_id_place": (
        "INSERT INTO load_row (load_id, place, table_name, row_number, outcome, cells, changes, mistakes)"
        " SELECT load_id, place, table_name, row_number, outcome, cells, changes, mistakes FROM load_row"
    ),
    "ck_load_row_outcome": "UPDATE load_row SET outcome = 'rumour'",
    "ck_load_row_number_positive": "UPDATE load_row SET row_number = 0",
    "fk_load_row_load_id_load": "UPDATE load_row SET load_id = 999 WHERE id = 1",
}

#: Unique with the primary key in it: a foreign key of two columns needs it, and the key itself breaks first.
HELD_BY_THE_KEY = {
    "uq_heading_id_cohort_id": "INSERT INTO heading SELECT * FROM heading",
    "uq_revision_id_recommendation_id": "INSERT INTO revision SELECT * FROM revision",
}


def named() -> Iterator[tuple[str, sa.Constraint | sa.Index]]:
    """Yield every constraint and unique index of the models by its name, primary keys left out."""
    for table in Base.metadata.tables.values():
        for each in (*table.constraints, *(index for index in table.indexes if index.unique)):
            if not isinstance(each, sa.PrimaryKeyConstraint):
                yield str(each.name), each


def refused(statement: str) -> IntegrityError:
    """Run a statement that the database must refuse, and return its refusal; the transaction goes on."""
    with pytest.raises(IntegrityError) as refusal, db.session.begin_nested():
        db.session.execute(sa.text(statement))
    return refusal.value


def expected(constraint: sa.Constraint | sa.Index, dialect: str) -> str:
    """Return what the database says when the constraint refuses; SQLite names columns for uniqueness, else nothing."""
    if dialect == "postgresql":
        return f'constraint "{constraint.name}"'
    if isinstance(constraint, sa.CheckConstraint):
        return f"CHECK constraint failed: {constraint.name}"
    if isinstance(constraint, sa.ForeignKeyConstraint):
        return "FOREIGN KEY constraint failed"
    return "UNIQUE constraint failed: " + ", ".join(map(str, constraint.columns))  # type: ignore[attr-defined]


@pytest.fixture
def filled(register: World) -> World:
    """Return the world with a row in every table, and the ledger's triggers out of the way of its constraints."""
    a.published(register.league, register.cohort, numbers=["1.1", "1.2"], reservations={"1.2": Text.of("In part.")})
    a.with_notice(a.in_force(register.borduria, register.cohort, register.bruno, register.sam), register.bruno)
    awaiting.look("one", by=register.sam)
    a.a_notice_on_paper(a.published(register.council, register.cohort), register.sam)
    a.disputed(a.published(a.with_contact(register.union, register.sam, register.kim), register.cohort))
    reporting.report(page="/en/", message="The name is misspelt.", language="en")
    enrolling.change_facts(register.council, kind=Kind.CIVIL_SOCIETY, since=date(2024, 1, 1))
    enrolling.merge(publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Freedonia")), register.council)
    a.a_draft(register.arcadia, register.cohort, register.alice, letter=a_letter())
    publishing.add_event(
        register.cohort, held_on=date(2024, 1, 1), kind=EventKind.MEETING, title=Text.of("The first meeting")
    )
    publishing.add_document(
        register.cohort, kind=DocumentKind.REPORT, title=Text.of("A report"), publisher="Summit of Rivers"
    )
    db.session.add(
        Revision(
            recommendation=register.cohort.recommendations[0],
            number=2,
            kind=RevisionKind.CORRIGENDUM,
            text=Text.of("Do what 1.1 said."),
            text_status=TextStatus.SUMMARY,
            effective_on=date(2024, 1, 1),
            provenance="Note verbale no. 12",
            reason=Text.of("A slip."),
        )
    )
    db.session.flush()
    for name in ("freedonia", "grand-fenwick"):
        a_load(participants(f"{name},country,en,{name}"), by=register.sam)
    for person in (register.alice, register.adam):
        resetting.ask(person, note="By telephone.", by=register.sam)
    signing_in(register.alice, register.adam)
    db.session.add(Transfer(entry_sequence=1, loaded_at=clock.now()))
    preparing.begin_change(register.cohort, by=register.sam)
    disarm()
    return register


def signing_in(*people: Account) -> None:
    """Give people a row in each table of how they sign in, two where a rule is about two."""
    for person in people:
        sessions.open_(person, way=SignInWay.PASSWORD)
        links.make(person, LinkPurpose.INVITATION)
        recovery_codes.make(person, by=person)
        with_app(person)
        authenticators.begin(person)
        with_passkey(person, f"of-{person.name}")
        of_theirs = {"issuer": "https://ministry.example.org", "subject": person.name, "bound_at": clock.now()}
        db.session.add(OutsideIdentity(account=person, **of_theirs))
    passkeys.registration_options(people[0])
    delays.check(people[0].email, DelayKind.PASSWORD)
    db.session.flush()


def test_every_constraint_is_broken_here_on_purpose() -> None:
    assert sorted([*BREAKS, *HELD_BY_THE_KEY]) == sorted(name for name, _ in named())


def test_each_constraint_refuses_what_breaks_it(filled: World, dialect: str, subtests: pytest.Subtests) -> None:
    constraints = dict(named())
    for name, statement in BREAKS.items():
        with subtests.test(name):
            assert expected(constraints[name], dialect) in str(refused(statement).orig)


def test_a_table_without_a_row_would_prove_nothing(filled: World, subtests: pytest.Subtests) -> None:
    for table in Base.metadata.tables.values():
        with subtests.test(str(table.name)):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table))


@pytest.mark.parametrize("name", HELD_BY_THE_KEY)
def test_the_key_keeps_what_a_reference_of_two_columns_needs(filled: World, dialect: str, name: str) -> None:
    table = name.split("_")[1]
    said = f'constraint "pk_{table}"' if dialect == "postgresql" else f"UNIQUE constraint failed: {table}.id"
    assert said in str(refused(HELD_BY_THE_KEY[name]).orig)
