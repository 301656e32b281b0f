"""Rooms stay small enough to see from the door."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_no_file_is_longer_than_400_lines():
    long = [p for p in sources("yukuai", "config") if len(p.read_text().splitlines()) > 400]
    assert [str(p.relative_to(ROOT)) for p in long] == []


def test_no_test_file_is_longer_than_800_lines():
    long = [p for p in sources("tests") if len(p.read_text().splitlines()) > 800]
    assert [str(p.relative_to(ROOT)) for p in long] == []


def test_no_function_is_longer_than_40_lines():
    long = []
    for path in sources("yukuai", "config"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


def test_no_room_has_a_name_that_says_nothing():
    forbidden = {"core", "common", "utils", "helpers", "misc", "manager", "service"}
    found = [p for p in sources("yukuai") if p.stem in forbidden or p.parent.name in forbidden]
    assert found == []
