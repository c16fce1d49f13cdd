"""What the program is, whose work it stands on, and what support may ask for."""

import os
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.core.computer.diagnostics import Desktop, Version, Work, diagnostics, gather, installed_versions
from confirmdesk.core.computer.licences import licence_text
from confirmdesk.core.computer.paths import resource
from confirmdesk.core.connections.keychain import Keychain, SessionKeychain, system_keychain
from confirmdesk.core.errors import Problem
from confirmdesk.core.product import NAME
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import Theme, tabular
from confirmdesk.ui.session import Session

PURPOSE = "Sends Amazon Cognito confirmation codes again to people who signed up and never got theirs."
UPDATES = (
    f"{NAME} never looks for updates by itself and sends nothing home. New versions come from whoever installed it."
)
CLEANED = "Made for a ticket: it holds no secrets and no addresses, and names no person, computer, pool or connection."
ABOUT, LICENCES, DIAGNOSTICS = range(3)
# Roles of the palette, so that it follows the theme.
TABS = """
QTabBar { border: 0; }
QTabBar::tab { padding: 5px 10px; margin: 0 8px 0 0; color: palette(placeholder-text); background: transparent;
               border: 2px solid transparent; }
QTabBar::tab:hover { color: palette(text); }
QTabBar::tab:selected { color: palette(text); border-bottom-color: palette(link); }
QTabBar::tab:selected:focus { border-color: palette(link); border-radius: 6px; }
"""


class AboutDialog(QDialog):
    """Opens at once; what takes long is read in the background, each page's own when it is first looked at. Opening
    the log is for who made the dialog."""

    log_requested = Signal()
    folder_requested = Signal()

    def __init__(self, parent: QWidget, session: Session, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"About {NAME}")
        self.setAccessibleName(f"About {NAME}")
        self._session = session
        self._theme = theme
        self._asked: set[int] = set()
        self._version = StatusLine("Version", "quiet")
        self._versions = VersionsCard()
        self._log = QLineEdit()
        self._licences = text_area("Licences")
        self._diagnostics = text_area("Diagnostics")
        self._copy = button("Copy diagnostics", "Copy diagnostics")
        self._copied = StatusLine("Diagnostics status")
        self._tabs = QTabBar()
        self._pages = QStackedWidget()
        self._lay_out()
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._copy_diagnostics)
        self._tabs.currentChanged.connect(self._turn_to)
        self._turn_to(ABOUT)
        fit(self, 720, 600)

    def _lay_out(self) -> None:
        self._tabs.setAccessibleName("Pages")
        self._tabs.setStyleSheet(TABS)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        pages = (("About", self._about_page()), ("Licences", page(self._licences)))
        for text, made in (*pages, ("Diagnostics", self._diagnostics_page())):
            self._tabs.addTab(text)
            self._pages.addWidget(made)
        close = button("Close", "Close about")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self._tabs)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(QIcon(str(resource("icons/confirmdesk.svg"))).pixmap(56, 56))
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (plain_label(NAME, "title"), self._version, plain_label(PURPOSE, wrap=True)):
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _about_page(self) -> QWidget:
        inside = page(
            heading("Versions", self._versions),
            self._versions,
            plain_label("Updates", "heading"),
            plain_label(UPDATES, wrap=True),
            heading("Log file", self._log),
            plain_label("What the program did, without secrets and people's addresses.", "quiet", wrap=True),
        )
        column = inside.layout()
        assert isinstance(column, QVBoxLayout)
        column.addLayout(self._log_row())
        column.addStretch()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll

    def _log_row(self) -> QHBoxLayout:
        self._log.setText(plain(str(self._session.places.log_file)))
        self._log.setReadOnly(True)
        self._log.setAccessibleName("Log file")
        self._log.setCursorPosition(0)
        show, folder = button("Show log file", "Show log file"), button("Open folder", "Open folder")
        show.clicked.connect(self.log_requested)
        folder.clicked.connect(self.folder_requested)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._log, 1)
        row.addWidget(show)
        row.addWidget(folder)
        return row

    def _diagnostics_page(self) -> QWidget:
        made = page(plain_label(CLEANED, "quiet", wrap=True), self._diagnostics)
        row = QHBoxLayout()
        row.addWidget(self._copied, 1)
        row.addWidget(self._copy)
        column = made.layout()
        assert isinstance(column, QVBoxLayout)
        column.addLayout(row)
        return made

    def _turn_to(self, at: int) -> None:
        self._pages.setCurrentIndex(at)
        if at in self._asked:
            return
        self._asked.add(at)
        tasks = self._session.tasks
        if at == ABOUT:
            qt = qVersion()
            tasks.run(self, lambda: installed_versions(qt), self._show_versions)
        elif at == LICENCES:
            self._licences.setPlainText("Reading the licences…")
            tasks.run(self, licence_text, self._licences.setPlainText, lambda p: self._fail(self._licences, p))
        else:
            self._gather()

    def _gather(self) -> None:
        session, desktop = self._session, self._desktop()
        current = session.connection(session.settings.last_connection)
        work = Work(
            session.places,
            session.practice,
            session.connections,
            current,
            session.ledger is not None,
            session.network,
        )
        keychain: Keychain = SessionKeychain() if session.practice else system_keychain()
        self._diagnostics.setPlainText("Looking at this computer…")
        session.tasks.run(
            self,
            lambda: diagnostics(gather(desktop, work, keychain, os.environ)),
            self._show_diagnostics,
            lambda problem: self._fail(self._diagnostics, problem),
        )

    def _desktop(self) -> Desktop:
        screen = self.screen()
        scale, size = screen.devicePixelRatio(), screen.size()
        shown = "dark" if self._theme.colours.dark else "light"
        return Desktop(
            qt=qVersion(),
            platform=QGuiApplication.platformName(),
            width=round(size.width() * scale),
            height=round(size.height() * scale),
            scale=scale,
            screens=len(QGuiApplication.screens()),
            theme=shown if self._theme.choice == shown else f"{shown}, as the system is",
        )

    def _show_versions(self, versions: Sequence[Version]) -> None:
        self._version.show_text(f"Version {versions[0].number} · MIT licence")
        self._versions.show_versions(versions)

    def _show_diagnostics(self, text: str) -> None:
        self._diagnostics.setPlainText(text)
        self._copy.setEnabled(True)

    def _fail(self, area: QPlainTextEdit, problem: Problem) -> None:
        area.setPlainText(problem.text())
        announce(area, problem.text())

    def _copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(self._diagnostics.toPlainText())
        # Said each time it is pressed, not only when the line changes.
        self._copied.show_text("")
        self._copied.show_text("Copied.", announced=True)


