"""The large profile of the machine: `make soak`. Prints what was done, and what was wrong: echoes, duplicates, lost.

`EDITS` is how many edits people are to make in all, `SEEDS` how many programs they are spread over.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from local.azurite import running_azurite
from local.parts import start_vault
from tests.machine.machine import Failed, Tally, run_program
from tests.machine.program import Profile, generate

EDITS, SEEDS = int(os.environ.get("EDITS", "20000")), int(os.environ.get("SEEDS", "5"))
# A program waits more than it works.
AT_ONCE = int(os.environ.get("AT_ONCE", "4"))
FIRST_SEED = 101
ROUNDS, A_ROUND = 4, int(os.environ.get("A_ROUND", "100"))
# Some steps find nothing to edit.
MARGIN = 1.2


def _profile() -> Profile:
    steps = EDITS / SEEDS * MARGIN
    return Profile(quiets=max(1, round(steps / (ROUNDS * A_ROUND))), rounds=ROUNDS, edits=A_ROUND)


def one(seed: int) -> tuple[int, Tally, str, float]:
    """(seed, figures, what is wrong, seconds)"""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running_azurite() as storage:
        vault = start_vault(Path(folder) / "vault")
        try:
            program = generate(seed, _profile())
            tally = asyncio.run(run_program(storage.connection_string, vault.vault, program, seed=seed))
            return seed, tally, "", time.monotonic() - started
        except Failed as failure:
            wrong = str(failure).partition("\nprogram:")[0]
            return seed, failure.tally, wrong, time.monotonic() - started
        finally:
            vault.child.stop()


def _shown(figures: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in figures.items())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    names = ("edits", "conflicts", "writes", "echoes", "duplicates", "lost", "excused", "windows", "deaths")
    totals, failed = dict.fromkeys(names, 0), 0
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        for seed, tally, wrong, seconds in pool.map(one, seeds):
            failed += bool(wrong)
            figures = {name: getattr(tally, name) for name in names}
            totals = {name: totals[name] + count for name, count in figures.items()}
            _say(f"seed {seed} in {seconds:.0f} s: {_shown(figures)}{f'; FAILED: {wrong}' if wrong else ''}")
    _say(f"in all: {_shown(totals)}; programs failed {failed}")
    return 1 if failed or totals["echoes"] + totals["duplicates"] + totals["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
