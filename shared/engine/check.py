"""What is checked before a connection is stored: both credentials, the rights, the types and their order (R3, R9)."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from shared.configuration import Connection
from shared.connections.steps import CHECKED
from shared.core.errors import CredentialRefused, HostNotAllowed, NotFound, PermissionMissing, Rejected, Retriable
from shared.core.people import Directory, joined
from shared.core.types import ProjectTypes, check_types
from shared.engine.parts import types_of
from shared.engine.setup import attachment_fields, no_field_for, project_types
from shared.ports import Remotes, Setup, Step
from shared.ports.remotes import AzureDevOpsItems, OnePlanItems
from shared.refusals import FieldError, InvalidInput

LONGEST_LIFE = timedelta(days=366)
# A connection works without: changes are found by the timers then.
SUBSCRIBING = "manage subscriptions"
NO_HOOKS = (
    "Give the owner of the token the permission Edit Subscriptions in Azure DevOps, or make them Project Collection "
    "Administrator; else changes are found by the timers only."
)
DEVOPS_URL, PAT, KEY = "/azureDevOps/url", "/azureDevOps/pat", "/oneplan/key"


@dataclass(frozen=True)
class Checked:
    """How the two systems are set up, and the steps of a save that were done with it (R9)."""

    setup: Setup
    steps: Mapping[str, Step]


@dataclass
class _Check:
    """One check: what was found wrong, and the set-up as far as it was read."""

    configuration: Connection
    problems: list[FieldError]
    setup: Setup
    warnings: dict[str, Step] = field(default_factory=dict)

    def wrong(self, path: str, message: str, allowed: Sequence[str] = ()) -> None:
        self.problems.append(FieldError(path, message, tuple(allowed)))

    def must_know(self, path: str, names: Sequence[str], known: Sequence[str], what: str) -> bool:
        """True where every name is known."""
        folded = {name.casefold() for name in known}
        missing = [(index, name) for index, name in enumerate(names) if name.casefold() not in folded]
        for index, name in missing:
            self.wrong(f"{path}/{index}", f"there is no {what} {name!r}", known)
        return not missing


async def check(remotes: Remotes, configuration: Connection, today: date) -> Setup:
    """How the two systems are set up, where the connection can work with them.

    InvalidInput names every member that keeps it from working.
    """
    return (await checked(remotes, configuration, today)).setup


async def checked(remotes: Remotes, configuration: Connection, today: date) -> Checked:
    """As `check`, with what is no reason to refuse the connection but should be looked at."""
    now = _Check(configuration, [], Setup((), {}, {}, {}, ()))
    if configuration.azure_dev_ops.pat_expires < today:
        now.wrong("/azureDevOps/patExpires", "is in the past; make a new access token")
    if configuration.azure_dev_ops.pat_expires > today + LONGEST_LIFE:
        now.warnings["credentials"] = Step(
            "warning",
            f"The access token is said to expire on {configuration.azure_dev_ops.pat_expires}, but none lives longer "
            "than a year.",
            "Look the date up in Azure DevOps under User settings > Personal access tokens and correct patExpires: "
            "you are warned before that day.",
        )
    await _azure_devops(now, remotes)
    await _oneplan(now, remotes)
    if now.problems:
        raise InvalidInput(tuple(now.problems))
    return Checked(now.setup, {**{name: Step("done") for name in CHECKED}, **now.warnings})


async def _azure_devops(now: _Check, remotes: Remotes) -> None:
    try:
        async with remotes.azure_devops(now.configuration) as devops:
            if await _signs_in(now, devops.sign_in(), (DEVOPS_URL, PAT), "an Azure DevOps organization"):
                await _organization(now, devops)
    except HostNotAllowed as error:
        now.wrong(DEVOPS_URL, str(error))
    except (CredentialRefused, Rejected) as error:
        now.wrong(PAT, str(error))
    except Retriable as error:
        now.wrong(DEVOPS_URL, str(error))


async def _signs_in(now: _Check, call: Awaitable[object], paths: tuple[str, str], what: str) -> bool:
    """What a first call to a system says of its address and its credential."""
    url, secret = paths
    try:
        await call
    except CredentialRefused as error:
        now.wrong(secret, str(error))
    except NotFound:
        now.wrong(url, f"there is no {what.partition(' ')[2]} at this address")
    except (Rejected, Retriable) as error:
        now.wrong(url, f"{what} does not answer as it should: {error}")
    else:
        return True
    return False


async def _organization(now: _Check, devops: AzureDevOpsItems) -> None:
    found = await devops.projects()
    names, scope = [name for _, name in found], now.configuration.scope.projects
    if not names:
        now.wrong(PAT, "the access token sees no team project")
    if not names or not now.must_know("/scope/projects", scope, names, "team project"):
        return
    wanted = {name.casefold() for name in scope}
    inside = [name for name in names if not wanted or name.casefold() in wanted]
    types = tuple(await project_types(devops, inside))
    now.setup = replace(now.setup, projects=types, project_ids={name.casefold(): id_ for id_, name in found})
    for one in check_types(types_of(now.configuration), types):
        now.wrong(f"/{one.field}/{one.index}", one.message, one.allowed)
    await _condition(now, devops)
    await _rights(now, devops, types)


async def _condition(now: _Check, devops: AzureDevOpsItems) -> None:
    """The WIQL condition is tried, at no work item: a wrong one would make every sync fail."""
    wiql = now.configuration.scope.wiql
    if not wiql:
        return
    try:
        async for _ in devops.find((), f"({wiql}) AND [System.Id] < 1"):
            return
    except PermissionMissing:
        raise
    except Rejected as error:
        now.wrong("/scope/wiql", f"Azure DevOps does not take this condition: {error}")


async def _rights(now: _Check, devops: AzureDevOpsItems, projects: Sequence[ProjectTypes]) -> None:
    """The rights are tried in a project that has one of the types."""
    configuration = now.configuration
    named = {name.casefold() for name in (*configuration.plan_level_types, *configuration.task_types)}
    places = ((one.project, name) for one in projects for name in one.types if name.casefold() in named)
    place = next(places, None)
    if place is None:
        return
    for one in await devops.permissions(*place, writing=configuration.options.allow_one_plan_edits):
        if one.permission == SUBSCRIBING and not one.granted:
            now.warnings["permissions"] = Step("warning", f"The access token may not {SUBSCRIBING}.", NO_HOOKS)
        elif not one.granted:
            now.wrong(PAT, f"the access token may not {one.permission}: {one.reason}")


async def _oneplan(now: _Check, remotes: Remotes) -> None:
    url = "/oneplan/url"
    try:
        async with remotes.oneplan(now.configuration) as oneplan:
            if await _signs_in(now, oneplan.plan_types(), (url, KEY), "a OnePlan environment"):
                await _group(now, oneplan)
    except HostNotAllowed as error:
        now.wrong(url, str(error))
    except (CredentialRefused, Rejected) as error:
        now.wrong(KEY, str(error))
    except Retriable as error:
        now.wrong(url, str(error))


async def _group(now: _Check, oneplan: OnePlanItems) -> None:
    configuration = now.configuration
    now.setup = replace(
        now.setup,
        plan_types=await oneplan.plan_types(),
        work_types=await oneplan.work_types(),
        resources=tuple(await oneplan.resources()),
        author=await oneplan.author(),
        attachments=await attachment_fields(oneplan) if configuration.attachments else {},
    )
    if configuration.attachments and (steps := no_field_for(now.setup)):
        now.warnings["attachments"] = Step("warning", "OnePlan lacks a field for attachments.", steps)
    plan_types, work_types = sorted(now.setup.plan_types), sorted(now.setup.work_types)
    _plan_types(now, (await oneplan.type_names())[0])
    now.must_know("/taskTypes", configuration.task_types, work_types, "work type in OnePlan called")
    kind = configuration.team_project_plan_type
    if configuration.options.team_project_as_parent_plan and kind.casefold() not in plan_types:
        now.wrong("/teamProjectPlanType", f"OnePlan has no plan type {kind!r}", plan_types)
    owner = configuration.default_owner
    if owner and Directory(now.setup.resources).match(joined(owner, owner)) is None:
        now.wrong("/defaultOwner", f"OnePlan knows nobody by {owner!r}")


def _plan_types(now: _Check, known: Sequence[str]) -> None:
    """Each plan level type has a plan type of its own name, in its own letter case, in OnePlan (R3)."""
    spelled = {name.casefold(): name for one in now.setup.projects for name in one.types}
    for index, name in enumerate(now.configuration.plan_level_types):
        wanted = spelled.get(name.casefold(), name)
        if wanted in known:
            continue
        other = next((one for one in known if one.casefold() == wanted.casefold()), None)
        there = f"; it has {other!r}, and letter case counts" if other else ""
        advice = f"Make a plan type called {wanted!r} in OnePlan, or take the type out."
        now.wrong(f"/planLevelTypes/{index}", f"OnePlan has no plan type {wanted!r}{there}. {advice}", sorted(known))
