"""Programs of edits, faults, deaths and messages in no order: nothing lost, nothing doubled, no echo (issue 4)."""

import sys

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from tests.machine.machine import run_program
from tests.machine.program import Profile, generate

SEEDS = (1, 6)


@pytest.mark.alone
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", SEEDS)
async def test_after_quiet_everything_is_right(azurite: Azurite, vault: RunningVault, seed: int) -> None:
    tally = await run_program(azurite.connection_string, vault, generate(seed, Profile()), seed=seed)
    sys.stdout.write(f"\nseed {seed}: {tally}\n")
    assert (tally.echoes, tally.duplicates, tally.lost) == (0, 0, 0)
