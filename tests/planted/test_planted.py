"""Each planted defect is caught by the tests that it names (issue 4). `PLANTED=all` plants those of the engine too."""

import os
from pathlib import Path

import pytest

from tests.planted.defects import DEFECTS
from tests.planted.plant import CAUGHT, Defect, outcome, planted

ALL = os.environ.get("PLANTED") == "all"


@pytest.mark.parametrize("defect", [one for one in DEFECTS if ALL or not one.engine], ids=lambda one: one.name)
@pytest.mark.timeout(400)
def test_a_planted_defect_is_caught(tmp_path: Path, defect: Defect) -> None:
    planted(defect, tmp_path)
    answer, said = outcome(defect, tmp_path)
    assert answer == CAUGHT, f"{defect.name}: pytest answered {answer}\n{said}"


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_each_can_still_be_planted(defect: Defect) -> None:
    """Those of the engine are planted by `make soak` only, which must not find out first that they do not apply."""
    assert defect.applies, f"{defect.name}: {defect.file} does not have it once:\n{defect.old}"


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len({one.name for one in DEFECTS}) == len(DEFECTS) >= 15
