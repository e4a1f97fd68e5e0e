"""How both systems are set up, read once for a run (R3, R9, R23)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from shared.configuration import Connection
from shared.core import attachments
from shared.core.fields import SideField
from shared.core.mapping import FieldMapping
from shared.core.people import Directory, split
from shared.core.snapshots import TargetKind
from shared.core.types import ProjectTypes
from shared.engine.bodies import SETUP, setup_json, setup_of
from shared.engine.parts import Engine
from shared.engine.registries import integration_id
from shared.engine.stamps import settings_of
from shared.ports import Run, Setup, StoredConnection
from shared.ports.remotes import AzureDevOpsItems, OnePlanItems, Sides

AT_ONCE = 6
# Where the set-up of a connection is kept between runs, for items that come singly.
LATEST = "latest"
# The run that begins with a save does not read again what the check of the connection, moments before it, has read.
FRESH_SECONDS = 300.0
TABLES: Mapping[TargetKind, Literal["plans", "tasks"]] = {"plan": "plans", "task": "tasks"}


async def keep_checked(engine: Engine, connection: StoredConnection, setup: Setup) -> None:
    """What the check of a save has read moments ago is there for the run that begins with it, and for single items."""
    await _keep_read(engine, connection, setup, await engine.pages.now(), checked=True)


async def take_checked(engine: Engine, connection: StoredConnection) -> Setup | None:
    """What the check of a save has read for these settings moments ago, once: None for whoever asks after that.

    People mend in OnePlan what a run has told them, so the run that they start then reads anew.
    """
    body = await _kept(engine, connection.id)
    if body is None or not body.get("checked") or body["settings"] != settings_of(connection):
        return None
    if await engine.pages.now() - body["read"] > FRESH_SECONDS:
        return None
    await engine.bodies.put(connection.id, LATEST, SETUP, {**body, "checked": False})
    return setup_of(body["setup"])


async def keep_setup_of(engine: Engine, run: Run) -> None:
    """The set-up by which the run worked is there for single items, as old as it is.

    One that was read by the same settings since the run began stays, with the mails and people that the run has found.
    """
    setup = setup_of(await engine.bodies.get(run.connection, run.id, SETUP))
    body = {"read": run.started.timestamp() if run.started else 0.0, "settings": run.settings, "checked": False}
    kept = await _kept(engine, run.connection)
    if kept is not None and kept.get("settings") == run.settings and kept["read"] > body["read"]:
        body, setup = kept, replace(setup_of(kept["setup"]), mails=setup.mails, people=setup.people)
    await engine.bodies.put(run.connection, LATEST, SETUP, {**body, "setup": setup_json(setup)})


async def kept_setup(engine: Engine, connection: str) -> Setup | None:
    """The set-up that was kept last; None where there is none."""
    body = await _kept(engine, connection)
    return setup_of(body["setup"]) if body is not None else None


async def _keep_read(
    engine: Engine, connection: StoredConnection, setup: Setup, read: float, *, checked: bool = False
) -> None:
    """The set-up is kept, with the mails and people of the one before: only full syncs find these."""
    before = await kept_setup(engine, connection.id)
    whole = replace(setup, mails=before.mails, people=before.people) if before else setup
    body = {"read": read, "settings": settings_of(connection), "checked": checked, "setup": setup_json(whole)}
    await engine.bodies.put(connection.id, LATEST, SETUP, body)


async def _kept(engine: Engine, connection: str) -> dict[str, Any] | None:
    try:
        return dict(await engine.bodies.get(connection, LATEST, SETUP))
    except KeyError:
        return None


async def read_setup(sides: Sides, configuration: Connection) -> Setup:
    """Types, people and projects of both systems, for the projects in the connection's scope."""
    found = await sides.azure_devops.projects()
    wanted = {name.casefold() for name in configuration.scope.projects}
    inside = [name for _, name in found if not wanted or name.casefold() in wanted]
    return Setup(
        projects=tuple(await project_types(sides.azure_devops, inside)),
        project_ids={name.casefold(): id_ for id_, name in found},
        plan_types=await sides.oneplan.plan_types(),
        work_types=await sides.oneplan.work_types(),
        resources=tuple(await sides.oneplan.resources()),
        author=await sides.oneplan.author(),
        attachments=await attachment_fields(sides.oneplan) if configuration.attachments else {},
    )


