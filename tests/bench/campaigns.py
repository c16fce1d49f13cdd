"""Throughput: the engine with its ledger against its own pace, and unpaced against bare boto3 in as many threads."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.campaign import Campaign
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import Plan, make_plan
from confirmdesk.core.sending.results import tally

SERVER = Path(__file__).with_name("slow_server.py")


@contextmanager
def answering_after(delay: float) -> Iterator[Connection]:
    with subprocess.Popen([sys.executable, SERVER, str(delay)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdin
        port = int(child.stdout.readline())
        yield Connection("Bench", "eu-west-1", "eu-west-1_A", "client", endpoint=f"http://127.0.0.1:{port}")
        child.stdin.close()


def plan_for(people: int) -> Plan:
    users = [make_user(f"u{i}", 0, True, "UNCONFIRMED", [("email", f"u{i}@example.com")]) for i in range(people)]
    return make_plan(users, [("ticket", "HD-4711")], frozenset({"email"}))


def run(connection: Connection, people: int, per_second: float) -> float:
    """Seconds for a whole run with a ledger on the disk."""
    plan = plan_for(people)
    with TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite3")[0]
        journal = ledger.begin(connection, this_operator(), plan, per_second, time.time())
        campaign = Campaign(plan, journal, Pace(per_second))
        sender = open_sender(Aws(practice=True), connection, None)
        began = time.perf_counter()
        campaign.run(lambda: sender.send, lambda: None)
        took = time.perf_counter() - began
        assert tally(campaign.results())[Outcome.ACCEPTED] == people, "everybody must have been served"
        ledger.close()
    return took


def bare(connection: Connection, people: int) -> float:
    """Seconds for as many calls by boto3 in as many threads, nothing else."""
    client = Aws(practice=True).send_client(connection, CALLS_IN_FLIGHT)
    began = time.perf_counter()
    with ThreadPoolExecutor(CALLS_IN_FLIGHT) as pool:
        list(pool.map(lambda i: client.resend_confirmation_code(ClientId="client", Username=f"u{i}"), range(people)))
    return time.perf_counter() - began


def share_of_pace(per_second: float, seconds: float) -> float:
    """How much of its pace a run reaches at a server that takes 150 ms, from the first answer to the last call: the
    first code goes alone, and with its answer the second and third at once."""
    people = round(per_second * seconds)
    with answering_after(0.15) as connection:
        return (people - 3) / per_second / (run(connection, people, per_second) - 2 * 0.15)


def unpaced(people: int = 3000) -> tuple[float, float]:
    """Codes a second with ledger, and those of bare boto3, in turns."""
    with answering_after(0) as connection:
        bare(connection, 200)
        pairs = [(people / run(connection, people, 0), people / bare(connection, people)) for _ in range(3)]
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
