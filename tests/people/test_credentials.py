"""The letter in which a participant names a person: kept with the request, bound by the entry of the accreditation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import world as a
from tests.letters import a_letter, a_pdf
from tests.world import World
from tracker import accrediting, ledger, verifying
from tracker.errors import CredentialsChanged, Incomplete
from tracker.evidence import filing
from tracker.extensions import db
from tracker.models import Accreditation, Evidence, Proposal
from tracker.people import admitting, candidates, credentials, requesting
from tracker.vocabulary import Action


def proposed(register: World, **more: object) -> Proposal:
    """Return Sam's proposal that Clara represents the league, with a letter."""
    return requesting.propose(register.league, a.a_candidate(), letter=a_letter(), by=register.sam, **more)


def accredited(register: World) -> Accreditation:
    """Return Clara's accreditation, by a letter."""
    proposal = proposed(register)
    admitting.confirm(proposal, by=register.kim)
    return candidates.the_accreditation_of(proposal)


def letter_in(proposal: Proposal) -> Evidence:
    found = credentials.letter_of(proposal)
    assert found is not None
    return found


def bound(accreditation: Accreditation) -> dict[str, str]:
    return ledger.bound(f"accreditation/{accreditation.reference}", Action.ACCREDITED)


def test_the_letter_is_kept_with_the_request_and_bound_by_the_entry(register: World) -> None:
    accreditation = accredited(register)
    request = credentials.of_people(register.league)[accreditation.reference]
    assert bound(accreditation)["credentials"] == letter_in(request).sha256
    assert verifying.verify() is None


def test_the_entry_does_not_tell_which_letter_it_is(register: World) -> None:
    accreditation = accredited(register)
    request = credentials.of_people(register.league)[accreditation.reference]
    entry = ledger.entries_of(request.subject)[-1]
    assert letter_in(request).sha256 not in entry.payload
    assert "credentials" in ledger.facts_of(entry)["commitments"]


def test_without_a_letter_the_entry_binds_none(register: World) -> None:
    proposal = requesting.propose(register.league, a.a_candidate(note="Note verbale 7."), by=register.sam)
    admitting.confirm(proposal, by=register.kim)
    assert "credentials" not in bound(candidates.the_accreditation_of(proposal))
    assert credentials.of_everybody() == {}


def test_staff_say_on_whose_authority_by_a_letter_or_in_words(register: World) -> None:
    with pytest.raises(Incomplete):
        requesting.propose(register.league, a.a_candidate(note=" "), by=register.sam)
    requesting.propose(register.league, a.a_candidate(note=""), letter=a_letter(), by=register.sam)


def test_a_head_proposes_on_its_own_authority(register: World) -> None:
    proposal = requesting.propose(register.arcadia, a.a_candidate(note=""), by=register.alice)
    assert credentials.letter_of(proposal) is None


def test_the_letter_goes_along_when_a_returned_request_is_made_again(register: World) -> None:
    first = proposed(register)
    admitting.return_(first, reason="Which office?", by=register.kim)
    again = requesting.propose(register.league, a.a_candidate(note=""), by=register.sam, instead_of=first)
    assert letter_in(again) is letter_in(first)


def test_another_letter_takes_its_place_and_both_are_kept(register: World) -> None:
    first = proposed(register)
    admitting.return_(first, reason="It is not signed.", by=register.kim)
    letter = a_letter(a_pdf(pages=2))
    again = requesting.propose(register.league, a.a_candidate(), letter=letter, by=register.sam, instead_of=first)
    assert letter_in(again).sha256 == letter.sha256 != letter_in(first).sha256


@pytest.mark.parametrize("gone", [True, False])
def test_another_file_in_its_place_is_not_approved(register: World, gone: bool) -> None:
    proposal = proposed(register)
    path = filing.path_of(letter_in(proposal))
    path.unlink() if gone else path.write_bytes(a_pdf(pages=3))
    with pytest.raises(CredentialsChanged):
        admitting.confirm(proposal, by=register.kim)


def test_another_file_in_its_place_is_named_later(register: World) -> None:
    accreditation = accredited(register)
    letter = letter_in(credentials.of_people(register.league)[accreditation.reference])
    filing.path_of(letter).write_bytes(a_pdf(pages=3))
    assert str(verifying.verify()).startswith(f"evidence {letter.key}: ")


def test_another_letter_in_its_place_is_named(register: World) -> None:
    accreditation = accredited(register)
    request = credentials.of_people(register.league)[accreditation.reference]
    request.content = {**request.content, "credentials": filing.keep(a_letter(a_pdf(pages=2)), by=register.sam).key}
    db.session.flush()
    assert "another credentials letter than its entry binds" in str(verifying.verify())


def test_who_was_named_is_forgotten_with_the_letter_and_the_chain_stands(
    register: World, evidence_folder: Path
) -> None:
    accreditation = accredited(register)
    db.session.commit()
    credentials.forget(credentials.of_people(register.league)[accreditation.reference])
    accrediting.forget(accreditation)
    db.session.commit()
    assert bound(accreditation) == {}
    assert list(evidence_folder.iterdir()) == []
    assert verifying.verify() is None
