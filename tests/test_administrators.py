"""What ADMINISTRATORS.md tells is what the program does."""

import json
import re
from pathlib import Path

import pytest

from confirmdesk.core.cognito.rights import RIGHTS, WITHOUT_RIGHT, policy
from confirmdesk.core.computer.lasting import Lasting
from confirmdesk.core.connections.connection import FIELDS, Connection
from confirmdesk.core.connections.hosts import hosts
from confirmdesk.core.connections.network import NETWORK_KEYS, network_preset_from
from confirmdesk.core.product import APP_ID
from confirmdesk.core.sending.events import RunEvent

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ADMINISTRATORS.md").read_text(encoding="utf-8")


def section(title):
    return re.split(r"^## ", PAGE.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(title, heading):
    """The cells of the table in that section whose first cell is `heading`."""
    lines = section(title).partition(f"| {heading} |")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def in_code(text):
    return re.findall(r"`([^`]+)`", text)


def test_every_right_is_told_with_what_it_is_for():
    told = rows("The least rights", "Right")
    assert told == [[f"`{right.action}`", right.used_for, right.without] for right in RIGHTS]
    for call in WITHOUT_RIGHT:
        assert call.removeprefix("cognito-idp:") in section("The least rights")


def test_the_policy_to_paste_is_the_one_that_people_copy():
    (pasted,) = re.findall(r"```json\n(.*?)```", section("The least rights"), re.DOTALL)
    assert json.loads(pasted) == json.loads(policy())


def test_every_host_is_told():
    told = rows("What the network must let through", "Host")
    assert told == [[f"`{host.name}`", host.used_for] for host in hosts(Connection("", "", "", ""))]


def test_every_field_of_a_preset_is_told():
    told = [name for row in rows("Preset connections", "Field") for name in in_code(row[0])]
    assert sorted(told) == sorted(FIELDS)


def test_every_setting_of_the_network_that_can_be_preset_is_told():
    (example,) = re.findall(r"^    (\{.*\})$", section("What the network must let through"), re.MULTILINE)
    told = json.loads(example)
    assert sorted(told) == sorted(NETWORK_KEYS)
    assert network_preset_from(told, "10-network.json").network.proxy_address == told["proxy"]


def test_what_is_usual_is_told_as_it_is():
    usual = Connection("", "", "", "")
    said = {row[0].strip("`"): row[1] for row in rows("Preset connections", "Field")}
    for name in ("per_second", "confirm_above", "cool_down"):
        assert said[name] == f"{getattr(usual, name):g}"
    assert said["largest_run"] == f"{usual.largest_run}, no limit"
    for name in ("device_code", "read_only"):
        assert said[name] == f"`{json.dumps(getattr(usual, name))}`"
    assert said["environment"] == f"`{usual.environment}`"


def test_every_word_for_a_data_directory_is_told():
    told = [row[0].strip("`") for row in rows("Terminal servers", "`data.place`")]
    assert sorted(told) == sorted(word.value for word in Lasting)


def test_every_event_of_a_run_is_told():
    table = section("The audit trail")
    assert set(in_code(re.findall(r"^\| `event` \|(.*)$", table, re.MULTILINE)[0])) == {
        str(event) for event in RunEvent
    }


def test_the_keyrings_entries_are_called_as_the_program_calls_them():
    assert f"`{APP_ID}`" in section("What is stored where")


@pytest.mark.parametrize("page", ["ADMINISTRATORS.md", "README.md"])
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)?(?:#[\w-]+)?\)", (ROOT / page).read_text(encoding="utf-8")):
        assert not target or target.startswith("https://") or (ROOT / target).exists(), target


def test_every_heading_that_is_linked_is_there():
    headings = {
        re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    }
    linked = re.findall(
        r"\]\((?:ADMINISTRATORS\.md)?#([\w-]+)\)", PAGE + (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert set(linked) <= headings
    assert len(linked) > 4
