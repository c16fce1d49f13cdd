"""A sentence across the window where what is written down does not last: said until somebody has read it."""

from dataclasses import replace

from confirmdesk.core.computer.lasting import Lasting, lasting, lasting_problem
from confirmdesk.ui.kit.faces import Banner
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.session import Session


class LastingNotice(Banner):
    """In practice nothing is said: there nobody real is sent to."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._found = Lasting.LASTING
        understood = button("Understood", "Close notice")
        understood.clicked.connect(self._close)
        self.add_button(understood)

    def look(self) -> None:
        """Look where the data directory lies, in the background: a network share may take its time."""
        if not self._session.practice:
            directory = self._session.places.data
            self._session.tasks.run(self, lambda: lasting(directory), self._show)

    def _show(self, found: Lasting) -> None:
        self._found = found
        problem = lasting_problem(found, self._session.places.data)
        if problem and self._session.settings.told_place != found.value:
            self.say(problem.text(), "warn")

    def _close(self) -> None:
        self.say("")
        self._session.change(replace(self._session.settings, told_place=self._found.value))
