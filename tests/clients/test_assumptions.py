"""docs/assumptions.md: complete, and true of the code that it points to."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from local.azure_devops import switches as azure_devops
from local.oneplan import switches as oneplan
from local.standin.faults import Switch

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/assumptions.md").read_text(encoding="utf-8")
ROWS = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| we assume")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared/adapters").rglob("*.py"))
NAMED = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[1])}


@pytest.mark.parametrize("switches", [oneplan.SWITCHES, azure_devops.SWITCHES], ids=["oneplan", "azure devops"])
def test_every_switch_of_a_stand_in_stands_in_the_assumptions(switches: Sequence[Switch]) -> None:
    assert {switch.name for switch in switches} - NAMED == set()


def test_every_switch_in_the_assumptions_is_one_of_a_stand_in() -> None:
    known = {switch.name for switch in (*oneplan.SWITCHES, *azure_devops.SWITCHES)}
    assert NAMED - known == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][2:50])
def test_every_row_says_what_to_do_and_what_changes(row: list[str]) -> None:
    assert len(row) == 4
    assert all(cell.strip(" |") for cell in row)


def test_what_the_rows_name_in_the_code_is_there() -> None:
    names = {
        name for row in ROWS for cell in re.findall(r"\((`[^)]*)\)", row[0]) for name in re.findall(r"`(\w+)", cell)
    }
    missing = {name for name in names if name not in CODE}
    assert missing <= {"GET", "POST"}


@pytest.mark.parametrize("system", ["oneplan", "azure_devops"])
def test_every_constant_that_is_assumed_is_used(system: str) -> None:
    module = (ROOT / f"shared/adapters/{system}/assumptions.py").read_text(encoding="utf-8")
    names = re.findall(r"^(?:class )?([A-Z]\w+)(?: = |, |\()", module, re.MULTILINE)
    others = CODE.replace(module, "")
    unused = {name for name in names if not re.search(rf"\b{name}\b", others)}
    assert unused <= {"TASK_START_FIELD", "TASK_DUE_FIELD", "ColumnType"}
