"""Tests look at the program from outside: what they lean on are names without a leading underscore."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
# This one is full of examples.
FILES = {str(file.relative_to(TESTS)): file for file in sorted(TESTS.rglob("*.py")) if file != Path(__file__)}
PRIVATE = re.compile(r"_(?!_)")
# `monkeypatch.setattr("confirmdesk.core.errors._name", …)`
PRIVATE_PATH = re.compile(r"confirmdesk(\.\w+)*\._(?!_)\w+")


def strangers(source: str) -> Iterator[str]:
    """What `source` uses of a leading underscore that it did not define: line and name."""
    tree = ast.parse(source)
    own = {name for node in ast.walk(tree) for name in _defined(node)}
    for node in ast.walk(tree):
        for name in _used(node):
            if PRIVATE.match(name) and name not in own:
                yield f"{getattr(node, 'lineno', 0)}: {name}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (f"{node.lineno}: {found.group()}" for found in PRIVATE_PATH.finditer(node.value))
            yield from (f"in the text at {node.lineno}, {found}" for found in _program(node.value))


def _defined(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
            yield name


def _used(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name):
            yield name
        case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "confirmdesk":
            yield from (alias.name for alias in names)
        case ast.Call(func=ast.Name(id="getattr" | "setattr") | ast.Attribute(attr="setattr" | "delattr"), args=args):
            yield from (arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def _program(text: str) -> list[str]:
    """What a test starts in another process lies in it as text."""
    if "import" not in text or "confirmdesk" not in text:
        return []
    try:
        return list(strangers(text))
    except SyntaxError:
        return []


@pytest.mark.parametrize("file", FILES)
def test_no_test_leans_on_a_private_name(file: str) -> None:
    assert list(strangers(FILES[file].read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "window._session",
        "window._session.settings.connections",
        "self._session",
        "window._session = None",
        "from confirmdesk.core.errors import _failure",
        "from confirmdesk.core import errors\nerrors._failure()",
        "monkeypatch.setattr(window, '_session', None)",
        "monkeypatch.setattr('confirmdesk.core.errors._failure', None)",
        "getattr(window, '_session')",
        "PROGRAM = 'from confirmdesk.ui import application\\napplication.Application._begin = None'",
    ],
)
def test_what_is_private_to_the_program_is_found(source: str) -> None:
    assert len(list(strangers(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "class Fake:\n    def __init__(self):\n        self._seen = []\n\nFake()._seen",
        "def _helper(): pass\n\nmodule._helper",
        "from scripted_aws import _read",
        "value.__class__.__name__",
        "'a text about confirmdesk that begins with import and is no program'",
    ],
)
def test_what_a_test_has_of_its_own_is_not(source: str) -> None:
    assert list(strangers(source)) == []
