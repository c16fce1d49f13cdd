"""Measures the speed budgets, each against something plain, in one run on one machine: `make bench`.

Nothing is asserted: a budget that is missed says so in the table, and the exit status is 0 once everything is measured.
"""

import os
import platform
import sys
from statistics import median
from tempfile import TemporaryDirectory

import PySide6
from campaigns import share_of_pace, unpaced
from children import Child, ask_once, start_seconds
from figures import Figure, Gaps, milliseconds, most, seconds, table

from confirmdesk.practice.launch import PracticeServer

USERS = 100_000
STARTS = 9
LISTINGS = 3
ROUNDS = 3


def main() -> int:
    """Measure everything and print the table."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, PySide6 {PySide6.__version__}", end=", ")
    print(f"Qt platform {os.environ.get('QT_QPA_PLATFORM', 'default')}\n", flush=True)
    figures = [measure_start()]
    with PracticeServer.start(USERS) as server:
        figures += measure_listing(server)
        figures += measure_search_and_sort(server)
        figures.append(_gaps_figure("Event loop while loading", ask_once("gaps.py", server, "loading")))
    figures.append(_gaps_figure("Event loop while sending", ask_once("gaps.py", None, "sending")))
    figures += measure_campaigns()
    print(table(figures))
    return 0


def measure_campaigns() -> list[Figure]:
    """How near a run comes to its pace, and what the ledger and the engine cost when nothing else holds them back."""
    found = []
    for per_second in (10, 50):
        share = share_of_pace(per_second, 10)
        what = f"Codes at {per_second} a second, 150 ms each"
        found.append(
            Figure(what, f"{share * per_second:.1f}/s", f"{per_second}/s", f"{share:.1%}", "≥ 97 %", share >= 0.97)
        )
    ours, theirs = unpaced()
    ratio = ours / theirs
    figure = Figure(
        "Codes unpaced, with ledger", f"{ours:.0f}/s", f"{theirs:.0f}/s", f"{ratio:.2f}×", "≥ 0.5×", ratio >= 0.5
    )
    return [*found, figure]


def measure_start() -> Figure:
    """From the start of the process until the first window is on the screen, in turns; the first of each warms up.

    Installed programs come compiled: without bytecode this would measure Python's compiler, wherever it must not write.
    """
    with TemporaryDirectory() as bytecode:
        scripts = ("start_product.py", "start_bare.py")
        pairs = [[start_seconds(script, bytecode) for script in scripts] for _ in range(STARTS + 1)][1:]
    ours, bare = (median(column) for column in zip(*pairs, strict=True))
    note(f"start: {_each(milliseconds, pairs)}")
    ratio = median(a / b for a, b in pairs)
    met = ratio <= 2.0
    return Figure("Start until painted", milliseconds(ours), milliseconds(bare), most(ratio), "≤ 2.0×", met)


def measure_listing(server: PracticeServer) -> list[Figure]:
    """The whole pool, in turns, each time in a process of its own; and what its people take in memory."""
    pairs, bytes_each = [], []
    for _ in range(LISTINGS):
        product, plain = ask_once("listing_product.py", server), ask_once("listing_plain.py", server)
        pairs.append((product["seconds"], plain["seconds"]))
        bytes_each.append(product["bytes"] / product["users"])
        assert product["users"] == plain["users"], "both must have read the same pool"
    ours, boto = (median(column) for column in zip(*pairs, strict=True))
    ratio, memory = median(a / b for a, b in pairs), median(bytes_each) / 1000
    note(f"listing: {_each(seconds, pairs)}; bytes a user: {', '.join(f'{b:.0f}' for b in bytes_each)}")
    what = f"{USERS:,} users into the table"
    return [
        Figure(what, seconds(ours), seconds(boto), most(ratio), "≤ 0.7×", ratio <= 0.7),
        Figure("Memory for one of them", f"{memory:.2f} KB", "", "", "≤ 1.2 KB", memory <= 1.2),
    ]


def measure_search_and_sort(server: PracticeServer) -> list[Figure]:
    """Keys and clicks on headers until painted, round by round in turns: while one measures, the other waits."""
    with Child("find_product.py", server) as product, Child("find_stock.py", server) as stock:
        for child in (product, stock):
            child.wait_until_ready()
        rounds = [(product.round(), stock.round()) for _ in range(ROUNDS)]
    found = []
    for what, budget, times in (("search", 33, 8), ("sort", 100, 5)):
        names = rounds[0][0][what]
        pairs = {name: tuple(median(r[side][what][name] for r in rounds) for side in (0, 1)) for name in names}
        note(f"{what}: {', '.join(f'{name} {_each(milliseconds, [pair])}' for name, pair in pairs.items())}")
        ours, theirs = (median(pair[side] for pair in pairs.values()) for side in (0, 1))
        ratio = median(b / a for a, b in pairs.values())
        label = {"search": "A key in the search box", "sort": "A click that sorts"}[what]
        met = ours * 1000 <= budget and ratio >= times
        limits = f"≤ {budget} ms, ≥ {times}× faster"
        found.append(Figure(label, milliseconds(ours), milliseconds(theirs), f"{ratio:.1f}× faster", limits, met))
    return found


def _gaps_figure(what: str, answer: dict[str, float]) -> Figure:
    gaps = Gaps(answer["p99"], answer["most"])
    note(f"{what}: {answer['ticks']:.0f} ticks in {answer['seconds']:.1f} s, {answer['done']:.0f} people")
    return Figure(what, gaps.text(), "", "", "p99 ≤ 16 ms, none > 100 ms", gaps.p99 <= 0.016 and gaps.most <= 0.1)


def _each(unit, pairs) -> str:
    return ", ".join(f"{unit(a)} against {unit(b)}" for a, b in pairs)


def note(line: str) -> None:
    """A line of detail, beside the table that comes at the end."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
