"""Attachments of work items as links in OnePlan (R25), over the whole engine: rows of docs/behaviour.md."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local.oneplan.columns import MULTI_LINE, column
from shared.configuration import parse_connection
from shared.engine.check import checked
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import Record, counterpart, link_of, linked, notified

OWN = "<p>A person's own</p>"


@pytest.fixture
def few(few: Bench) -> Bench:
    """With fields for their attachments."""
    group = few.oneplan.groups[0]
    group.plan_fields.append(column("test/plan", "Attachments", MULTI_LINE))
    group.task_fields.append(column("test/task", "CustomFiles", MULTI_LINE, "Attachments"))
    return few


async def _shown(made: Bench, number: int) -> str:
    link = await link_of(made, number)
    there = counterpart(made, link)
    assert there is not None
    return str(there["Fields"].get("Attachments" if link.kind == "plan" else "CustomFiles") or "")


async def _edited(made: Bench, number: int, text: str) -> None:
    link = await link_of(made, number)
    name = {"plan": "Attachments", "task": "CustomFiles"}[link.kind]
    await act(made.oneplan_url, act=f"edit-{link.kind}", fields={name: text}, **{link.kind: link.target})


def _file(made: Bench, number: int, name: str) -> Record:
    relations = made.devops.organization.items[number].relations
    return next({"url": one.url} for one in relations if one.attributes.get("name") == name)


def _writes(made: Bench) -> int:
    reads = ("GET", "POST /api/workplan/find", "POST /api/audit")
    here = sum(count for route, count in made.oneplan_calls.items() if not route.startswith(reads))
    return here + sum(count for route, count in made.devops_calls.items() if route.startswith("PATCH"))


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_attachments_are_links_that_follow_and_cost_no_call_of_their_own(few: Bench, kind: str) -> None:
    await few.connect(attachments=True)
    await few.full_sync()
    number = await linked(few, kind)
    await act(few.devops_url, act="attach", id=number, name="Entwurf & Plan.pdf")
    await notified(few, number)
    url = _file(few, number, "Entwurf & Plan.pdf")["url"]
    first = f'<li><a href="{url}?fileName=Entwurf%20%26%20Plan.pdf#attachment">Entwurf &amp; Plan.pdf</a></li>'
    assert await _shown(few, number) == f"<ul>{first}</ul>"

    await _edited(few, number, f"{OWN}<ul>{first}</ul>")
    await act(few.devops_url, act="attach", id=number, name="second.txt")
    few.reset_calls()
    await notified(few, number)
    assert _writes(few) == 1
    shown = await _shown(few, number)
    assert shown.startswith(f"{OWN}<ul>{first}<li>")
    assert "second.txt" in shown

    few.reset_calls()
    await notified(few, number)
    run = await few.full_sync()
    assert (run.counts.get("drifted", 0), _writes(few)) == (0, 0)

    for name in ("Entwurf & Plan.pdf", "second.txt"):
        await act(few.devops_url, act="detach", id=number, name=name)
    await few.full_sync()
    assert await _shown(few, number) == OWN
    assert (await few.compare()).problems == []


async def test_switched_off_again_what_is_shown_stays_and_nothing_follows(few: Bench) -> None:
    await few.connect(attachments=True)
    await few.full_sync()
    number = await linked(few, "task")
    await act(few.devops_url, act="attach", id=number, name="a.txt")
    await notified(few, number)
    shown = await _shown(few, number)
    assert ">a.txt</a>" in shown
    connections = few.parts.connections
    stored = await connections.get(few.connection)
    assert stored is not None
    off = stored.configuration.model_copy(update={"attachments": False})
    await connections.replace(replace(stored, configuration=off, version=stored.version + 1))
    await act(few.devops_url, act="attach", id=number, name="b.txt")
    run = await few.full_sync()
    assert (run.counts.get("drifted", 0), await _shown(few, number)) == (0, shown)


async def test_an_import_only_connection_shows_them_too(few: Bench) -> None:
    await few.connect(attachments=True, options={"allowOnePlanEdits": False})
    await few.full_sync()
    number = await linked(few, "task")
    await act(few.devops_url, act="attach", id=number, name="a.txt")
    few.reset_calls()
    await few.full_sync()
    assert ">a.txt</a>" in await _shown(few, number)
    assert [route for route in few.devops_calls if route.startswith("PATCH")] == []


async def test_where_oneplan_lacks_the_field_the_save_says_what_to_do_and_the_rest_is_synced(few: Bench) -> None:
    few.oneplan.groups[0].task_fields.pop()
    configuration = parse_connection(few.body(attachments=True))
    step = (await checked(few.parts.remotes, configuration, datetime.now(UTC).date())).steps["attachments"]
    assert (step.state, "to tasks, and save" in step.what_to_do) == ("warning", True)
    await few.connect(attachments=True)
    await few.full_sync()
    number = await linked(few, "task")
    await act(few.devops_url, act="attach", id=number, name="a.txt")
    run = await few.full_sync()
    assert (run.state, run.counts["failures"], run.counts.get("drifted", 0)) == ("done", 0, 0)
    assert await _shown(few, number) == ""
