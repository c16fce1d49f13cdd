"""What runs did, for administrators: one line of JSON in the log for each event, with fixed keys, nothing of customers.

The README tells what the keys mean; collectors rely on them.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.sending.events import RunEvent
from confirmdesk.core.sending.outcomes import Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trail:
    """Of one run: who began it, and where it sends."""

    run: int
    account: str
    computer: str
    pool: str
    client: str

    def tell(self, event: RunEvent, counts: Mapping[Outcome, int], by_itself: bool = False) -> None:
        """`by_itself` where the program did it and nobody pressed anything."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        outcomes = {outcome.replace(" ", "_"): counts.get(outcome, 0) for outcome in Outcome}
        said = {"event": event, "time": now, **asdict(self), "by": "program" if by_itself else "person"}
        line = json.dumps({**said, "people": sum(counts.values()), **outcomes})
        # The log hides what looks like an address. Accounts of a domain do, and are no customer's: JSON spells the @.
        log.info("run %s", line.replace("@", r"\u0040"))


def trail_of(file: LedgerFile, run: int) -> Trail:
    """As the ledger has it. Raises ConfirmdeskError."""
    columns = "id AS run, account, computer, pool_id AS pool, client_id AS client"
    [row] = file.read(f"SELECT {columns} FROM runs WHERE id=:run", {"run": run})  # noqa: S608 - our own words
    return Trail(**row)
