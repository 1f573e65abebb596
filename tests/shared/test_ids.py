"""Ids: in order of time when a person makes them, the same everywhere when they follow from an operation."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from shared.ids import TenantId, derived_id, new_id
from shared.models.act import Act, Actor, ActorKind, Role

OPERATION = UUID("0192f0c1-0000-7000-8000-000000000001")


def test_a_new_id_is_a_version_7_of_rfc_9562() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_a_new_id_carries_the_present_millisecond() -> None:
    made_at = datetime.fromtimestamp((new_id().int >> 80) / 1000, UTC)
    assert abs(datetime.now(UTC) - made_at) < timedelta(minutes=1)


def test_new_ids_are_distinct_and_in_order_of_time() -> None:
    made = [new_id() for _ in range(5000)]
    assert len(set(made)) == len(made)
    stamps = [one.int >> 80 for one in made]
    assert stamps == sorted(stamps)


def test_a_derived_id_is_the_same_on_every_computer() -> None:
    assert derived_id(OPERATION, "stage", 1) == UUID("54d4a3fa-71c1-59e0-940a-b62fda2d0a8b")
    assert derived_id(OPERATION, "stage", 1).version == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("stage", 1), ("stage", 2)),
        (("stage", 1), ("stage",)),
        (("stage", "1", "2"), ("stage", "12")),
        (("stage1",), ("stage", 1)),
        (("stage",), ("refund",)),
    ],
)
def test_another_role_is_another_id(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert derived_id(OPERATION, *one) != derived_id(OPERATION, *other)


def test_a_role_is_told_by_its_text() -> None:
    assert derived_id(OPERATION, "stage", 1) == derived_id(OPERATION, "stage", "1")
    assert derived_id(OPERATION, OPERATION) == derived_id(OPERATION, str(OPERATION))


def test_another_operation_makes_other_ids() -> None:
    assert derived_id(OPERATION, "stage") != derived_id(new_id(), "stage")


def test_an_act_makes_the_ids_of_its_operation() -> None:
    act = Act(
        tenant_id=TenantId(UUID(int=1)),
        actor=Actor(ActorKind.STAFF, UUID(int=2), Role.OWNER),
        at=datetime(2027, 3, 1, tzinfo=UTC),
        operation_id=OPERATION,
    )
    assert act.new_id("stage", 1) == derived_id(OPERATION, "stage", 1)
