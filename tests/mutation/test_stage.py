"""The copy in which mutants are tried is the core: nothing of it is kept from mutmut, and it does the same."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import change
from tests.mutation.report import reasons
from tests.mutation.stage import CORE, ROOT, undecorated

MODULES = sorted((ROOT / CORE).glob("*.py"))

SOURCE = """\
class Area:
    @cached_property
    def total(self) -> int:
        return 1

    @property
    def half(self) -> int:
        return 2


@lru_cache(maxsize=4)
def area() -> int:
    return 3
"""
COPY = """\
class Area:
    def total(self) -> int:
        return 1
    total = property(total)

    def half(self) -> int:
        return 2
    half = property(half)


def area() -> int:
    return 3
"""


def test_what_a_decorator_did_is_written_after_the_function() -> None:
    assert undecorated(SOURCE) == COPY


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.stem)
def test_no_function_of_the_core_has_a_decorator_in_the_copy(module: Path) -> None:
    """mutmut leaves out those that have one."""
    copied = ast.parse(undecorated(module.read_text()))
    assert [one.name for one in ast.walk(copied) if isinstance(one, ast.FunctionDef) and one.decorator_list] == []


def test_a_mutant_is_named_by_the_lines_that_it_changes() -> None:
    before = ["def f(a):", "b = a + 1", "return b"]
    assert change(before, ["def f(a):", "b = a - 1", "return b"]) == "`b = a + 1` → `b = a - 1`"
    assert change(before, ["def f(a):", "return b"]) == "`b = a + 1` → ``"


def test_every_reason_is_of_a_function_that_is_there() -> None:
    functions = {
        (file.stem, one.name)
        for file in MODULES
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.FunctionDef)
    }
    named = {tuple(key.partition(":")[0].split(".")) for key in reasons()}
    assert {(one[0], one[-1]) for one in named} <= functions
