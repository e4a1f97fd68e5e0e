"""What the answer to a write shows beside what was sent: the new base is the answer (design.md, decision 5)."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from shared.engine.desk import ANOTHER_ROUND
from tests.machine.landscape import Landscape
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import counterpart, link_of, linked, notified

START, DUE = "Microsoft.VSTS.Scheduling.StartDate", "Microsoft.VSTS.Scheduling.TargetDate"


def _value(made: Bench, number: int, field: str) -> Any:
    return made.devops.organization.items[number].now.fields.get(field)


@contextmanager
def _rule(made: Bench, number: int, values: Mapping[str, Any]) -> Iterator[None]:
    """The next change of the work item brings these values along, as a rule of the process does."""
    change = made.devops.store.change

    def with_rule(item: Any, wanted: Any, **more: Any) -> Any:
        if item.id == number:
            wanted.fields.update(values)
        return change(item, wanted, **more)

    with patch.object(made.devops.store, "change", with_rule):
        yield


@pytest.mark.parametrize("by", ["run", "look"])
async def test_what_oneplan_fills_in_as_it_makes_a_task_is_no_edit(dozen: Bench, by: str) -> None:
    """The default value of a column: nobody has chosen it, so it goes nowhere until somebody edits the field."""
    for one in dozen.oneplan.groups[0].task_fields:
        if one["InternalName"] == "StartDate":
            one["DefaultValue"] = "2031-05-06T00:00:00.0000000+00:00"
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    assert (counterpart(dozen, await link_of(dozen, number)) or {})["StartDate"].startswith("2031-05-06")
    before = dozen.devops.organization.items[number].now.rev
    await (dozen.full_sync() if by == "run" else notified(dozen, number))
    assert _value(dozen, number, START) is None
    assert dozen.devops.organization.items[number].now.rev == before
    there = counterpart(dozen, await link_of(dozen, number)) or {}
    await act(dozen.oneplan_url, act="edit-task", task=there["id"], fields={"StartDate": "2031-06-07"})
    await notified(dozen, number)
    assert str(_value(dozen, number, START)).startswith("2031-06-07")


async def test_what_a_rule_of_azure_devops_changes_with_our_write_goes_to_oneplan_at_once(dozen: Bench) -> None:
    """A rule of the process gives another field a value in the very revision that our write makes. No notification of
    that revision is news, and no feed tells of it."""
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    there = counterpart(dozen, await link_of(dozen, number)) or {}
    await act(dozen.oneplan_url, act="edit-task", task=there["id"], name="Renamed here")
    with _rule(dozen, number, {DUE: "2031-08-09T00:00:00Z"}):
        await notified(dozen, number)
    await asyncio.sleep(ANOTHER_ROUND + 0.2)
    await dozen.pump()
    after = counterpart(dozen, await link_of(dozen, number)) or {}
    assert (_value(dozen, number, "System.Title"), str(after["DueDate"])[:10]) == ("Renamed here", "2031-08-09")
    assert Landscape(dozen).devops_value(number, "due") == "2031-08-09"
