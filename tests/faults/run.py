"""`make test-faults`: the table of faults."""

import logging
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[1] / "gui")]

from faults import (  # noqa: E402
    FAULTS,
    HERE,
    TUNNELS,
    table,
    try_fault,
    try_here,
    try_hung_up,
    try_outage,
    try_refused,
    try_tunnel,
)

import confirmdesk.core.aws.clients  # noqa: E402


def main() -> int:
    # Each call that did not get through is logged: the table says enough.
    logging.getLogger().addHandler(logging.NullHandler())
    confirmdesk.core.aws.clients.SEND_READ_TIMEOUT = 1
    with tempfile.TemporaryDirectory() as folder:
        rows = [try_fault(fault, Path(folder) / str(i), people=200) for i, fault in enumerate(FAULTS)]
        rows += [try_outage(Path(folder) / "outage", 200), try_refused(Path(folder) / "refused", 200)]
        rows += [try_tunnel(name, Path(folder) / f"tunnel-{i}", 200) for i, name in enumerate(TUNNELS)]
        rows += [try_hung_up(Path(folder) / f"tls-{rudely}", rudely=rudely) for rudely in (False, True)]
        rows += [try_here(name, Path(folder) / f"here-{i}") for i, name in enumerate(HERE)]
    print(table(rows))
    return 1 if any(row.twice or row.wrong for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
