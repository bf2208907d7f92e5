"""Timing two sides of one job fairly: the same results first, then the median of several runs in turn."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Comparison:
    """The medians of two sides in seconds for one job, and the bound their ratio must keep."""

    title: str
    size: str
    ours: float
    peer: float
    at_most: float

    @property
    def ratio(self) -> float:
        """Our time over the peer's: below 1 we are faster."""
        return self.ours / self.peer

    @property
    def holds(self) -> bool:
        """Whether the ratio keeps its bound."""
        return self.ratio <= self.at_most

    def line(self) -> str:
        """One line of the printed result."""
        verdict = "达到" if self.holds else "未达到"
        return (
            f"{self.title}（{self.size}）：{self.ours * 1000:.1f} ms，对照 {self.peer * 1000:.1f} ms，"
            f"比值 {self.ratio:.2f}，要求不超过 {self.at_most:.2f}：{verdict}"
        )


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what to do before a series (not timed) and the job itself."""

    job: Callable[[], object]
    prepare: Callable[[], object] = lambda: None


def medians(ours: Side, peer: Side, *, runs: int = RUNS, repeat: int = 10) -> tuple[float, float]:
    """The median seconds of one call on either side, in turn; each series is prepared and warmed up first."""
    times: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(runs):
        for number, side in enumerate((ours, peer)):
            side.prepare()
            side.job()
            begin = time.perf_counter()
            for _ in range(repeat):
                side.job()
            times[number].append((time.perf_counter() - begin) / repeat)
    return statistics.median(times[0]), statistics.median(times[1])
