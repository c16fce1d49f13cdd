"""Searching and sorting in the real window, with everybody loaded from the pool."""

from itertools import count

from parent import given_connections
from rounds import Window, serve
from stage import stage

from confirmdesk.core.people.users import UNCONFIRMED, make_user
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.users.model import UserColumn as Column

large, small = given_connections()
numbers = count()


with stage((large, small)) as made:
    made.load(large)
    users = made.window.work.users

    def forget_orders() -> None:
        """One more person: the orders that the model remembers are of no use any more, each click sorts anew."""
        name = f"latecomer-{next(numbers)}"
        users.model.add_user(make_user(name, 1.0, True, UNCONFIRMED, [("email", f"{name}@example.com")]), False)

    users.table.focus_row(0)
    users.filters.search.setFocus()
    columns = {
        "e-mail": Column.EMAIL,
        "name": Column.NAME,
        "phone": Column.PHONE,
        "username": Column.USERNAME,
    }
    faces = (users.table.viewport(), *users.findChildren(EmptyState))
    serve(Window(users.filters.search, users.table, faces, {**columns, "signed up": Column.SIGNED_UP}), forget_orders)
