"""A row of numbers, each with the word that explains it."""

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from confirmdesk.ui.kit.colours import ToneName
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow, Words
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.theme import set_kind, tabular


class Card(QFrame):
    """One number over its word. The tone comes in only while the number is not nought."""

    def __init__(self, word: str, tone: ToneName = ToneName.NEUTRAL) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._tone = tone
        self._number = plain_label("0", "number")
        self._number.setFont(tabular(self._number.font()))
        self._word = Words(word, "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(0)
        column.addWidget(self._number)
        column.addWidget(self._word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_number(self, text: str, word: str = "") -> None:
        """`text` as it is shown; `word` replaces the one below it."""
        self._number.setText(text)
        if word:
            self._word.setText(word)
        coloured = self._tone is not ToneName.NEUTRAL and text != "0"
        if self._word.property("kind") != ("word" if coloured else "secondary"):
            set_kind(self._word, kind="word" if coloured else "secondary", tone=self._tone.value)


class TextCard(QFrame):
    """A sentence over the word for what it means; the tone is the word's."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._sentence = ElidedLabel(kind="title")
        self._word = ElidedLabel(kind="secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        column.addWidget(self._sentence)
        column.addWidget(self._word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, sentence: str, word: str, tone: ToneName) -> None:
        self._sentence.setText(sentence)
        self._word.setText(word)
        set_kind(self._word, kind="secondary" if tone is ToneName.NEUTRAL else "word", tone=tone.value)


class CardRow(QFrame):
    """Cards side by side; the row carries their text for screen readers, as a text line that changes does."""

    def __init__(self, name: str, cards: Iterable[QWidget]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        row = NarrowRow(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for card in cards:
            row.addWidget(card, 1)

    def show_text(self, text: str) -> None:
        self.setAccessibleDescription(text)

    def text(self) -> str:
        return self.accessibleDescription()
