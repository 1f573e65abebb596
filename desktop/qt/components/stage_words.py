"""One payment stage in words and as a part of the stage bar, the same in the preview and on the record."""

from datetime import date
from typing import Final

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.status_words import STAGE_KIND, STAGE_STATUS, say
from desktop.qt.components.stage_bar import StageLook, StagePart
from desktop.qt.icons import Icon
from desktop.queries.record_rows import StageRow

_SETTLED: Final = {
    "refunded": Icon.REFUND,
    "partially_refunded": Icon.REFUND,
    "canceled": Icon.CROSS,
    "superseded": Icon.CROSS,
    "processing": Icon.CLOCK,
    "action_needed": Icon.CLOCK,
}


def stage_state(stage: StageRow, today: date) -> tuple[Icon, str, bool]:
    """The glyph, the words ("paid 20 Jan", "due today") and whether they stand out."""
    if stage.status == "paid":
        when = f" {dates.day_month(stage.paid_on)}" if stage.paid_on is not None else ""
        return Icon.CHECK, f"paid{when}", False
    if stage.status in _SETTLED:
        return _SETTLED[stage.status], say(STAGE_STATUS, stage.status).lower(), False
    if stage.due_on is None:
        return Icon.RING_DASHED, "no date yet", False
    return _due_state(stage.due_on, today)


def _due_state(due_on: date, today: date) -> tuple[Icon, str, bool]:
    if due_on < today:
        return Icon.ALERT, f"due {dates.day_month(due_on)}, {dates.due_day(due_on, today)}", True
    words = "due today" if due_on == today else f"due {dates.day_words(due_on, today)}"
    return Icon.CLOCK, words, True


def stage_part(stage: StageRow, currency: str) -> StagePart:
    """A stage as a part of the bar."""
    words = f"{say(STAGE_KIND, stage.kind)} {amount(stage.amount_minor, currency)}"
    if stage.status in ("refunded", "partially_refunded"):
        look = StageLook.REFUNDED
    elif stage.status == "paid":
        look = StageLook.PAID
    elif stage.due_on is None:
        look = StageLook.POSTPONED
    else:
        look = StageLook.OPEN
    return StagePart(stage.amount_minor, look, f"{words}, {say(STAGE_STATUS, stage.status).lower()}")


def shown_stages(stages: tuple[StageRow, ...]) -> tuple[StageRow, ...]:
    """The stages that still stand, in their order; replaced ones are history."""
    standing = (stage for stage in stages if stage.status != "superseded")
    return tuple(sorted(standing, key=lambda stage: stage.position))
