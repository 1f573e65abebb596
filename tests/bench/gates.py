"""When a figure holds: its gate, or the same share of its control as the gate had in ``reference.json``.

So a slower machine is not a missed gate. The reference is written once; changing it is a reviewed commit:
``python -m tests.bench.gates`` takes the controls of the last run over.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REFERENCE: Final = Path(__file__).with_name("reference.json")
LAST_RUN: Final = Path("bench-output") / "bench.json"
_RATIOS_ALONE: Final = frozenset({"invoice PDF", "desktop cold start", "list filter keystroke to rows"})


@dataclass(frozen=True)
class Gate:
    """In words, and whether it holds."""

    words: str
    holds: bool


def at_least(name: str, value: float, gate: float, *, control: float, unit: str) -> Gate:
    """The more the better: throughput."""
    share = _share(name, gate)
    words = f"≥ {gate:,g} {unit}"
    if share is None:
        return Gate(words, value >= gate)
    return Gate(f"{words}, or {share:.3g} × control", value >= gate or value / control >= share)


def at_most(name: str, value: float, gate: float, *, control: float, unit: str) -> Gate:
    """The less the better: waiting."""
    share = _share(name, gate)
    words = f"≤ {gate:,g} {unit}"
    if share is None:
        return Gate(words, value <= gate)
    return Gate(f"{words}, or {share:.3g} × control", value <= gate or value / control <= share)


def _share(name: str, gate: float) -> float | None:
    control = _references().get(name)
    return None if control is None else gate / control


def _references() -> dict[str, float]:
    if not REFERENCE.exists():
        return {}
    known: dict[str, float] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return known


def write_reference() -> None:
    """Take over the controls of the last run; those of figures that it did not take stay."""
    figures: list[dict[str, Any]] = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    taken = {one["name"]: one["baseline"] for one in figures if one["name"] not in _RATIOS_ALONE}
    controls = _references() | taken
    REFERENCE.write_text(json.dumps(controls, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_reference()
