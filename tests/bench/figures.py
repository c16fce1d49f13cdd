"""What was measured, and how it is printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

HEADS = ("What", "Confirmdesk", "Against", "Ratio", "Budget", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `against` and `ratio` are "" where there is nothing to compare with."""

    what: str
    ours: str
    against: str
    ratio: str
    budget: str
    met: bool

    def cells(self) -> tuple[str, ...]:
        return self.what, self.ours, self.against, self.ratio, self.budget, "met" if self.met else "NOT MET"


@dataclass(frozen=True, slots=True)
class Gaps:
    """Seconds between two turns of the event loop: 99 of 100 are no longer than `p99`, none longer than `most`."""

    p99: float
    most: float

    def text(self) -> str:
        return f"p99 {milliseconds(self.p99)}, longest {milliseconds(self.most)}"


def gaps_of(ticks: Sequence[float]) -> Gaps:
    """The gaps between the moments `ticks`, in seconds."""
    gaps = sorted(later - sooner for sooner, later in pairwise(ticks))
    return Gaps(gaps[int(len(gaps) * 0.99)], gaps[-1])


def milliseconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.1f} ms"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def most(ratio: float) -> str:
    return f"{ratio:.2f}×"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table in Markdown, aligned for people."""
    rows = [HEADS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)
