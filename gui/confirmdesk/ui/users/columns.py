"""How wide the columns of users are, and which of them a narrow window does without."""

from collections.abc import Mapping

from PySide6.QtGui import QFont, QFontMetrics

from confirmdesk.ui.kit.theme import SMALL_PIXELS, tabular, zoomed
from confirmdesk.ui.users.model import TITLES, UserColumn

# What an e-mail needs at least, and what most of them are read whole in: they are not cut for user names, which are
# often long codes.
EMAIL_LEAST = 160
EMAIL_WHOLE = 230
# Around a text: of a cell, and what a heading's sort arrow takes besides.
_PADDING = 18
_WIDTHS = {
    UserColumn.PICK: 36,
    UserColumn.NAME: 110,
    UserColumn.PHONE: 110,
    UserColumn.USERNAME: 112,
    UserColumn.SIGNED_UP: 106,
    UserColumn.CHANNEL: 64,
    UserColumn.LAST_SENT: 94,
    UserColumn.NOTES: 148,
}
# The longest texts of columns that nobody should have to guess the end of, whatever the font.
_WHOLE = {
    UserColumn.PHONE: "+447700900000",
    UserColumn.SIGNED_UP: "yesterday 00:00",
    UserColumn.LAST_SENT: "yesterday 00:00",
}
# What is often seen among the notes, in small letters on a pill.
_PILL = "Typo? example.com"
# What a narrow window does without, the first first. Nothing is lost: the search looks through them all the same, and
# who has no e-mail is called in that column by what else there is.
_DISPENSABLE = (
    UserColumn.USERNAME,
    UserColumn.CHANNEL,
    UserColumn.PHONE,
    UserColumn.LAST_SENT,
    UserColumn.NAME,
    # Only where somebody made others wide, or everything large.
    UserColumn.SIGNED_UP,
    UserColumn.NOTES,
)


def widths(font: QFont) -> dict[UserColumn, int]:
    """In pixels, of all columns but the e-mail's, which takes what is left; `font` is that of the rows."""
    small = QFont(font)
    small.setPixelSize(zoomed(SMALL_PIXELS))
    cells, headings = QFontMetrics(tabular(QFont(font))), QFontMetrics(small)

    def needed(column: UserColumn) -> int:
        if column is UserColumn.NOTES:
            return headings.horizontalAdvance(_PILL) + 2 * _PADDING
        heading = headings.horizontalAdvance(TITLES[column]) if column is not UserColumn.PICK else 0
        return max(heading, cells.horizontalAdvance(_WHOLE.get(column, ""))) + zoomed(_PADDING)

    return {column: max(zoomed(width), needed(column)) for column, width in _WIDTHS.items()}


def to_hide(width: int, wanted: Mapping[UserColumn, int]) -> set[UserColumn]:
    """What a table `width` pixels wide has no room for, where its columns are as wide as `wanted`."""
    hidden: set[UserColumn] = set()
    needed = sum(wanted.values())
    for column in _DISPENSABLE:
        if needed + zoomed(EMAIL_WHOLE if column is UserColumn.USERNAME else EMAIL_LEAST) <= width:
            break
        needed -= wanted[column]
        hidden.add(column)
    return hidden
