"""A copy of the core and its tests in which mutmut works, so that the project itself is never touched.

mutmut changes no function that has a decorator. In the copy, properties are therefore written without one:
`@property def f` is `def f`, followed by `f = property(f)`, which is the same. Nothing is cached there, since mutmut
tries a mutant with those tests that call its function, and a test that finds a cached value calls nothing.
"""

import ast
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".local" / "mutation"
CORE = Path("shared", "core")
# What the tests import; those of the core need neither processes nor storage, and of the others only these touch it.
COPIED = ("shared", "functions", "local", "tests/__init__.py", "tests/core")
UNIT = ("test_mapping_check.py", "test_mapping_configuration.py")
# Decorators, and what is written after the function instead.
INSTEAD = {"property": "property", "cached_property": "property", "lru_cache": ""}
# Each test makes its own; without its cache a long chain takes a minute.
CACHED = "_cuts"

SETTINGS = """\
[tool.mutmut]
source_paths = ["shared"]
only_mutate = ["shared/core/*"]
also_copy = ["functions", "local"]
# A fresh process forks each mutant, so that no mutant finds what the tests before it have cached.
process_isolation = "forkserver"
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests"]

[tool.pytest.ini_options]
pythonpath = ["."]
addopts = ["--import-mode=importlib"]
filterwarnings = ["error"]
"""
CONFTEST = '''\
"""Tables before properties: they are quick, and most mutants fail at one. A test without end is a mutant's doing."""

import os
import signal

import pytest

LONGEST = 15  # seconds of the processor, so that a busy machine kills no mutant; the longest test takes two
TIMEOUT = 24  # as mutmut knows it


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    items.sort(key=lambda item: hasattr(item.obj, "hypothesis"))


def pytest_runtest_setup() -> None:
    signal.signal(signal.SIGVTALRM, lambda *_: os._exit(TIMEOUT))
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
'''


def stage() -> None:
    """The copy holds the project as it is now. What mutmut knows of earlier runs stays."""
    for name in ("shared", "functions", "local", "tests"):
        shutil.rmtree(STAGE / name, ignore_errors=True)
    for name in (*COPIED, *(f"tests/unit/{one}" for one in UNIT)):
        source, target = ROOT / name, STAGE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy2(source, target)
    for file in (STAGE / CORE).glob("*.py"):
        file.write_text(undecorated(file.read_text()))
    (STAGE / "tests" / "conftest.py").write_text(CONFTEST)
    (STAGE / "pyproject.toml").write_text(SETTINGS)


def undecorated(source: str) -> str:
    """The same module, in which no function has a decorator."""
    lines = source.splitlines()
    functions = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef)]
    for function in sorted(functions, key=lambda one: -one.lineno):
        for decorator in function.decorator_list:
            instead = "cached_property" if function.name == CACHED else INSTEAD[_name(decorator)]
            if instead:
                made = f"{function.name} = {instead}({function.name})"
                lines.insert(function.end_lineno or 0, f"{' ' * function.col_offset}{made}")
            del lines[decorator.lineno - 1]
    return "\n".join(lines) + "\n"


def _name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.id if isinstance(called, ast.Name) else ""
