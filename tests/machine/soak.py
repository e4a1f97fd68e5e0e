"""The large profile of the machine: `make soak`. Prints what was done, and what was wrong: echoes, duplicates, lost.

`EDITS` is how many edits people are to make in all, `SEEDS` how many programs they are spread over, `MODES` in which
ways news of them travels (tests/machine/news.py), in turn; `FIRST_SEED` is the first of the seeds. `TRACES` is a folder
for what happened in each program, line by line.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from local.azurite import running_azurite
from local.parts import start_vault
from tests.machine.machine import run_program
from tests.machine.news import ENDS, MODES, Mode, remaps
from tests.machine.program import Profile, generate
from tests.machine.tally import Failed, Tally
from tests.machine.trace import say, tracing

EDITS, SEEDS = int(os.environ.get("EDITS", "20000")), int(os.environ.get("SEEDS", "5"))
# A program waits more than it works.
AT_ONCE = int(os.environ.get("AT_ONCE", "4"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "101"))
TRACES = os.environ.get("TRACES")
WANTED = [one for one in MODES if one in os.environ.get("MODES", "messages").split(",")]
# Some steps find nothing to edit, others edit both sides; the modes are of short programs, where more find nothing.
MARGIN = 1.25
ROUNDS, A_ROUND = 4, int(os.environ.get("A_ROUND", "100"))


def _profile(mode: Mode) -> Profile:
    steps = EDITS / SEEDS * (1.0 if mode == "messages" else MARGIN)
    quiets = max(1, round(steps / (ROUNDS * A_ROUND)))
    return Profile(quiets, ROUNDS, A_ROUND, remaps=remaps(mode), ends=ENDS[mode])


def _mode(seed: int) -> Mode:
    return WANTED[(seed - FIRST_SEED) % len(WANTED)]


def one(seed: int) -> tuple[int, Tally, str, float]:
    """(seed, figures, what is wrong, seconds)"""
    started = time.monotonic()
    traced = Path(TRACES) / f"{seed}.txt" if TRACES else None
    with tempfile.TemporaryDirectory() as folder, running_azurite() as storage, tracing(traced):
        vault = start_vault(Path(folder) / "vault")
        try:
            mode = _mode(seed)
            program = generate(seed, _profile(mode))
            tally = asyncio.run(run_program(storage.connection_string, vault.vault, program, seed=seed, mode=mode))
            return seed, tally, "", time.monotonic() - started
        except Failed as failure:
            wrong = str(failure).partition("\nprogram:")[0]
            say(f"FAILED: {wrong}")
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
        for ended in as_completed([pool.submit(one, seed) for seed in seeds]):
            seed, tally, wrong, seconds = ended.result()
            failed += bool(wrong)
            figures = {name: getattr(tally, name) for name in names}
            totals = {name: totals[name] + count for name, count in figures.items()}
            said = f"; FAILED: {wrong}" if wrong else ""
            _say(f"{_mode(seed)}, seed {seed} in {seconds:.0f} s: {_shown(figures)}{said}")
    _say(f"in all: {_shown(totals)}; programs failed {failed}")
    if totals["edits"] < EDITS:
        _say(f"{totals['edits']} edits where {EDITS} were wanted")
    wrong = failed or totals["edits"] < EDITS or totals["echoes"] + totals["duplicates"] + totals["lost"]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
