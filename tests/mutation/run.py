"""Running mutmut over the copy of the core."""

import os
import shutil
import subprocess
import sys

from tests.mutation.mutants import mutants
from tests.mutation.stage import STAGE, stage

# The same examples and the same order in each run. Plugins that the core does without stay away.
ENVIRONMENT = {
    "HYPOTHESIS_PROFILE": "mutation",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


def run_all() -> None:
    """Every mutant of the core has been tried with the tests as they are now."""
    shutil.rmtree(STAGE / "mutants", ignore_errors=True)
    stage()
    _mutmut()


def run_again(modules: list[str]) -> None:
    """Mutants that were not tried yet have been, and those that lived in these modules, or in any, once more."""
    lived = {one.name for one in mutants() if not one.killed and (not modules or one.module in modules)}
    stage()
    (STAGE / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    _mutmut()  # the new ones, and those of functions that have changed
    names = [one.name for one in mutants() if not one.killed and one.name in lived]
    if names:
        _mutmut(*names)


def _mutmut(*names: str) -> None:
    jobs = os.environ.get("MUTATION_JOBS") or str(os.cpu_count() or 1)
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", jobs, *names]
    subprocess.run(command, cwd=STAGE, env={**os.environ, **ENVIRONMENT}, check=True)
