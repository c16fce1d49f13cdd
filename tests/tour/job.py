"""The main job, step by step, as somebody at the desk does it. Each step tells what was seen at its end."""

from collections.abc import Callable
from dataclasses import dataclass

from desk import Desk, NotSeenError
from people import BOUNCING, DISABLED, REASON, TICKET, WANTED
from PySide6.QtCore import Qt

LIST, METADATA = "Unconfirmed users", "Client metadata"
BOX, NAME = 0, 2
PICKED, SERVED = len(WANTED) + 2, len(WANTED)
DONE = f"accepted {SERVED} · doubtful 0 · not needed 0 · waiting 0 · failed 1 · unknown 0 · left 0"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    play: Callable[[Desk], str]


def list_users(desk: Desk) -> str:
    seen = desk.see_text("User counts", "200 loaded")
    desk.see_gone("Stop loading")
    return seen


def search(desk: Desk) -> str:
    desk.click("Search users")
    desk.type("bounce")
    return desk.see_text("User counts", "200 loaded · 2 shown")


def pick(desk: Desk) -> str:
    desk.click_cell(LIST, BOUNCING, BOX)
    _search_for(desk, "disabled.dora", "200 loaded · 1 shown")
    desk.click_cell(LIST, DISABLED, BOX)
    _search_for(desk, "", "200 loaded · 200 shown")
    for person in WANTED:
        desk.click_cell(LIST, person.name, BOX)
    return desk.see_text("User counts", f"200 loaded · 200 shown · {PICKED} picked")


def _search_for(desk: Desk, text: str, counts: str) -> None:
    desk.click("Search users")
    desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_Delete)
    desk.type(text)
    desk.see_text("User counts", counts)


def write_metadata(desk: Desk) -> str:
    for key, value in (("reason", REASON), ("locale", "{attr:locale}"), ("ticket", TICKET)):
        desk.click("Add field")
        desk.type(key)
        desk.press(Qt.Key.Key_Tab)
        desk.type(value)
        desk.press(Qt.Key.Key_Return)
    # What will her Lambda receive?
    desk.click_cell(LIST, "Chloé Lefèvre", NAME)
    return ", ".join("=".join(row) for row in desk.see_rows(METADATA, 3))


def review(desk: Desk) -> str:
    desk.click("Review and send")
    recipients, left_out = desk.see_rows("Recipients", SERVED + 1), desk.see_rows("Left out", 1)
    desk.wait("The checks", lambda: "Checking…" not in desk.rows("Checks")[0])
    return f"{len(recipients)} recipients, left out: {', '.join(left_out[0])}"


def run(desk: Desk) -> str:
    # The careful way, and the one that can be looked at while it is under way: it pauses after the first person.
    desk.click("Send to the first 1")
    sent = desk.see_progress("Send progress", 1)
    desk.see("Resume")
    return f"{sent} of {SERVED + 1} sent, paused"


def read_results(desk: Desk) -> str:
    desk.click("Resume")
    seen = desk.see_text("Run summary", DONE)
    desk.click_cell("Run results", "Address refused", 0)
    [refused] = desk.see_rows("Run recipients", 1)
    return f"{seen}; refused: {refused[0]}"


def read_outbox(desk: Desk) -> str:
    desk.click("Practice outbox")
    arrived = desk.see_rows("Outbox messages", SERVED)
    desk.click_cell("Outbox messages", arrived[1][1], 1)
    return f"{len(arrived)} messages: {', '.join(row[1] for row in arrived)}"


def read_history(desk: Desk) -> str:
    desk.press(Qt.Key.Key_Escape)
    desk.see_gone("Outbox messages")
    desk.click("Close run")
    desk.click("History")
    [(started, connection, _, people, accepted, not_served, state)] = desk.see_rows("Runs", 1)
    desk.see_rows("Run recipients", SERVED + 1)
    if (people, accepted, not_served) != (f"{SERVED + 1}", f"{SERVED}", "1"):
        raise NotSeenError(f"The history tells of {accepted} accepted of {people}, {not_served} not served.")
    return f"{started}, {connection}: {accepted} accepted of {people}, {not_served} not served, {state}"


STEPS = (
    Step("list", list_users),
    Step("search", search),
    Step("pick", pick),
    Step("metadata", write_metadata),
    Step("review", review),
    Step("run", run),
    Step("results", read_results),
    Step("outbox", read_outbox),
    Step("history", read_history),
)
