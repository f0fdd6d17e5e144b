import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.world import World
from tracker.identity import devices

ALICE, BRUNO = "alice@example.org", "bruno@example.org"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: nothing of it is in the database."""
    return "sqlite"


@pytest.fixture(autouse=True)
def an_unmarked_browser():
    devices.show({})
    yield
    devices.show({})


def test_a_mark_is_known_by_its_account(register: World) -> None:
    devices.show({devices.name_for(ALICE): devices.mark(ALICE)})
    assert devices.mark_of(ALICE)
    assert devices.mark_of(" Alice@example.org") == devices.mark_of(ALICE)
    assert devices.mark_of(BRUNO) is None


def test_each_browser_has_its_own(register: World) -> None:
    marks = set()
    for _ in range(2):
        devices.show({devices.name_for(ALICE): devices.mark(ALICE)})
        marks.add(devices.mark_of(ALICE))
    assert len(marks) == 2


def test_a_mark_of_somebody_else_is_worth_nothing_under_ones_own_name(register: World) -> None:
    devices.show({devices.name_for(ALICE): devices.mark(BRUNO)})
    assert devices.mark_of(ALICE) is None


@pytest.mark.parametrize("forged", ["", "x", "IjEi.aaaaaa.bbbbbbbb", "\ufffd", "a" * 5_000])
def test_a_forged_one_is_worth_nothing(register: World, forged: str) -> None:
    devices.show({devices.name_for(ALICE): forged})
    assert devices.mark_of(ALICE) is None


def test_an_old_one_is_worth_nothing(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = int(devices.KNOWN_FOR.total_seconds()) + 60
    now = URLSafeTimedSerializer("key").make_signer("salt").get_timestamp()
    with monkeypatch.context() as patch:
        patch.setattr("itsdangerous.timed.time.time", lambda: now - long_ago)
        mark = devices.mark(ALICE)
    devices.show({devices.name_for(ALICE): mark})
    assert devices.mark_of(ALICE) is None


def test_neither_name_nor_mark_says_whose_it_is(register: World) -> None:
    assert "alice" not in devices.name_for(ALICE) + devices.mark(ALICE)
