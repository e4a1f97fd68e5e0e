"""What one change costs in calls, reads included, and what our own echo costs (issue 5, Done when)."""

from typing import Any

import pytest

from shared.messages import Seen
from tests.feeds.synced import Synced


def seen(synced: Synced, number: int) -> Seen:
    """What the notification of the item's last change says."""
    item = synced.bench.devops.organization.items[number]
    parent = next((one.target for one in item.relations if one.rel.endswith("Hierarchy-Reverse")), 0)
    return Seen(item.now.rev, parent)


@pytest.mark.parametrize(("switches", "calls"), [({}, 3), ({"update_answer": "empty"}, 4)])
@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_one_field_from_azure_devops_to_oneplan(
    settled: Synced, kind: str, switches: dict[str, Any], calls: int
) -> None:
    settled.bench.oneplan.faults.apply({"switches": switches})
    number, link = await settled.linked(kind, leaf=kind == "task")
    await settled.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    settled.bench.reset_calls()
    await settled.hook(number, seen(settled, number))
    group = settled.bench.oneplan.groups[0]
    records = group.plans if kind == "plan" else group.tasks
    assert records[link.target]["Name"] == "Renamed there"
    assert sum(settled.calls) <= calls, (settled.bench.devops_calls, settled.bench.oneplan_calls)
    settled.bench.reset_calls()
    await settled.saved(link.plan or link.target)
    assert (settled.calls[0], settled.calls[1] <= 2, settled.writes) == (0, True, {})


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_one_field_from_oneplan_to_azure_devops(settled: Synced, kind: str) -> None:
    number, link = await settled.linked(kind, leaf=kind == "task")
    await settled.edit_oneplan(act=f"edit-{kind}", **{kind: link.target}, name="Renamed here")
    settled.bench.reset_calls()
    await settled.saved(link.plan or link.target)
    assert settled.title(number) == "Renamed here"
    assert sum(settled.calls) <= 4, (settled.bench.devops_calls, settled.bench.oneplan_calls)
    settled.bench.reset_calls()
    await settled.hook(number, seen(settled, number))
    assert settled.calls == (0, 0)


async def test_our_own_move_costs_nothing_at_any_end_of_the_link(settled: Synced) -> None:
    number, link = await settled.linked("plan", below=True)
    before = seen(settled, number).parent
    await settled.edit_oneplan(act="move-plan", plan=link.target, parent=None)
    await settled.saved(link.target)
    assert seen(settled, number).parent == 0
    settled.bench.reset_calls()
    await settled.hook(number, seen(settled, number))
    await settled.hook(number, Seen(left=before))
    await settled.hook(before or 0, seen(settled, before or 0))
    assert settled.calls == (0, 0)