async def attachment_fields(oneplan: OnePlanItems) -> Mapping[TargetKind, str]:
    """The fields of plans and tasks that are called as attachments are and hold long texts, by their names."""
    live = await oneplan.live_fields()
    found = {kind: _attachment_field(live[table]) for kind, table in TABLES.items()}
    return {kind: name for kind, name in found.items() if name}


def _attachment_field(fields: Iterable[SideField]) -> str | None:
    called = attachments.FIELD.casefold()
    usable = (one for one in fields if one.type in ("rich-text", "unknown") and not one.read_only)
    return next((one.name for one in usable if called in (one.name.casefold(), one.label.casefold())), None)


def no_field_for(setup: Setup) -> str:
    """What a person does where OnePlan has no such field for plans or tasks; "" where both have one."""
    lacking = [f"{kind}s" for kind in TABLES if kind not in setup.attachments]
    if not lacking:
        return ""
    return (
        f"In OnePlan, add a field called {attachments.FIELD!r} that holds text of several lines to "
        f"{' and to '.join(lacking)}, and save the connection again. Until then the attachments of their work items "
        "are not shown there."
    )


async def mapping_of(engine: Engine, connection: StoredConnection) -> FieldMapping:
    """The mapping in force, by the set-up that was kept last."""
    setup = await kept_setup(engine, connection.id) if connection.configuration.attachments else None
    return connection.mapping.fields.with_attachments(setup.attachments if setup else {})


async def keep_projects(engine: Engine, connection: StoredConnection) -> bool:
    """Single items find the team projects as they are now: the set-up was read anew where they changed, True then.

    One call where they did not; new and renamed projects are known before the next full sync.
    """
    read = await engine.pages.now()
    async with engine.remotes.open(connection, "timers") as sides:
        kept = await kept_setup(engine, connection.id)
        found = {name.casefold(): id_ for id_, name in await sides.azure_devops.projects()}
        if kept is not None and dict(kept.project_ids) == found:
            return False
        await _keep_read(engine, connection, await read_setup(sides, connection.configuration), read)
        return True


async def project_types(devops: AzureDevOpsItems, projects: Sequence[str]) -> list[ProjectTypes]:
    """The types of these projects, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(project: str) -> ProjectTypes:
        async with gate:
            return await devops.project_types(project)

    return await asyncio.gather(*(one(project) for project in projects))


async def with_mails(setup: Setup, devops: AzureDevOpsItems, people: Iterable[str]) -> Setup:
    """The set-up with these people, and the mail addresses of those whom neither mail nor name matches yet; each is
    asked for once."""
    people = sorted(people)
    directory = Directory(setup.resources)
    strangers = {split(person)[1] for person in people if directory.match(person) is None}
    mails: dict[str, str] = {}
    for unique in sorted(one for one in strangers if one and "@" not in one):
        mail = await devops.mail_of(unique)
        if mail:
            mails[unique.casefold()] = mail
    return replace(setup, mails=mails, people=tuple(people))


async def ensure_integration(engine: Engine, sides: Sides, connection: StoredConnection) -> StoredConnection:
    """The connection has its integration line item in OnePlan, which every marker names (R30).

    The id is made of the connection's, and the line item holds it too, so that a second try finds the first one's.
    """
    if connection.integration:
        return connection
    made = await sides.oneplan.ensure_integration(integration_id(connection.id), {"Connection": connection.id})
    return await engine.connections.replace(replace(connection, integration=made))
