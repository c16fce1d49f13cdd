"""The windows on the screen, found and used by role and accessible name, as a screen reader does it.

What cannot be found here cannot be found by somebody who is blind. Runs under Debian's own Python.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - a version has to be chosen first

T = TypeVar("T")

BUTTONS = ("push button", "button", "toggle button", "check box", "menu item", "push button menu")
FIELDS = ("text", "entry", "password text", "combo box", "spin button")
TABLES = ("table", "tree table", "list")
TEXTS = ("label", "static", "panel", "filler", "text")


class NotSeenError(Exception):
    """What was waited for did not come."""


class Screen:
    """Waits up to `patience` seconds for what it is asked for."""

    def __init__(self, patience: float = 40) -> None:
        self._patience = patience
        self.scale = 1
        self._desktop = Atspi.get_desktop(0)
        # Nobody here runs a main loop that would keep a cache true.
        self._desktop.set_cache_mask(Atspi.Cache.NONE)

    def wait(self, what: str, look: Callable[[], T | None]) -> T:
        """What `look` gives once it gives anything true. Raises NotSeenError, which says `what` did not come."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                found = look()
            except GLib.Error:  # gone while we looked
                found = None
            if found:
                return found
            if time.monotonic() > deadline:
                raise NotSeenError(f"not seen within {self._patience:.0f} s: {what}")
            # Half of what is waited for (a name, a value) has no event that every version sends.
            time.sleep(0.1)

    def window(self, title: str) -> Any:
        """The window called `title`, once it is there."""
        return self.wait(
            f"the window “{title}”", lambda: next((w for w in self._windows() if w.get_name() == title), None)
        )

    def in_front(self) -> list[str]:
        """The titles of all windows, if the last of them has the keyboard; else nothing."""
        windows = list(self._windows())
        return [str(w.get_name()) for w in windows] if windows and not _is_inactive(windows[-1]) else []

    def find(self, name: str, roles: tuple[str, ...]) -> Any | None:
        """The visible widget with that name, or None; of several, the one in the active window."""
        for window in sorted(self._windows(), key=_is_inactive):
            for node in _below(window):
                try:
                    if node.get_role_name() in roles and _has(node, Atspi.StateType.SHOWING) and name in _names(node):
                        return node
                except GLib.Error:
                    continue
        return None

    def see(self, name: str, roles: tuple[str, ...]) -> Any:
        """As `find`, once it is there."""
        return self.wait(f"{roles[0]} “{name}”", lambda: self.find(name, roles))

    def press(self, name: str) -> None:
        """Press a button or a menu item, once it can be pressed."""

        def pressable() -> Any | None:
            node = self.find(name, BUTTONS)
            return node if node and _has(node, Atspi.StateType.SENSITIVE) else None

        node = self.wait(f"button “{name}”, enabled", pressable)
        names = [Atspi.Action.get_action_name(node, i).lower() for i in range(Atspi.Action.get_n_actions(node))]
        wanted = next((names.index(word) for word in ("press", "click", "toggle", "showmenu") if word in names), 0)
        Atspi.Action.do_action(node, wanted)

    def fill(self, name: str, text: str) -> None:
        """Set the text of a field; of an editable combo box, that of its line."""
        node = self.see(name, FIELDS)
        if node.get_role_name() == "combo box":
            node = next(inner for inner in _below(node) if inner.get_role_name() == "text")
        Atspi.EditableText.set_text_contents(node, text)

    def wait_for_text(self, name: str, fits: Callable[[str], bool]) -> str:
        """What the text line `name` shows once it `fits`: its description, as its name stays the same. Where it never
        fits, the error tells what it showed."""
        shown = ""

        def look() -> bool:
            nonlocal shown
            node = self.find(name, TEXTS)
            shown = str(node.get_description()) if node else "(not there)"
            return fits(shown)

        try:
            self.wait(name, look)
        except NotSeenError:
            raise NotSeenError(f"“{name}” says: {shown}") from None
        return shown

    def shows(self, words: str) -> bool:
        """Whether a label on the screen reads `words`."""
        return self.find(words, ("label", "static")) is not None

    def entries(self, combo: str) -> list[str]:
        """What a combo box offers."""
        inside = _below(self.see(combo, ("combo box",)))
        return [str(node.get_name()) for node in inside if node.get_role_name() == "list item"]

    def rows(self, name: str, most: int = 20) -> list[dict[str, str]]:
        """The first rows of a table: each cell's text by its column's heading."""
        table = self.see(name, TABLES)
        headings = [Atspi.Table.get_column_description(table, c) for c in range(Atspi.Table.get_n_columns(table))]
        return [
            {h: str(Atspi.Table.get_accessible_at(table, r, c).get_name()) for c, h in enumerate(headings)}
            for r in range(min(Atspi.Table.get_n_rows(table), most))
        ]

    def tick(self, name: str, row: int) -> None:
        """Click into the first cell of a row, where its box is."""
        cell = Atspi.Table.get_accessible_at(self.see(name, TABLES), row, 0)
        box = cell.get_extents(Atspi.CoordType.SCREEN)
        at = (str((box.x + box.width // 2) * self.scale), str((box.y + box.height // 2) * self.scale))
        subprocess.run(["xdotool", "mousemove", *at, "click", "1"], check=True)
        self.wait(f"row {row} of “{name}” ticked", lambda: _has(cell, Atspi.StateType.CHECKED))

    def keys(self, *chords: str) -> None:
        """Real keys into the focused window: keys("ctrl+f")."""
        subprocess.run(["xdotool", "key", "--delay", "50", *chords], check=True)

    def tree(self) -> str:
        """Everything that can be seen, for somebody who looks for the cause."""
        return "\n".join(line for window in self._windows() for line in _lines(window, 0))

    def _windows(self) -> Iterator[Any]:
        for application in _children(self._desktop):
            yield from _children(application)


def _children(node: Any) -> Iterator[Any]:
    try:
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                yield child
    except GLib.Error:
        return


def _below(node: Any, depth: int = 0) -> Iterator[Any]:
    """Everything inside `node` but the cells of tables: each would be a question of its own over the bus."""
    for child in _children(node):
        yield child
        try:
            inside_combo = node.get_role_name() == "combo box"
            if depth < 24 and (inside_combo or child.get_role_name() not in TABLES):
                yield from _below(child, depth + 1)
        except GLib.Error:
            continue


def _names(node: Any) -> set[str]:
    """Its own name and those of its labels: a combo box is named after what is chosen in it."""
    names = {str(node.get_name())}
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            names |= {str(relation.get_target(i).get_name()) for i in range(relation.get_n_targets())}
    return names


def _has(node: Any, state: Any) -> bool:
    return bool(node.get_state_set().contains(state))


def _is_inactive(window: Any) -> bool:
    try:
        return not _has(window, Atspi.StateType.ACTIVE)
    except GLib.Error:
        return True


def _lines(node: Any, depth: int) -> Iterator[str]:
    try:
        described = f" — {node.get_description()}" if node.get_description() else ""
        if _has(node, Atspi.StateType.SHOWING):
            yield f"{'  ' * depth}{node.get_role_name()} “{node.get_name()}”{described}"
            if node.get_role_name() not in TABLES:
                for child in _children(node):
                    yield from _lines(child, depth + 1)
    except GLib.Error:
        return
