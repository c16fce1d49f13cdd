"""pytest plugin: `--quick` leaves out what needs a whole program or a process of its own."""

import pytest

# Tests that ask for one of these put the program together, or start a server, a keyring or a session bus.
FIXTURES = {
    "practice_server",
    "server",
    "make_window",
    "make_application",
    "keyring_unlocked",
    "keyring_locked",
    "keyring_new",
    "bus_without_keyring",
}
# Whole programs, builds, campaigns, and the ways through a network.
FOLDERS = {"aws", "faults", "freeing", "kill", "packaging", "practice", "tour"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what starts processes or the whole program")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: starts processes of its own; left out by --quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("quick"):
        return
    left_out = [item for item in items if _is_slow(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not _is_slow(item)]


def _is_slow(item: pytest.Item) -> bool:
    folders = item.path.relative_to(item.config.rootpath).parts
    fixtures = getattr(item, "fixturenames", ())
    return bool(FOLDERS & set(folders) or FIXTURES & set(fixtures) or item.get_closest_marker("slow"))
