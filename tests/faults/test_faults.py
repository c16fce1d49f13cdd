"""Every fault, over real sockets, with a real ledger: nobody is mailed twice and nobody's outcome is wrong."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS, HERE, TUNNELS, try_fault, try_here, try_hung_up, try_outage, try_refused, try_tunnel


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr("confirmdesk.core.aws.clients.SEND_READ_TIMEOUT", 1)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_mails_nobody_twice_and_is_told_as_what_it_is(fault, tmp_path):
    row = try_fault(fault, tmp_path)
    assert row.hit > 0
    assert (row.twice, row.wrong) == (0, 0), row


@pytest.mark.parametrize("per_second", [10, 50])
def test_a_service_that_throttles_above_its_rate_serves_everybody_once(per_second, tmp_path):
    throttled = next(fault for fault in FAULTS if fault.name == "throttled")
    row = try_fault(throttled, tmp_path, people=12, per_second=per_second)
    assert (row.twice, row.wrong) == (0, 0), row


def test_a_server_that_was_gone_for_a_while_makes_nobody_unknown_who_was_not_in_flight(tmp_path):
    row = try_outage(tmp_path)
    assert (row.twice, row.wrong) == (0, 0), row
    assert row.outcomes["unknown"] <= 16


def test_where_nobody_listens_nothing_is_sent(tmp_path):
    row = try_refused(tmp_path)
    assert row.wrong == 0


@pytest.mark.parametrize("name", TUNNELS)
def test_behind_a_proxy_that_breaks_nobody_is_mailed_twice_or_put_in_doubt_for_nothing(name, tmp_path):
    row = try_tunnel(name, tmp_path)
    assert row.hit == 5
    assert (row.twice, row.wrong) == (0, 0), row


@pytest.mark.parametrize("rudely", [False, True])
def test_a_handshake_that_ends_sends_nothing(rudely, tmp_path):
    assert try_hung_up(tmp_path, rudely=rudely).wrong == 0


@pytest.mark.parametrize("name", HERE)
def test_what_is_wrong_on_this_computer_sends_nothing_and_is_told(name, tmp_path):
    row = try_here(name, tmp_path)
    assert row.wrong == 0, row
