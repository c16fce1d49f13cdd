"""The same with what Qt has in stock: QStandardItemModel, QSortFilterProxyModel over all columns, QTableView.

The items are Qt's own, in C++: a model in Python as the proxy's source would make it up to ten times slower still.
"""

import gc

from parent import given_connections, given_headers
from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QVBoxLayout, QWidget
from rounds import Window, serve
from stage import SIZE

from confirmdesk.core import times
from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control, pages
from confirmdesk.core.people.users import User

TITLES = ("E-mail", "Name", "Phone", "Username", "Signed up")


def cells(user: User) -> tuple[str, ...]:
    return user.email, user.name, user.phone, user.username, times.exact(user.created)


def make_model(users: list[User]) -> QStandardItemModel:
    model = QStandardItemModel(len(users), len(TITLES))
    model.setHorizontalHeaderLabels(TITLES)
    for row, user in enumerate(users):
        for column, text in enumerate(cells(user)):
            model.setItem(row, column, QStandardItem(text))
    return model


large, small = given_connections()
aws = Aws(practice=True)
aws.send_along(large.endpoint, given_headers())
app = QApplication([])
model = make_model([user for page in pages(Control(aws, large), "", lambda: False) for user in page.users])
proxy = QSortFilterProxyModel()
proxy.setSourceModel(model)
proxy.setFilterKeyColumn(-1)
proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
window, search, table = QWidget(), QLineEdit(), QTableView()
search.textChanged.connect(proxy.setFilterFixedString)
table.setModel(proxy)
table.setSortingEnabled(True)
table.verticalHeader().hide()
column = QVBoxLayout(window)
column.addWidget(search)
column.addWidget(table)
window.resize(*SIZE)
window.show()
window.activateWindow()
search.setFocus()
# The wrappers of half a million items would otherwise be gone through at the worst moments.
gc.collect()
gc.freeze()
table.setCurrentIndex(proxy.index(0, 0))
serve(Window(search, table, (table.viewport(),), {name.lower(): at for at, name in enumerate(TITLES)}))
