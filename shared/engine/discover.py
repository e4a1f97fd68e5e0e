"""What both systems offer to a connection that is to be made: projects, types, levels, areas, plan types (R3, R8)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.core.errors import CredentialRefused, HostNotAllowed, NotFound, SyncError
from shared.core.types import ProjectTypes
from shared.discovery import DiscoveryRequest
from shared.engine.setup import AT_ONCE, project_types
from shared.ports import Remotes, StoredConnection
from shared.ports.remotes import AzureDevOpsItems, OnePlanItems
from shared.refusals import FieldError, InvalidInput


@dataclass(frozen=True)
class FoundProject:
    """A team project with its types by level, and the paths of its areas."""

    id: str
    types: ProjectTypes
    areas: tuple[str, ...]


@dataclass(frozen=True)
class FoundGroup:
    """Names of plan types and of work types."""

    plan_types: tuple[str, ...]
    work_types: tuple[str, ...]


@dataclass(frozen=True)
class Discovery:
    """None for a system that was not asked."""

    projects: tuple[FoundProject, ...] | None = None
    group: FoundGroup | None = None


async def discover(remotes: Remotes, wanted: DiscoveryRequest) -> Discovery:
    """What the systems offer whose credentials are given; InvalidInput names what they refuse. Nothing is stored."""
    configuration = wanted.unsaved()
    projects = group = None
    if wanted.azure_dev_ops is not None:
        async with _told("/azureDevOps", "pat"), remotes.azure_devops(configuration) as devops:
            projects = await _projects(devops)
    if wanted.oneplan is not None:
        async with _told("/oneplan", "key"), remotes.oneplan(configuration) as oneplan:
            group = await _group(oneplan)
    return Discovery(projects, group)


async def discover_stored(remotes: Remotes, connection: StoredConnection) -> Discovery:
    """The same by the stored credentials of a connection."""
    async with _told("/connection", ""), remotes.open(connection, "interactive") as sides:
        return Discovery(await _projects(sides.azure_devops), await _group(sides.oneplan))


@asynccontextmanager
async def _told(path: str, secret: str) -> AsyncIterator[None]:
    """What a system says of its address and its credential becomes an error of the member that names it."""
    at = f"{path}/{secret}" if secret else path
    place = f"{path}/url" if secret else path
    try:
        yield
    except CredentialRefused as error:
        raise InvalidInput((FieldError(at, str(error)),)) from None
    except NotFound:
        raise InvalidInput((FieldError(place, "nothing of the kind is at this address"),)) from None
    except HostNotAllowed as error:
        raise InvalidInput((FieldError(place, str(error)),)) from None
    except SyncError as error:
        raise InvalidInput((FieldError(place, f"it does not answer as it should: {error}"),)) from None


async def _projects(devops: AzureDevOpsItems) -> tuple[FoundProject, ...]:
    found = await devops.projects()
    types = await project_types(devops, [name for _, name in found])
    areas = await _areas(devops, [name for _, name in found])
    return tuple(FoundProject(id_, kinds, paths) for (id_, _), kinds, paths in zip(found, types, areas, strict=True))


async def _areas(devops: AzureDevOpsItems, projects: Sequence[str]) -> list[tuple[str, ...]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(project: str) -> tuple[str, ...]:
        async with gate:
            return tuple(await devops.areas(project))

    return await asyncio.gather(*(one(project) for project in projects))


async def _group(oneplan: OnePlanItems) -> FoundGroup:
    plans, tasks = await oneplan.type_names()
    return FoundGroup(tuple(plans), tuple(tasks))
