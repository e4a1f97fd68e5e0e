"""How both systems are set up, read once for a run (R3, R9, R23)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

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
from shared.ports import Setup, StoredConnection
from shared.ports.remotes import AzureDevOpsItems, OnePlanItems, Sides

AT_ONCE = 6
# Where the set-up of a connection is kept between runs, for items that come singly.
LATEST = "latest"
# A run does not read again what the check of the connection, moments before it, has read.
FRESH_SECONDS = 300.0
TABLES: Mapping[TargetKind, Literal["plans", "tasks"]] = {"plan": "plans", "task": "tasks"}


async def keep_setup(engine: Engine, connection: str, setup: Setup) -> None:
    """The set-up is there for the connection's next run and for single items."""
    body = {"read": await engine.pages.now(), "setup": setup_json(setup)}
    await engine.bodies.put(connection, LATEST, SETUP, body)


async def kept_setup(engine: Engine, connection: str, younger_than: float | None = None) -> Setup | None:
    """The set-up that was kept last; None where there is none, or none as young as asked for."""
    try:
        body = await engine.bodies.get(connection, LATEST, SETUP)
    except KeyError:
        return None
    old = younger_than is not None and await engine.pages.now() - body["read"] > younger_than
    return None if old else setup_of(body["setup"])


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
    async with engine.remotes.open(connection, "timers") as sides:
        kept = await kept_setup(engine, connection.id)
        found = {name.casefold(): id_ for id_, name in await sides.azure_devops.projects()}
        if kept is not None and dict(kept.project_ids) == found:
            return False
        await keep_setup(engine, connection.id, await read_setup(sides, connection.configuration))
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
