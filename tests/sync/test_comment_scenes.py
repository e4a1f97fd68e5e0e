"""Comments copied both ways (R7, R25), over the whole engine: rows of docs/behaviour.md."""

from dataclasses import replace

import pytest

from shared.core.snapshots import work_item_key
from shared.engine.item import Asked, reconcile_item
from shared.messages import SyncMessage
from tests.machine.mortal import Life, live, mortality
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, counterpart, link_of, linked, notified, rewritten

PERSON = Asked(cause="person")


@pytest.fixture
async def synced(few: Bench) -> Bench:
    await few.connect(comments=True)
    for _ in range(2):  # what was copied is looked at once more
        run = await few.full_sync()
        assert (run.state, run.counts["failures"]) == ("done", 0)
    return few


def _there(made: Bench, number: int) -> list[str]:
    return [one.text for one in made.devops.organization.items[number].comments if not one.deleted]


async def _here(made: Bench, number: int) -> list[str]:
    found = counterpart(made, await link_of(made, number))
    assert found is not None
    return [one["Comment"] for one in found["Comments"]]


async def _said(made: Bench, number: int, text: str) -> None:
    """A person comments on the plan or task."""
    link = await link_of(made, number)
    await act(made.oneplan_url, act="comment", text=text, by="pmo@contoso.com", **{link.kind: link.target})


def _writes(made: Bench) -> dict[str, int]:
    calls = made.devops_calls | made.oneplan_calls
    reads = ("GET", "POST /api/workplan/find", "POST /api/audit")
    ends = ("wiql", "workitemsbatch")
    return {one: count for one, count in calls.items() if not one.startswith(reads) and not one.endswith(ends)}


async def _copied_by_the_first_sync(made: Bench) -> int:
    """How many comments of all work items are in OnePlan, each once."""
    copied = 0
    async for link in made.parts.engine.links.list(made.connection):
        here = await _here(made, int(link.key[1:]))
        assert len(here) == len(_there(made, int(link.key[1:])))
        copied += len(here)
    return copied


@pytest.mark.parametrize(("kind", "named"), [("plan", True), ("task", False)])
async def test_comments_go_both_ways_with_author_and_time_and_no_copy_comes_back(
    synced: Bench, kind: str, named: bool
) -> None:
    assert await _copied_by_the_first_sync(synced) > 0
    synced.oneplan.faults.apply({"switches": {"comment_people": named}})
    number = await linked(synced, kind)
    there, here = _there(synced, number), await _here(synced, number)
    await act(synced.devops_url, act="comment", id=number, text="<p>Shall we <b>ship</b>?</p>", by="Jamal Hartnett")
    await notified(synced, number, "commented")
    *others, copy = await _here(synced, number)
    assert others == here
    assert copy.startswith("<p><b>Jamal Hartnett</b>, 20")
    assert f'_workitems/edit/{number}">in Azure DevOps, comment ' in copy
    assert copy.endswith(":</p><p>Shall we <b>ship</b>?</p>")

    await _said(synced, number, "Yes, on Monday")
    await notified(synced, number)
    *others, answer = _there(synced, number)
    assert others == [*there, "<p>Shall we <b>ship</b>?</p>"]
    assert answer.startswith("<p><b>Paula Möller</b>, 20")
    assert answer.endswith(":</p>Yes, on Monday")

    await notified(synced, number)
    synced.reset_calls()
    await notified(synced, number, "commented")
    assert _writes(synced) == {}
    assert not any("comments" in route for route in synced.devops_calls | synced.oneplan_calls)
    run = await synced.full_sync()
    assert (run.counts.get("drifted", 0), _writes(synced)) == (0, {})
    assert not any("comments" in route for route in synced.devops_calls | synced.oneplan_calls)
    fields = [(one.side, one.action) for one in await activity_of(synced, number) if one.field == "Comment"]
    assert fields[:2] == [("azure-devops", "created"), ("oneplan", "created")]


