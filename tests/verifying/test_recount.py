from datetime import date

import pytest
import sqlalchemy as sa

from tests import world as a
from tests.world import World
from tracker import clock, ledger
from tracker.extensions import db
from tracker.models import RecommendationTally, SetTally, Text
from tracker.verifying import recount
from tracker.vocabulary import Kind


def test_what_is_kept_is_what_the_entries_give(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort, numbers=["1.1", "2.2"])
    a.published(register.league, register.cohort, reservations={"1.1": Text.of("In part.")})
    a.withdrawn(endorsement, register.alice, register.sam)
    assert recount.verify() is None


@pytest.mark.parametrize(
    "tamper",
    [
        sa.update(SetTally).values(signatories=SetTally.signatories + 1),
        sa.update(RecommendationTally).values(signatories=RecommendationTally.signatories + 1),
        sa.delete(SetTally),
        sa.delete(RecommendationTally).where(RecommendationTally.kind == Kind.COUNTRY),
        sa.update(SetTally).values(day=date(2023, 3, 26)),
    ],
    ids=["set", "recommendation", "set row removed", "rows removed", "day"],
)
def test_a_tally_changed_by_hand_is_found(register: World, tamper: sa.Executable) -> None:
    a.published(register.arcadia, register.cohort)
    db.session.execute(tamper)
    difference = recount.verify()
    assert difference is not None
    assert "clean-rivers" in str(difference)


def test_a_tally_row_inserted_by_hand_is_found(register: World) -> None:
    db.session.add(
        SetTally(
            cohort_id=register.cohort.id, kind=Kind.COUNTRY, day=clock.today(), signatories=1, partial=0, reserved=0
        )
    )
    db.session.flush()
    assert "the ledger's entries give no row" in str(recount.verify())


def test_the_recount_reads_entries_alone(register: World) -> None:
    a.published(register.arcadia, register.cohort, numbers=["1.1"])
    assert recount.from_entries(ledger.entries()) == {
        ("clean-rivers", "", "country", a.PUBLISHED): (1, 0, 1),
        ("clean-rivers", "1.1", "country", a.PUBLISHED): (1, 0),
    }
