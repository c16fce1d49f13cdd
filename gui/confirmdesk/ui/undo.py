"""What Ctrl+Z takes back: picks, client metadata and templates, each step with the words for what came back."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Protocol

from confirmdesk.core.computer.settings import Template
from confirmdesk.core.sending.metadata import Row
from confirmdesk.core.text import count, plain
from confirmdesk.ui.metadata.panel import MetadataPanel
from confirmdesk.ui.metadata.template_bar import TemplateBar
from confirmdesk.ui.users.model import UsersModel

# Of a hundred thousand people a step that picks them all keeps a list of their names.
MOST_STEPS = 50


class UndoStep(Protocol):
    """One thing that a person did. Both say in a sentence what is different now, "" where nothing is."""

    def undo(self) -> str: ...

    def redo(self) -> str: ...


class Picks:
    """People were picked, or unpicked."""

    def __init__(self, model: UsersModel, usernames: Iterable[str], wanted: bool) -> None:
        self._model = model
        self._usernames = tuple(usernames)
        self._wanted = wanted

    def undo(self) -> str:
        return self._put(not self._wanted)

    def redo(self) -> str:
        return self._put(self._wanted)

    def let_go(self, usernames: set[str]) -> None:
        """These people stay as they are from now on."""
        self._usernames = tuple(name for name in self._usernames if name not in usernames)

    def _put(self, wanted: bool) -> str:
        number = self._model.set_picks(self._usernames, wanted)
        people = count(number, "person is", "people are")
        return f"{people} {'picked again' if wanted else 'not picked any more'}" if number else ""


class Fields:
    """A field of client metadata was added, changed or removed, or a template took the place of all."""

    def __init__(self, panel: MetadataPanel, before: tuple[Row, ...], after: tuple[Row, ...]) -> None:
        self._panel = panel
        self._before = before
        self._after = after

    def undo(self) -> str:
        return self._put(self._after, self._before)

    def redo(self) -> str:
        return self._put(self._before, self._after)

    def _put(self, now: tuple[Row, ...], then: tuple[Row, ...]) -> str:
        if self._panel.rows() != now:
            return ""
        self._panel.bring_back(then)
        back = [key for key, _ in then if key not in dict(now)]
        if len(then) > len(now) and len(back) == 1 and back[0]:
            return f"The field “{plain(back[0], 40)}” is back"
        return "The client metadata is as it was"


class SavedTemplate:
    """A template was saved, in place of another perhaps, or deleted."""

    def __init__(self, bar: TemplateBar, before: Template | None, after: Template | None) -> None:
        self._bar = bar
        self._before = before
        self._after = after

    def undo(self) -> str:
        return self._put(self._after, self._before)

    def redo(self) -> str:
        return self._put(self._before, self._after)

    def _put(self, now: Template | None, then: Template | None) -> str:
        called = now or then
        if called is None or not self._bar.swap(called.name, now, then):
            return ""
        words = "is back" if now is None else "is as it was" if then else "is gone again"
        return f"The template “{plain(called.name, 40)}” {words}"


class UndoStack:
    """The steps of one pool, the latest last. What would change nothing any more is passed over."""

    def __init__(self) -> None:
        self._done: deque[UndoStep] = deque(maxlen=MOST_STEPS)
        self._undone: deque[UndoStep] = deque(maxlen=MOST_STEPS)

    def note(self, step: UndoStep) -> None:
        """Somebody did this: what was taken back before it cannot be done again."""
        self._done.append(step)
        self._undone.clear()

    def undo(self) -> str:
        """Take the last step back. What is different now, "" where there was nothing to take back."""
        while self._done:
            self._undone.append(self._done.pop())
            if words := self._undone[-1].undo():
                return words
        return ""

    def redo(self) -> str:
        """Do again what was taken back last."""
        while self._undone:
            self._done.append(self._undone.pop())
            if words := self._done[-1].redo():
                return words
        return ""

    def let_go(self, usernames: set[str]) -> None:
        """These people may have a code now: no step picks them, or unpicks them, any more."""
        for step in self._steps():
            if isinstance(step, Picks):
                step.let_go(usernames)

    def _steps(self) -> Iterator[UndoStep]:
        yield from self._done
        yield from self._undone
