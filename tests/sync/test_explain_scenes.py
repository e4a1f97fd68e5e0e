"""Why is this work item not in OnePlan? Of pairs that rest or have ended, over the whole engine (R34, R6, R20)."""

import pytest

from shared.engine.explain import Explanation, explain
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import link_of, linked, notified, rewritten


@pytest.fixture
async def synced(dozen: Bench) -> Bench:
    """What is called Elsewhere is out of scope."""
    await dozen.connect(scope={"wiql": "[System.Title] <> 'Elsewhere'"})
    run = await dozen.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return dozen


async def _told(made: Bench, number: int) -> Explanation:
    return await explain(made.parts.engine, made.connection, number)


async def test_what_is_connected_says_where_it_is(synced: Bench) -> None:
    number = await linked(synced, "task")
    link = await link_of(synced, number)
    assert await _told(synced, number) == Explanation("linked", "it is a task in OnePlan", "", link.target, link.plan)


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_what_has_left_the_scope_says_how_it_comes_back(synced: Bench, kind: str) -> None:
    number = await linked(synced, kind)
    link = await link_of(synced, number)
    await act(synced.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await notified(synced, number)
    told = await _told(synced, number)
    assert (told.answer, told.rule, told.target) == ("left-out", "", link.target)
    assert f"its {kind} stays in OnePlan as it is. Bring it back into the scope" in told.reason


async def test_the_rule_by_which_the_last_full_sync_left_it_out_is_told(synced: Bench) -> None:
    """It reads a plan that the condition does not find, since it is above others that it does."""
    number = await linked(synced, "plan")
    await act(synced.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await synced.full_sync()
    told = await _told(synced, number)
    link = await link_of(synced, number)
    assert (link.state, told.answer, told.target) == ("out-of-scope", "left-out", link.target)
    assert (told.rule, told.reason) == ("condition", "the connection's WIQL condition does not find it")


async def test_a_deleted_work_item_says_that_it_is_to_be_restored(synced: Bench) -> None:
    number = await linked(synced, "task")
    await act(synced.devops_url, act="delete", id=number)
    await notified(synced, number, "deleted")
    told = await _told(synced, number)
    assert (told.answer, told.rule) == ("left-out", "exists")
    assert told.reason == "it is deleted in Azure DevOps; restore it there, and it is connected again"


async def test_a_work_item_whose_counterpart_was_deleted_says_so(synced: Bench) -> None:
    number = await linked(synced, "task")
    await act(synced.oneplan_url, act="remove-task", task=(await link_of(synced, number)).target)
    await notified(synced, number)
    told = await _told(synced, number)
    assert (told.answer, told.rule, told.target) == ("left-out", "connected", "")
    assert told.reason.startswith("its task was deleted in OnePlan; restore it there")
    await synced.full_sync()
    told = await _told(synced, number)
    assert (told.answer, told.rule) == ("left-out", "connected")
    assert "its plan or task was deleted in OnePlan" in told.reason


async def test_a_pair_that_a_person_has_disconnected_says_so(synced: Bench) -> None:
    number = await linked(synced, "plan")
    link = await link_of(synced, number)
    await rewritten(synced, link.key, state="disconnected", why="person")
    told = await _told(synced, number)
    assert (told.answer, told.rule, told.target) == ("left-out", "connected", link.target)
    assert told.reason.startswith("a person has disconnected it from its plan in OnePlan")


async def test_a_counterpart_that_is_being_made_is_waited_for(synced: Bench) -> None:
    number = await linked(synced, "task")
    await rewritten(synced, (await link_of(synced, number)).key, state="linking", target="", plan="")
    told = await _told(synced, number)
    assert (told.answer, told.target) == ("waiting", "")
    assert told.reason.startswith("its task is being made in OnePlan")
