"""The layers of the program, read from its source: core knows no Qt, nobody goes in circles, nothing grows too big."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "gui"
FILES = sorted((SOURCE / "confirmdesk").rglob("*.py"))
MODULE_LINES, FUNCTION_LINES = 400, 40


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


def importers(*packages: str) -> set[str]:
    return {found.module for found in ALL if found.target.split(".")[0] in packages}


def within(*parts: str) -> set[str]:
    return {module for module in MODULES if any(module == p or module.startswith(f"{p}.") for p in parts)}


CORE, UI, PRACTICE = within("confirmdesk.core"), within("confirmdesk.ui"), within("confirmdesk.practice")
AWS = within(*(f"confirmdesk.core.{name}" for name in ("aws", "aws_failures", "aws_sessions")))


def test_there_is_something_to_look_at() -> None:
    assert {"confirmdesk.core.connections.keychain", "confirmdesk.core.errors"} <= CORE
    assert len(ALL) > 50


def test_only_the_window_knows_qt() -> None:
    assert importers("PySide6", "shiboken6") <= UI | {"confirmdesk.__main__"}


def test_only_the_aws_modules_know_boto3() -> None:
    assert importers("boto3", "botocore", "mypy_boto3_cognito_idp", "mypy_boto3_sts") <= AWS


def test_only_the_keychain_knows_keyring() -> None:
    assert importers("keyring", "secretstorage", "jeepney") == {"confirmdesk.core.connections.keychain"}


def test_only_practice_knows_moto() -> None:
    assert importers("moto", "flask", "flask_cors", "werkzeug") <= PRACTICE


def test_core_knows_neither_window_nor_practice() -> None:
    assert not [found for found in ALL if found.module in CORE and _is_ours(found, "ui", "practice", "__main__")]


def test_practice_does_not_know_the_window() -> None:
    assert not [found for found in ALL if found.module in PRACTICE and _is_ours(found, "ui", "__main__")]


def test_nobody_imports_the_entry_point() -> None:
    assert not [found for found in ALL if found.target.startswith("confirmdesk.__main__")]


def _is_ours(found: Import, *parts: str) -> bool:
    return found.target.split(".")[:2] in [["confirmdesk", part] for part in parts]


def test_no_import_goes_in_a_circle() -> None:
    edges: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in ALL:
        # `from package import thing`: a module of that name, or something inside the package.
        target = found.target if found.target in MODULES else found.target.rpartition(".")[0]
        if target in MODULES and target != found.module:
            edges[found.module].add(target)
    while leaves := {module for module, targets in edges.items() if not targets & edges.keys()}:
        edges = {module: targets for module, targets in edges.items() if module not in leaves}
    assert not edges, "These modules import one another, or one that does"


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("module", MODULES)
def test_functions_stay_small(module: str) -> None:
    functions = [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert not {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def test_core_runs_in_a_shell() -> None:
    """Imported for real: what another package drags in counts as well."""
    assert _loaded_by(CORE) & {"PySide6", "shiboken6", "keyring", "moto", "flask"} == set()


def test_core_is_quick_to_import() -> None:
    assert _loaded_by(CORE) & {"PySide6", "boto3", "botocore", "keyring", "moto", "flask", "requests"} == set()


def _loaded_by(modules: set[str]) -> set[str]:
    code = f"import sys, importlib\nfor m in {sorted(modules)}: importlib.import_module(m)\nprint(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert modules <= set(result.stdout.split())
    return {name.split(".")[0] for name in result.stdout.split()}
