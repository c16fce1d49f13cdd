"""The floor plan of the program, read from its source: who may import whom, and that nothing grows too big."""

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "gui"
FILES = sorted((SOURCE / "confirmdesk").rglob("*.py"))
FOLDER_MODULES, MODULE_LINES, FUNCTION_LINES = 16, 400, 40

# Each room and the rooms it may import, from the bottom up: a line names only what stands above it. Every room may
# import the modules that lie in core itself (errors, text, quotas, …); they know no room.
ARROWS = {
    "core.connections": "",
    "core.people": "",
    "core.aws": "core.connections",
    "core.computer": "core.connections",
    "core.sending": "core.connections core.people",
    "core.cognito": "core.aws core.connections core.people core.sending",
    "core.ledger": "core.computer core.connections core.people core.sending",
    "core.sign_in": "core.aws core.cognito core.connections",
    "core.checks": "core.aws core.cognito core.connections core.people core.sending",
    "practice": "core.connections",
    "ui.kit": "core.connections",
    "ui.session": "core.aws core.computer core.connections core.ledger practice ui.kit",
    "ui.settings": "core.connections ui.kit ui.session",
    "ui.sign_in": "core.aws core.computer core.connections core.sign_in ui.kit ui.session",
    "ui.about": "core.computer core.connections ui.kit ui.session",
    "ui.connections": "core.aws core.checks core.cognito core.connections core.sign_in practice ui.kit ui.session "
    "ui.sign_in",
    "ui.metadata": "core.computer core.connections core.people core.sending ui.kit",
    "ui.practice": "practice ui.kit",
    "ui.sending": (
        "core.checks core.cognito core.computer core.connections core.ledger core.people core.sending ui.kit ui.session"
    ),
    "ui.users": "core.cognito core.computer core.connections core.people ui.kit ui.session",
    "ui.runs": "core.cognito core.connections core.ledger core.people core.sending ui.kit ui.sending ui.session",
}
GROUND = "core"
# The windows' assembly and the command line import what they like, and nobody imports them.
TOP = ("ui", "__main__")


@dataclass(frozen=True, slots=True)
class Import:
    """One import anywhere in a module: at its top, inside a function or for type checking only."""

    module: str
    line: int
    target: str


def name_of(file: Path) -> str:
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in FILES}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports_of(module: str) -> Iterator[Import]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            yield from (Import(module, node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _base(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


ALL = [found for module in MODULES for found in imports_of(module)]


def our_module(target: str) -> str:
    """The module of ours that `target` names, or something inside of it; "" for anybody else's."""
    return next((name for name in (target, target.rpartition(".")[0]) if name in MODULES), "")


def room_of(module: str) -> str:
    """`core.people` for `confirmdesk.core.people.users`, `core` for `confirmdesk.core.errors`."""
    parts = module.split(".")[1:]
    if ".".join(parts[:2]) in ARROWS:
        return ".".join(parts[:2])
    # A folder that is in no line of the table is a room all the same.
    return ".".join(parts[:2] if len(parts) > 2 else parts[:1])


def arrows() -> dict[tuple[str, str], list[str]]:
    """From one room to another, and the imports that make the arrow."""
    made: dict[tuple[str, str], list[str]] = {}
    for found in ALL:
        target = our_module(found.target)
        rooms = (room_of(found.module), room_of(target) if target else "")
        if all(rooms) and rooms[0] != rooms[1]:
            made.setdefault(rooms, []).append(f"{found.module}:{found.line} imports {found.target}")
    return made


def importers(*packages: str) -> set[str]:
    return {found.module for found in ALL if found.target.split(".")[0] in packages}


def within(*parts: str) -> set[str]:
    return {module for module in MODULES if any(module == p or module.startswith(f"{p}.") for p in parts)}


CORE, UI, PRACTICE = within("confirmdesk.core"), within("confirmdesk.ui"), within("confirmdesk.practice")


def test_there_is_something_to_look_at() -> None:
    assert {"confirmdesk.core.connections.keychain", "confirmdesk.core.errors"} <= CORE
    assert len(ALL) > 50
    assert {room_of(module) for module in MODULES} - {""} == {*ARROWS, GROUND, *TOP}


def test_the_table_is_written_from_the_bottom_up() -> None:
    """Then rooms cannot import one another in a circle."""
    above: set[str] = set()
    for room, others in ARROWS.items():
        assert set(others.split()) <= above, room
        above.add(room)


def test_rooms_import_what_the_table_allows() -> None:
    astray = {}
    for (room, other), where in arrows().items():
        allowed = {GROUND, *ARROWS.get(room, "").split()} if room != GROUND else set()
        if room not in TOP and other not in allowed:
            astray[room, other] = where
        if other in TOP and room != "__main__":
            astray[room, other] = where
    assert not astray


def test_the_table_allows_nothing_that_nobody_needs() -> None:
    allowed = {(room, other) for room, others in ARROWS.items() for other in others.split()}
    assert allowed <= arrows().keys()


def test_only_the_window_knows_qt() -> None:
    assert importers("PySide6", "shiboken6") <= UI | {"confirmdesk.__main__"}


def test_only_the_room_of_aws_knows_boto3() -> None:
    packages = ("boto3", "botocore", "mypy_boto3_cognito_idp", "mypy_boto3_sts")
    assert importers(*packages) <= within("confirmdesk.core.aws")


def test_only_the_keychain_knows_keyring() -> None:
    assert importers("keyring", "secretstorage") == {"confirmdesk.core.connections.keychain"}


def test_the_session_bus_is_asked_for_two_things_only() -> None:
    expected = {"confirmdesk.core.connections.keychain", "confirmdesk.core.computer.file_dialogs"}
    assert importers("jeepney") <= expected


def test_only_the_workbook_knows_xlsxwriter() -> None:
    assert importers("xlsxwriter") == {"confirmdesk.core.ledger.workbook"}


def test_only_practice_knows_moto() -> None:
    assert importers("moto", "flask", "flask_cors", "werkzeug") <= PRACTICE


def test_no_import_goes_in_a_circle() -> None:
    edges: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in ALL:
        target = our_module(found.target)
        if target and target != found.module:
            edges[found.module].add(target)
    while leaves := {module for module, targets in edges.items() if not targets & edges.keys()}:
        edges = {module: targets for module, targets in edges.items() if module not in leaves}
    assert not edges, "These modules import one another, or one that does"


def test_folders_stay_small() -> None:
    folders = Counter(str(file.parent.relative_to(SOURCE)) for file in FILES if file.name != "__init__.py")
    assert not {folder: modules for folder, modules in folders.items() if modules > FOLDER_MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("module", MODULES)
def test_functions_stay_small(module: str) -> None:
    functions = [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert not {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def test_core_runs_in_a_shell_and_is_quick_to_import() -> None:
    """Imported for real: what another package drags in counts as well, and boto3 takes half a second."""
    late = {"PySide6", "shiboken6", "boto3", "botocore", "keyring", "moto", "flask", "requests"}
    assert _loaded_by(CORE) & late == set()


def _loaded_by(modules: set[str]) -> set[str]:
    code = f"import sys, importlib\nfor m in {sorted(modules)}: importlib.import_module(m)\nprint(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert modules <= set(result.stdout.split())
    return {name.split(".")[0] for name in result.stdout.split()}
