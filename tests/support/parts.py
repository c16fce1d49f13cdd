"""One small part in a window: shown, as a screen reader has it, and as it is painted."""

from PySide6.QtGui import QAccessible


def put(window, *widgets):
    for widget in widgets:
        window.layout().addWidget(widget)
    window.show()


def spoken(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Description)


def colour_at(widget, point):
    return widget.grab().toImage().pixelColor(point).name()