async def _edited(made: Bench, number: int, text: str) -> None:
    """The newest comment of the work item, by its author."""
    item = made.devops.organization.items[number]
    item.comments[-1] = replace(item.comments[-1], text=text, version=item.comments[-1].version + 1)
    made.devops.store.recount_comments(item, item.comments[-1].created_by, at=made.devops.clock(), quiet=True)


async def test_edits_and_deletions_follow_and_what_a_person_deletes_stays_deleted(synced: Bench) -> None:
    number = await linked(synced, "task")
    before = await _here(synced, number)
    await act(synced.devops_url, act="comment", id=number, text="First")
    await notified(synced, number)
    await _edited(synced, number, "Second")
    await notified(synced, number)
    *others, copy = await _here(synced, number)
    assert (others, copy.endswith(":</p>Second")) == (before, True)

    there = counterpart(synced, await link_of(synced, number))
    assert there is not None
    kept = there["Comments"].pop()  # a person deletes the copy
    await _edited(synced, number, "Third")
    await notified(synced, number)
    assert await _here(synced, number) == before

    there["Comments"].append(kept)
    await notified(synced, number)
    item = synced.devops.organization.items[number]
    author = item.comments.pop().created_by
    synced.devops.store.recount_comments(item, author, at=synced.devops.clock(), quiet=True)
    await notified(synced, number)
    assert await _here(synced, number) == before

    await _said(synced, number, "Mine")
    await notified(synced, number)
    assert _there(synced, number)[-1].endswith(":</p>Mine")
    there["Comments"].pop()
    await notified(synced, number)
    assert not any(text.endswith(":</p>Mine") for text in _there(synced, number))


async def test_a_save_finds_what_was_said_in_oneplan(synced: Bench) -> None:
    number = await linked(synced, "task")
    await _said(synced, number, "By the event")
    plan = (await link_of(synced, number)).plan
    save = SyncMessage(synced.connection, "person", side="oneplan", item=plan, event="saved")
    await synced.parts.engine.queue.send("sync-interactive", save)
    await synced.pump()
    assert _there(synced, number)[-1].endswith(":</p>By the event")


async def test_an_import_only_connection_copies_towards_oneplan_only(few: Bench) -> None:
    await few.connect(comments=True, options={"allowOnePlanEdits": False})
    await few.full_sync()
    number = await linked(few, "task")
    before = _there(few, number)
    await act(few.devops_url, act="comment", id=number, text="There")
    await _said(few, number, "Here")
    few.reset_calls()
    await notified(few, number)
    assert _there(few, number) == [*before, "There"]
    assert (await _here(few, number))[-1].endswith(":</p>There")
    assert not any(one.startswith(("POST", "PATCH", "DELETE")) and "comments" in one for one in few.devops_calls)


async def test_killed_between_any_two_steps_each_comment_is_copied_once(synced: Bench) -> None:
    """The answer of the last request is lost."""
    engine, number = synced.parts.engine, await linked(synced, "task")
    stored = await engine.connections.get(synced.connection)
    assert stored is not None
    for left in range(80):
        await act(synced.devops_url, act="comment", id=number, text=f"There {left}")
        await _said(synced, number, f"Here {left}")
        if left:
            await _edited(synced, number, f"Edited {left}")
        with mortality():

            async def look() -> None:
                await reconcile_item(engine, stored, number, "hooks", PERSON)

            ended = await live(look(), Life(left, after=True))
        await rewritten(synced, work_item_key(number), lease_until=0.0)
        await reconcile_item(engine, stored, number, "hooks", PERSON)
        text = f"Edited {left}" if left else f"There {left}"
        assert sum(one.endswith(f":</p>{text}") for one in await _here(synced, number)) == 1, left
        assert sum(one.endswith(f":</p>Here {left}") for one in _there(synced, number)) == 1, left
        assert len(_there(synced, number)) == len(await _here(synced, number)), left
        if ended:
            return
    raise AssertionError("the worker never came to its end")
