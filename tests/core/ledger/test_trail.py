import json
import logging
from datetime import datetime

import pytest

from confirmdesk.core.computer.logs import start_logging
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, Operator
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.campaign import Campaign
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import make_plan

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", pool_name="Shop")
STAFF = Operator("ines@corp.example.com", "desk-7")
# As ADMINISTRATORS.md has them.
OUTCOMES = ["accepted", "doubtful", "not_needed", "waiting", "failed", "unknown", "left"]
KEYS = ["event", "time", "run", "account", "computer", "pool", "client", "by", "people", *OUTCOMES]


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path)
    file = start_logging(made, Redactor())
    yield made
    file.stop()
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(LedgerFile(tmp_path / "ledger.sqlite3"))
    yield made
    made.close()


def events(places):
    lines = places.log_file.read_text("utf-8").splitlines()
    return [json.loads(line.partition(": run ")[2]) for line in lines if ": run {" in line]


def send(ledger, answers):
    users = [make_user(name, 0, True, "UNCONFIRMED", [("email", f"{name}@example.com")]) for name in answers]
    plan = make_plan(users, [("ticket", "HD-4711")], None)
    journal = ledger.begin(SHOP, STAFF, plan, 5.0, 1.0)
    campaign = Campaign(plan, journal, Pace(0))
    campaign.run(lambda: lambda request: answers[request.username], lambda: None)
    return journal.run


def test_each_event_is_one_line_with_fixed_keys_and_nothing_of_customers(places, ledger):
    gone = Reply("UserNotFoundException", "User jane does not exist.", 400)
    run = send(ledger, {"jane": gone, "mary": Reply(status=200, destination="m***@e***", medium="EMAIL")})
    ledger.end(run, 2.0)
    ledger.end(run, 3.0)
    told = events(places)
    assert [event["event"] for event in told] == ["begun", "ended", "closed"]
    assert all(list(event) == KEYS for event in told)
    assert told[0]["left"] == told[0]["people"] == 2
    last = told[-1]
    assert (last["account"], last["computer"], last["run"]) == ("ines@corp.example.com", "desk-7", run)
    assert (last["pool"], last["client"], last["people"]) == ("eu-west-1_Ab12Cd34E", "4f9k2client", 2)
    assert (last["accepted"], last["accepted"] + last["failed"] + last["not_needed"]) == (1, 2)
    written = places.log_file.read_text("utf-8")
    assert not any(word in written for word in ("jane", "mary", "m***", "HD-4711"))


def test_times_have_their_zone(places, ledger):
    send(ledger, {"jane": Reply(status=200)})
    assert all(datetime.fromisoformat(event["time"]).tzinfo for event in events(places))
    line = places.log_file.read_text("utf-8").splitlines()[0]
    assert datetime.fromisoformat(" ".join(line.split()[:2])).tzinfo
