"""Which names on the roll are alike."""

from __future__ import annotations

import pytest

from tests.world import World
from tracker import publishing
from tracker.models import Text
from tracker.roll import enrolling, similar_names
from tracker.vocabulary import Kind

ALIKE = [
    ("TI Moldova", "Transparency International Moldova"),
    ("Transparency International Moldova", "TI Moldova"),
    ("Basel Inst. for Governance", "Basel Institute on Governance"),
    ("Republic of Moldova", "Moldova"),
    ("Cote d'Ivoire", "Côte d’Ivoire"),
    ("Organisation for Economic Co-operation and Development", "OECD"),
    ("Governance, Institute of, Basel", "Basel Institute on Governance"),
    ("Czechia", "Chechia"),
]
UNLIKE = [
    ("Iran", "Iraq"),
    ("Slovakia", "Slovenia"),
    ("Guinea", "Guinea-Bissau"),
    ("Mali", "Malawi"),
    ("Togo", "Tonga"),
]


def on_the_roll(name: str) -> None:
    publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text.of(name))


@pytest.mark.parametrize(("asked", "there"), ALIKE)
def test_names_are_alike_however_they_are_written(register: World, asked: str, there: str) -> None:
    on_the_roll(there)
    assert [each.name for each in similar_names.similar_to([asked])] == [there]


@pytest.mark.parametrize(("asked", "there"), UNLIKE)
def test_neighbours_are_not_taken_for_each_other(register: World, asked: str, there: str) -> None:
    on_the_roll(there)
    assert similar_names.similar_to([asked]) == []


def test_a_name_is_found_in_each_language_and_by_the_acronym(register: World) -> None:
    name = Text.of("Basel Institute on Governance", fr="Institut de Bâle sur la gouvernance")
    there = publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=name, acronym="BIG")
    for asked in ("Institut de Bale pour la gouvernance", "big"):
        assert [each.participant for each in similar_names.similar_to([asked])] == [there]


def test_a_former_name_is_found(register: World) -> None:
    enrolling.rename(register.arcadia, name=Text.of("Utopia"))
    enrolling.merge(publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Ruritania")), register.arcadia)
    assert [each.participant for each in similar_names.similar_to([Text.of("Ruritania")])] == [register.arcadia]


def test_the_same_country_code_is_enough(register: World) -> None:
    publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Türkiye"), iso_code="TR")
    assert [each.name for each in similar_names.similar_to(["Ottomania"], iso_code="TR")] == ["Türkiye"]


def test_a_participant_is_not_compared_with_itself(register: World) -> None:
    assert similar_names.similar_to(["Arcadia"], but=register.arcadia) == []


def test_pairs_on_the_roll_are_found(register: World) -> None:
    for name in ("Transparency International Moldova", "TI Moldova", "Basel Institute on Governance"):
        on_the_roll(name)
    found = [{one.name, other.name} for one, other in similar_names.pairs()]
    assert found == [{"Transparency International Moldova", "TI Moldova"}]
