"""Planting a known defect into a copy of the project, and seeing that the tests catch it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("shared", "functions", "local", "tests", "docs", "function_app.py", "host.json", "pyproject.toml")
CORE = ("shared/core", "shared/__init__.py", "tests/core", "tests/__init__.py")
SMALL = "[pytest]\npythonpath = .\naddopts = --import-mode=importlib\n"
CAUGHT = 1  # what pytest answers where tests ran and some failed; anything else proves nothing
LONGEST = 300.0


class DoesNotApply(AssertionError):
    """The text that the defect replaces is not there, or more than once: the defect must be written anew."""


@dataclass(frozen=True)
class Defect:
    """`old` in `file` becomes `new`; `tests` are those that must catch it, as pytest takes them."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    engine: bool = False

    @property
    def applies(self) -> bool:
        """Whether what it replaces is there, once."""
        return (ROOT / self.file).read_text().count(self.old) == 1


def planted(defect: Defect, folder: Path) -> None:
    """The folder holds the project with the defect in it; DoesNotApply where it cannot be planted."""
    text = (ROOT / defect.file).read_text()
    if not defect.applies:
        raise DoesNotApply(f"{defect.name}: {defect.file} has {text.count(defect.old)} times:\n{defect.old}")
    for name in COPIED if defect.engine else CORE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        elif source.exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    if defect.engine:
        (folder / "local" / "node_modules").symlink_to(ROOT / "local" / "node_modules")
    else:
        (folder / "pytest.ini").write_text(SMALL)
    (folder / defect.file).write_text(text.replace(defect.old, defect.new))


def outcome(defect: Defect, folder: Path) -> tuple[int, str]:
    """What pytest answers in the folder, and what it says. Tests of the core need neither plugins nor fixtures."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *defect.tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "planted"}
    for name in [name for name in environment if name.startswith(("PYTEST_", "COV_"))]:
        del environment[name]
    if not defect.engine:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    return run.returncode, run.stdout[-2000:] + run.stderr[-500:]
