"""Each safeguard that is taken away, and each planted fault, is seen by the promise that names it."""

from collections import Counter, namedtuple
from typing import Any

import pytest

from tests.simulator.ablations import ABLATIONS, Ablation, first_break
from tests.simulator.ground import STUDIOS
from tests.simulator.invariants import Watch
from tests.simulator.points import POINTS, missing_points
from tests.simulator.server import Break
from tests.simulator.world import World, world

Paper = namedtuple(  # noqa: PYI024 - as the driver gives it
    "Paper", "id series year number content_hash pdf_sha256 snapshot printed_number"
)
STEPS = 60


def a_paper(**fields: object) -> Any:  # noqa: ANN401 - a row
    return Paper("a", "invoice", 2026, 1, "hash", "file", "{}", "STUDIO_2026_001")._replace(**fields)


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda ablation: ablation.number)
def test_without_its_safeguard_a_promise_is_broken(ablation: Ablation) -> None:
    assert first_break(ablation) is not None, ablation.off


@pytest.mark.parametrize(
    ("other", "broken"),
    [
        (a_paper(id="b"), "I7"),
        (a_paper(number=2, printed_number="STUDIO_2026_002"), "I10"),
        (a_paper(snapshot='{"due": 1}'), "I10"),
    ],
)
def test_a_number_is_on_one_document_and_a_document_never_changes(other: Any, broken: str) -> None:  # noqa: ANN401 - a row
    with world(0) as made:
        made.watch.judge_papers(STUDIOS[0].tenant_id, [a_paper()])
        made.watch.judge_papers(STUDIOS[1].tenant_id, [a_paper(id="b")])
        with pytest.raises(Break, match=broken):
            made.watch.judge_papers(STUDIOS[0].tenant_id, [other])


def forget_a_number(made: World) -> None:
    with made.server.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM number_register WHERE number = 1")


def forget_a_receipt(made: World) -> None:
    with made.server.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM receipt WHERE no = 1")


def lose_an_operation(made: World) -> None:
    made.watch.operations["lost"] = next(iter(made.watch.operations.values()))
    made.watch.operations["lost"] = type(made.watch.operations["lost"])(made.devices[0], "lost", "note.add")


def change_a_row(made: World) -> None:
    with made.devices[0].store.writing() as connection:
        connection.exec_driver_sql("UPDATE studio SET name = 'Another'")


@pytest.mark.parametrize(
    ("plant", "broken"),
    [
        (forget_a_number, "I7"),
        (forget_a_receipt, "I2"),
        (lose_an_operation, "I3"),
        (change_a_row, "I1"),
    ],
)
def test_what_is_planted_at_the_end_is_found(plant: Any, broken: str) -> None:  # noqa: ANN401 - one of the above
    with world(4) as made:
        made.run(STEPS)
        made.watch.at_the_end()
        plant(made)
        with pytest.raises(Break, match=broken):
            made.watch.at_the_end()


def test_a_point_that_was_never_hit_is_named() -> None:
    assert missing_points(Counter()) == list(POINTS)
    assert missing_points(Counter(dict.fromkeys((f"{begins}: x" for begins in POINTS.values()), 1))) == []


def test_the_witness_is_asked_after_every_step() -> None:
    asked = Counter[str]()

    class Counting(Watch):
        def device_moved(self, device: Any) -> None:  # noqa: ANN401 - a device
            asked["device"] += 1
            super().device_moved(device)

    with world(1) as made:
        made.watch.__class__ = Counting
        made.run(STEPS)
    assert asked["device"] >= STEPS // 3
