"""Programs of edits, faults, deaths and news in no order: nothing lost, nothing doubled, no echo (issues 4 and 5)."""

import sys

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from tests.machine.machine import run_program
from tests.machine.news import ENDS, Mode, remaps
from tests.machine.program import Profile, generate

SEEDS = (1, 6)
# Of the ways in which news travels without made-up messages, one program each; `make soak` runs long ones.
SHORT: dict[Mode, int] = {"hooks": 1, "audit": 1, "find": 1, "sweep": 1}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", SEEDS)
async def test_after_quiet_everything_is_right(azurite: Azurite, vault: RunningVault, seed: int) -> None:
    tally = await run_program(azurite.connection_string, vault, generate(seed, Profile()), seed=seed)
    sys.stdout.write(f"\nseed {seed}: {tally}\n")
    assert (tally.echoes, tally.duplicates, tally.lost) == (0, 0, 0)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", SHORT)
async def test_an_incremental_sync_makes_everything_right(azurite: Azurite, vault: RunningVault, mode: Mode) -> None:
    """With real hooks and events by a bad post, or with none at all. No full sync is needed after them: with `find` and
    `sweep` the round through the task lists comes by once more, which takes one run here."""
    seed = SHORT[mode]
    program = generate(seed, Profile(quiets=1, rounds=1, edits=15, remaps=remaps(mode), ends=ENDS[mode]))
    tally = await run_program(azurite.connection_string, vault, program, seed=seed, size=16, mode=mode)
    sys.stdout.write(f"\n{mode}, seed {seed}: {tally}\n")
    assert (tally.echoes, tally.duplicates, tally.lost) == (0, 0, 0)
