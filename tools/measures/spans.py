"""Spans of time, and the ratio of two that were measured in turn.

The machine is shared, and what it can do changes from minute to minute: so what is compared is
measured turn by turn, and the medians of the turns are compared.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one measure found. `is_within` is whether that is within the gate, in the words of `gate`."""

    name: str
    figures: dict[str, float]
    gate: str
    is_within: bool

    @property
    def text(self) -> str:
        """Return the row as it is printed."""
        figures = "   ".join(f"{name} {value:g}" for name, value in self.figures.items())
        return f"{self.name:24} {figures}   [{self.gate}: {'yes' if self.is_within else 'NO'}]"


def seconds(run: Callable[[], object]) -> float:
    """Return how long `run` takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def in_turn(
    one: Callable[[], float], two: Callable[[], float], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the medians of two spans that are measured in turn; the first turn is not counted."""
    turns = [(one(), two()) for _ in range(rounds + 1)][1:]
    return statistics.median(first for first, _ in turns), statistics.median(second for _, second in turns)


def of_bare(name: str, turns: Sequence[tuple[float, float]], *, count: int, least: float) -> Row:
    """Return the row of a batch of `count`, whose rate should be at least `least` of the bare rate.

    Each of `turns` is the span of the bare batch, and of ours right after it. The ratio is the median of
    theirs: it differs by a hundredth from run to run where that of two medians differs by five.
    """
    bare, span = (statistics.median(each) for each in zip(*turns, strict=True))
    ratio = statistics.median(bare_span / our_span for bare_span, our_span in turns)
    figures = {
        "per_second": round(count / span),
        "milliseconds": round(1000 * span, 2),
        "bare_milliseconds": round(1000 * bare, 2),
        "of_bare_rate": round(ratio, 3),
    }
    return Row(
        name=name, figures=figures, gate=f"at least {least} of the bare rate", is_within=ratio >= least
    )
