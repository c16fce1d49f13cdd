"""How somebody arranges the window, remembered over a restart: zoom, splitters, and what the list of users tells."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QWidget

from confirmdesk.core.computer.view import AS_MADE, ZOOMS, Split, View
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.session import Session
from confirmdesk.ui.workspace import Workspace


class ScrollingPages(QScrollArea):
    """The pages of the window. One that is higher than the window, as with much zoom, scrolls instead of being squeezed
    until its parts lie on one another; none is ever wider."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self._pages = pages
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(pages)
        pages.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        return self._pages.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._pages and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        least, room = self._pages.currentWidget(), self.viewport().size()
        height = max(room.height(), least.minimumSizeHint().height() if least else 0)
        self._pages.resize(room.width(), height)


class WindowView(QObject):
    """Splitters of pages are known by the names of their objects, and placed as their pages come."""

    def __init__(self, window: QWidget, session: Session, theme: Theme, work: Workspace, pages: QStackedWidget) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme
        self._work = work
        self._pages = pages
        view = session.settings.view
        self._splits = {split.name: split.sizes for split in view.splits}
        work.show_view(view)
        pages.currentChanged.connect(lambda _: self._place(pages.currentWidget()))

    def _place(self, page: QWidget | None) -> None:
        for splitter in page.findChildren(QSplitter) if page else ():
            name = splitter.objectName()
            if len(sizes := self._splits.get(name, ())) == splitter.count():
                splitter.setSizes(sizes)
            splitter.splitterMoved.connect(lambda *_, s=splitter: self._moved(s))

    def _moved(self, splitter: QSplitter) -> None:
        self._splits[splitter.objectName()] = tuple(splitter.sizes())

    def zoom_by(self, steps: int) -> None:
        """So many steps larger, or smaller; 0 is the way back to 100 %."""
        at = ZOOMS.index(self._theme.zoom) + steps
        zoom = ZOOMS[min(max(at, 0), len(ZOOMS) - 1)] if steps else AS_MADE
        self._theme.set_zoom(zoom)
        self._session.change(replace(self._session.settings, view=replace(self._session.settings.view, zoom=zoom)))
        announce(self._window, f"Zoom {zoom} %")

    def now(self) -> View:
        """To be remembered."""
        splits = tuple(Split(name, sizes) for name, sizes in self._splits.items() if all(sizes))
        # The theme may have gone on to the next window already, that of practice.
        return replace(self._work.view(), splits=splits, zoom=self._session.settings.view.zoom)
