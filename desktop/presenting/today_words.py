"""The sentence under the greeting of Today: what happens today, what follows this week, which holds end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from desktop.presenting.dates import WEEKDAYS, clock, clock_in
from shared.clock import utc_to_wall

_SMALL_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_EVENING: Final = 17


def number_word(count: int) -> str:
    """A small number as a word that begins a sentence: "Four"; larger ones as figures."""
    return _SMALL_NUMBERS[count] if 0 <= count < len(_SMALL_NUMBERS) else str(count)


def day_sentence(
    starts_at: Sequence[datetime],
    hold_ends_at_utc: Sequence[datetime],
    *,
    now_utc: datetime,
    zone_name: str,
) -> str:
    """`starts_at` are the local starts of this week's live bookings, each in its own zone."""
    now = utc_to_wall(now_utc, zone_name)
    today = sorted(start for start in starts_at if start.date() == now.date())
    later = sorted(start for start in starts_at if start.date() > now.date())
    sentences = []
    if len(today) == 1:
        sentences.append(f"One shoot today at {clock(today[0])}")
    elif today:
        sentences.append(f"{number_word(len(today))} shoots today, the first at {clock(today[0])}")
    else:
        sentences.append("No shoot today")
    if later:
        last = WEEKDAYS[later[-1].weekday()]
        sentences[-1] += f", {number_word(len(later)).lower()} more until {last}"
    words = f"{sentences[0]}."
    ending = [end for end in hold_ends_at_utc if utc_to_wall(end, zone_name).date() == now.date()]
    if len(ending) == 1:
        evening = utc_to_wall(ending[0], zone_name).hour >= _EVENING
        words += (
            " One hold ends tonight." if evening else f" One hold ends at {clock_in(ending[0], zone_name)}."
        )
    elif ending:
        words += f" {number_word(len(ending))} holds end today."
    return words


def couples_wait(count: int) -> str:
    """Who waits for a date: "Nobody waits", "One couple waits for this date", "Two couples wait"."""
    if count == 0:
        return "Nobody waits"
    if count == 1:
        return "One couple waits for this date"
    return f"{number_word(count)} couples wait"
