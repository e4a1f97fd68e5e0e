"""Values of every kind as the two adapters read and write them, under every switch that touches them."""

from typing import Any

import pytest

from local.oneplan.columns import MULTI_CHOICE, YES_NO, choices, column
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.work import Work
from shared.adapters.oneplan.portfolio import Portfolio
from shared.core.model import Raw
from shared.core.rich_text import MARKDOWN
from shared.core.snapshots import Target
from tests.clients import azure_devops_stand_in, oneplan_stand_in
from tests.clients.azure_devops_stand_in import BASE

DESCRIPTION, TAGS, POINTS = "System.Description", "System.Tags", "Microsoft.VSTS.Scheduling.StoryPoints"


@pytest.mark.parametrize("switch", [{}, {"tags_add": "sets"}, {"html_sanitised": False}])
async def test_a_work_item_keeps_the_format_of_its_texts_and_exactly_its_tags(switch: dict[str, Any]) -> None:
    async with azure_devops_stand_in.standing_in(**switch) as remote:
        made = await remote.create("User Story", "A")
        work = Work(remote.client, f"{BASE}/contoso", frozenset({DESCRIPTION, TAGS, POINTS}))
        marked = Patch().set(DESCRIPTION, "a **b**").markdown(DESCRIPTION).tags(["one", "two"]).set(POINTS, 0)
        await remote.client.work_items.update(made.id, marked)
        (item,) = (await work.read([made.id])).items
        assert dict(item.values) == {DESCRIPTION: (MARKDOWN, "a **b**"), TAGS: "one; two", POINTS: 0}
        written = await work.update(item, {DESCRIPTION: (MARKDOWN, "c < d"), TAGS: "two; three"})
        assert dict(written.values) == {DESCRIPTION: (MARKDOWN, "c < d"), TAGS: "three; two", POINTS: 0}
        emptied = await work.update(written, {DESCRIPTION: None, TAGS: None, POINTS: None})
        assert dict(emptied.values) == {DESCRIPTION: (MARKDOWN, "")}
        filled = await work.update(emptied, {DESCRIPTION: (MARKDOWN, "again")})
        assert dict(filled.values) == {DESCRIPTION: (MARKDOWN, "again")}


async def test_where_azure_devops_does_not_tell_the_format_a_text_is_html() -> None:
    async with azure_devops_stand_in.standing_in(markdown_answered=False) as remote:
        made = await remote.create("User Story", "A")
        await remote.client.work_items.update(made.id, Patch().set(DESCRIPTION, "a **b**").markdown(DESCRIPTION))
        work = Work(remote.client, f"{BASE}/contoso", frozenset({DESCRIPTION}))
        (item,) = (await work.read([made.id])).items
        assert item.values[DESCRIPTION] == "a **b**"


SENT: dict[str, Raw] = {"Effort": 0, "Ticked": False, "Tags": "a; b", "Description": "<p>x</p>"}
ANSWERS = [("update_answer", position) for position in ("body", "empty", "204")]


@pytest.mark.parametrize(("switch", "position"), [*ANSWERS, ("task_update_partial", False)])
@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_a_plan_or_task_takes_values_of_every_kind_and_gives_them_back(
    kind: str, switch: str, position: Any
) -> None:
    async with oneplan_stand_in.standing_in() as remote:
        level = f"Contoso/{kind}"
        colours = choices(level, "Colours", "Red", "Blue")
        more = [column(level, "Ticked", YES_NO), column(level, "Colours", MULTI_CHOICE, Choices=colours)]
        (remote.group.plan_fields if kind == "plan" else remote.group.task_fields).extend(more)
        remote.set(switch, position)
        portfolio, plan_type = Portfolio(remote.client), await remote.plan_type("Epic")
        there = await portfolio.create_plan(Target("plan", plan_type.id), {"Name": "P"})
        if kind == "task":
            target = Target("task", (await remote.work_type("Task")).id, there.id)
            there = await portfolio.create_task(target, {"Name": "T"}, remote.group.id, "1", "https://x.test/1")
        sent = SENT | {"Colours": tuple(colours)}
        after = await portfolio.update(there, sent)
        assert {name: after.values.get(name) for name in sent} == sent
        emptied = await portfolio.update(after, dict.fromkeys(sent))
        assert not [name for name in sent if emptied.values.get(name)]
