"""The large profile of the machine: `make soak`. Prints what was done, and what was wrong: echoes, duplicates, lost.

`EDITS` is how many edits people are to make in all, `SEEDS` how many programs they are spread over.
"""

import asyncio
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from local.azurite import running_azurite
from local.parts import start_vault
from tests.machine.machine import Failed, Tally, run_program
from tests.machine.program import Profile, generate

EDITS, SEEDS = int(os.environ.get("EDITS", "20000")), int(os.environ.get("SEEDS", "5"))
AT_ONCE = int(os.environ.get("AT_ONCE", "2"))
FIRST_SEED = 101
ROUNDS, A_ROUND = 4, 50
# Some steps find nothing to edit.
MARGIN = 1.2


def _profile() -> Profile:
    steps = EDITS / SEEDS * MARGIN
    return Profile(quiets=max(1, round(steps / (ROUNDS * A_ROUND))), rounds=ROUNDS, edits=A_ROUND)


def one(seed: int) -> tuple[int, Tally | None, str, float]:
    """(seed, figures, what is wrong, seconds)"""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running_azurite() as storage:
        vault = start_vault(Path(folder) / "vault")
        try:
            program = generate(seed, _profile())
            tally = asyncio.run(run_program(storage.connection_string, vault.vault, program, seed=seed))
            return seed, tally, "", time.monotonic() - started
        except Failed as failure:
            return seed, None, str(failure).partition("\nprogram:")[0], time.monotonic() - started
        finally:
            vault.child.stop()


def main() -> int:
    seeds = range(FIRST_SEED, FIRST_SEED + SEEDS)
    names = ("edits", "conflicts", "writes", "echoes", "duplicates", "lost", "excused", "windows", "deaths")
    totals, failed = dict.fromkeys(names, 0), 0
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        for seed, tally, wrong, seconds in pool.map(one, seeds):
            failed += tally is None
            figures = {name: getattr(tally, name) for name in names} if tally else {}
            totals = {name: totals[name] + figures.get(name, 0) for name in names}
            shown = ", ".join(f"{name} {count}" for name, count in figures.items()) or wrong
            sys.stdout.write(f"seed {seed} in {seconds:.0f} s: {shown}\n")
            sys.stdout.flush()
    sys.stdout.write("in all: " + ", ".join(f"{name} {count}" for name, count in totals.items()) + "\n")
    return 1 if failed or totals["echoes"] + totals["duplicates"] + totals["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
