import pytest
from company import CLIENT, POOL
from on_screen import the
from whole_aws import PORTAL

from confirmdesk.core.connections.connection import Connection

SHOP = Connection(
    "Shop",
    "eu-west-1",
    POOL,
    CLIENT,
    client_name="web",
    needs_secret=False,
    start_url=PORTAL,
    sso_region="eu-west-1",
    account_id="123456789012",
    role_name="support",
)


@pytest.fixture
def shop():
    """A connection by the company's portal, as somebody saved it before."""
    return SHOP


@pytest.fixture
def session(make_session, shop, company):
    made = make_session()
    made.put_connection(shop)
    return made


@pytest.fixture
def window(make_window, session, desktop):
    """The program, started with that connection; nobody is signed in."""
    return make_window(session)


@pytest.fixture
def bar(window):
    """The red bar of a list that failed."""
    return lambda: the(window.work.users, "Loading details").parentWidget()