class VersionsCard(QFrame):
    """Each part with its version, two beside each other. The card carries them as its description."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName("Versions")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)
        # Room for what comes in a moment.
        for row in range(4):
            self._grid.addWidget(plain_label(" "), row, 0)

    def show_versions(self, versions: Sequence[Version]) -> None:
        """Down the left side first, then down the right one."""
        rows = (len(versions) + 1) // 2
        for at, part in enumerate(versions):
            row, column = at % rows, at // rows * 2
            number = plain_label(plain(part.number, 40))
            number.setFont(tabular(number.font()))
            self._grid.addWidget(plain_label(plain(part.name, 40), "quiet"), row, column)
            self._grid.addWidget(number, row, column + 1)
        self.setAccessibleDescription(", ".join(f"{part.name} {part.number}" for part in versions))


def heading(text: str, of: QWidget) -> QLabel:
    """The heading of `of`, whose name it shows."""
    label = plain_label(text, "heading")
    label.setBuddy(of)
    return label


def page(*widgets: QWidget) -> QWidget:
    """Widgets one below the other; text areas take what room there is."""
    made = QWidget()
    made.setProperty("kind", "page")
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        if widget.property("kind") == "heading" and column.count():
            column.addSpacing(8)
        column.addWidget(widget, 1 if isinstance(widget, QPlainTextEdit) else 0)
    return made


def text_area(name: str) -> QPlainTextEdit:
    """Text to read, select and copy, by keyboard as well; Tab leads out of it."""
    made = QPlainTextEdit()
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setProperty("kind", "code")
    return made
