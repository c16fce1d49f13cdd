"""A choice among many that is searched by typing."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCompleter, QListView

from confirmdesk.ui.kit.inputs import Combo


class SearchCombo(Combo):
    """Typing offers what has every word of it somewhere; Qt's own completer looks at the beginning."""

    def __init__(self, name: str) -> None:
        super().__init__(name, editable=True)
        self._texts: tuple[str, ...] = ()
        self._found = QStringListModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setPopup(QListView())
        completer.setMaxVisibleItems(10)
        self.setCompleter(completer)
        edit = self.lineEdit()
        assert edit
        edit.textEdited.connect(self._search)

    def offer(self, texts: Sequence[str]) -> None:
        """Offer `texts`; what is chosen or typed stays."""
        self._texts = tuple(texts)
        self._found.setStringList(list(texts))
        super().offer(texts)

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        self._found.setStringList([t for t in self._texts if all(word in t.casefold() for word in words)])
