"""Who is who outside, and who may sign in so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NO_PROVIDER
from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.identity import outside
from tracker.identity.id_token import Identity
from tracker.identity.outside import NoOtherWayIn
from tracker.identity.unrecognised import BoundAlready, NotLetIn
from tracker.models import OutsideIdentity

SOMEBODY = Identity(NO_PROVIDER.issuer, "staff-7")
OTHER = Identity(NO_PROVIDER.issuer, "staff-8")


def test_a_member_of_staff_is_who_was_bound(register: World) -> None:
    bound = outside.bind(register.sam, SOMEBODY)
    assert outside.person(SOMEBODY) is register.sam
    assert outside.binding(register.sam) is bound


def test_nobody_is_anybody_without_being_bound(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    for stranger in (OTHER, Identity("https://login.example.net", "staff-7"), Identity(SOMEBODY.issuer, "STAFF-7")):
        with pytest.raises(NotLetIn, match="bound to no account"):
            outside.person(stranger)


def test_a_representative_binds_nothing(register: World) -> None:
    with pytest.raises(NotLetIn):
        outside.bind(register.alice, SOMEBODY)


def test_who_is_no_longer_staff_is_not_let_in(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    register.sam.roles = []
    with pytest.raises(NotLetIn, match="not of the secretariat") as refused:
        outside.person(SOMEBODY)
    assert refused.value.account is register.sam


def test_who_is_deactivated_is_not_let_in(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    register.sam.active = False
    with pytest.raises(NotLetIn, match="deactivated"):
        outside.person(SOMEBODY)


def test_one_is_bound_to_one(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    with pytest.raises(BoundAlready):
        outside.bind(register.sam, OTHER)
    with pytest.raises(BoundAlready):
        outside.bind(register.kim, SOMEBODY)


def test_who_was_unbound_may_be_bound_anew(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    assert outside.unbind(register.sam)
    assert not outside.unbind(register.sam)
    outside.bind(register.kim, SOMEBODY)
    assert outside.person(SOMEBODY) is register.kim


def test_the_only_way_in_stays(register: World) -> None:
    outside.bind(register.sam, SOMEBODY)
    register.sam.password = None
    with pytest.raises(NoOtherWayIn):
        outside.unbind(register.sam)
    assert db.session.scalars(select(OutsideIdentity)).one().account is register.sam


@pytest.mark.parametrize(
    ("methods", "minutes", "both"),
    [(("mfa",), 0, True), (("mfa",), 14, True), (("mfa",), 17, False), (("mfa",), None, False), (("pwd",), 0, False)],
)
def test_it_stands_for_both_factors_where_both_were_proved_lately(
    methods: tuple[str, ...], minutes: int | None, both: bool
) -> None:
    proved_at = None if minutes is None else clock.now() - timedelta(minutes=minutes)
    assert outside.counts_for_both(Identity("issuer", "subject", methods, proved_at=proved_at)) is both
