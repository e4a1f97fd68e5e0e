"""An independent check of a first sync: public routes of both systems only, no code shared with the product.

It works out from requirements.md what must be in OnePlan, and compares item by item.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.sync.acts import client

PLAN_LEVELS = ("Epic", "Feature")
TASKS = {"User Story", "Product Backlog Item", "Requirement", "Issue", "Task", "Bug"}
# The types of the task backlog level and bugs, in every process of the seeded organization (R6).
NEED_ITERATION = {"Task", "Bug"}
DEFAULT_OWNER = "pmo@contoso.com"
PARENT = "System.LinkTypes.Hierarchy-Reverse"
# What a plan or task is marked with whose place another one took (R19).
REPLACED = " (replaced)"
NOTHING = "00000000-0000-0000-0000-000000000000"


@dataclass
class Expected:
    """What must become of one work item: `plan` is the plan it is, or is in; `rule` is why it is left out."""

    kind: str = ""
    plan: int | None = None
    above: int | None = None
    rule: str = ""


@dataclass
class Report:
    """What differs, one line each, and the expectation for each work item."""

    problems: list[str] = field(default_factory=list)
    expected: dict[int, Expected] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.expected.values())


@dataclass
class Systems:
    """Both systems by their addresses, read as any program could."""

    devops: str
    oneplan: str
    pat: str = "demo-pat"
    key: tuple[str, str] = ("demo", "demo-key")

    async def items(self) -> dict[int, dict[str, Any]]:
        """Every work item that can be read, with its relations."""
        auth = httpx.BasicAuth("", self.pat)
        async with client(self.devops, auth=auth, params={"api-version": "7.1"}, timeout=60) as http:
            query = {"query": "SELECT [System.Id] FROM WorkItems"}
            ids = [one["id"] for one in (await http.post("/_apis/wit/wiql", json=query)).json()["workItems"]]
            found: dict[int, dict[str, Any]] = {}
            for start in range(0, len(ids), 200):
                body = {"ids": ids[start : start + 200], "$expand": "relations", "errorPolicy": "omit"}
                answer = (await http.post("/_apis/wit/workitemsbatch", json=body)).json()
                found |= {one["id"]: one for one in answer["value"] if one}
            return found

    async def portfolio(self) -> dict[str, Any]:
        """Plans, tasks by plan, types and people."""
        async with client(self.oneplan, auth=self.key, timeout=60) as http:
            plans = (await http.get("/api/workplan", params={"ShowArchived": "true"})).json()
            whole = [(await http.get(f"/api/workplan/{one['id']}")).json() for one in plans]
            tasks = [task for one in plans for task in (await http.get(f"/api/workplan/{one['id']}/tasks")).json()]
            types = {one["id"]: one["Name"] for one in (await http.get("/api/portfolio/plantypes")).json()}
            work = {one["Id"]: one["Name"] for one in (await http.get("/api/config")).json()["WorkTypes"]}
            people = (await http.get("/api/resources")).json()
        return {"plans": whole, "tasks": tasks, "planTypes": types, "workTypes": work, "people": people}


def parent_of(item: Mapping[str, Any]) -> int | None:
    links = [one["url"] for one in item.get("relations", []) if one["rel"] == PARENT]
    return int(links[0].rpartition("/")[2]) if links else None


def expectations(items: Mapping[int, Mapping[str, Any]], parted: frozenset[int] = frozenset()) -> dict[int, Expected]:
    """The table "What becomes of each ancestry", worked out for every item; people have disconnected the `parted`."""
    known: dict[int, Expected] = {}

    def scope(item: Mapping[str, Any]) -> str:
        kind = item["fields"]["System.WorkItemType"]
        if kind not in PLAN_LEVELS and kind not in TASKS:
            return "type"
        path = item["fields"]["System.IterationPath"]
        if kind in NEED_ITERATION and "\\" not in path:
            return "iteration"
        return "connected" if item["id"] in parted else ""

    def ancestors(item: Mapping[str, Any]) -> list[int]:
        above, at = [], parent_of(item)
        while at is not None and at in items:
            if not scope(items[at]):
                above.append(at)
            at = parent_of(items[at])
        return above

    def expected(number: int) -> Expected:
        if number not in known:
            known[number] = worked_out(number)
        return known[number]

    def worked_out(number: int) -> Expected:
        item = items[number]
        if rule := scope(item):
            return Expected(rule=rule)
        kind, above = item["fields"]["System.WorkItemType"], ancestors(item)
        return plan(number, kind, above) if kind in PLAN_LEVELS else task(above)

    def plan(number: int, kind: str, above: list[int]) -> Expected:
        for one in above:
            higher = items[one]["fields"]["System.WorkItemType"]
            if higher not in PLAN_LEVELS or PLAN_LEVELS.index(higher) >= PLAN_LEVELS.index(kind):
                return Expected(rule="order")
            if expected(one).kind == "plan":
                return Expected("plan", number, one)
        return Expected("plan", number)

    def task(above: list[int]) -> Expected:
        for one in above:
            found = expected(one)
            if found.kind == "plan":
                return Expected("task", one)
            if found.kind == "task":
                return Expected("task", found.plan, one)
        return Expected(rule="plan-above")

    for number in items:
        expected(number)
    return known


async def compare(systems: Systems, but: frozenset[int] = frozenset()) -> Report:
    """All that differs between what must be and what is; `but` are items that are known to fail."""
    items, there = await systems.items(), await systems.portfolio()
    report = Report(expected=expectations(items))
    plans = _by_item(
        report, there["plans"], lambda one: [(m["IntegrationId"], m["ItemId"]) for m in one["Integrations"]]
    )
    tasks = _by_item(report, there["tasks"], _task_marker)
    lines = {line for line, _ in (*plans, *tasks)}
    if len(lines) > 1:
        report.problems.append(f"markers of {len(lines)} integrations")
    by_plan, by_task = (
        {int(item): one for (_, item), one in found.items() if not item.endswith(REPLACED)} for found in (plans, tasks)
    )
    for number, expected in report.expected.items():
        if number not in but:
            _compare(report, there, items[number], expected, by_plan, by_task, systems)
    wrong = {n for n in by_plan if report.expected[n].kind != "plan"} | {
        n for n in by_task if report.expected[n].kind != "task"
    }
    report.problems += [f"#{number} should not be there" for number in sorted(wrong)]
    return report


def _task_marker(task: Mapping[str, Any]) -> list[tuple[str, str]]:
    marker = task.get("Integration")
    return [(marker["IntegrationId"], marker["ExternalItemId"])] if marker else []


def _by_item(report: Report, rows: list[Any], markers: Any) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for row in rows:
        for marker in markers(row):
            if marker in found and not marker[1].endswith(REPLACED):
                report.problems.append(f"#{marker[1]} is there twice")
            found[marker] = row
    return found


def _compare(
    report: Report,
    there: Mapping[str, Any],
    item: Mapping[str, Any],
    expected: Expected,
    plans: Mapping[int, Any],
    tasks: Mapping[int, Any],
    systems: Systems,
) -> None:
    number, fields = item["id"], item["fields"]

    def same(what: str, wanted: Any, found: Any) -> None:
        if wanted != found:
            report.problems.append(f"#{number}: {what} is {found!r}, must be {wanted!r}")

    url = f"{systems.devops}/_workitems/edit/{number}"
    if expected.kind == "plan":
        if number not in plans:
            report.problems.append(f"#{number} is no plan: {fields['System.Title']}")
            return
        plan = plans[number]
        above = plans[expected.above]["id"] if expected.above in plans else NOTHING
        same("name", fields["System.Title"], plan["Name"])
        same("plan type", fields["System.WorkItemType"], there["planTypes"][plan["PlannerTypeId"]])
        same("parent", above, plan["PortfolioParentId"])
        same("url", url, plan["Integrations"][0]["ItemUrl"])
        owner = _person(there, fields) or _resource(there, DEFAULT_OWNER)
        if owner != "unsure":
            levels = [one["upn"] for one in plan["UserList"] if one["Level"] == 4]
            same("owner", owner, plan["Fields"].get("Owner") or (levels or [None])[0])
    elif expected.kind == "task":
        if number not in tasks:
            report.problems.append(f"#{number} is no task: {fields['System.Title']}")
            return
        task = tasks[number]
        home = plans[expected.plan]["id"] if expected.plan in plans else "missing"
        above = tasks[expected.above]["id"] if expected.above in tasks else NOTHING
        same("name", fields["System.Title"], task["Name"])
        same("work type", fields["System.WorkItemType"], there["workTypes"][task["WorkTypeId"]])
        same("plan", home, task["WorkPlanId"])
        same("parent", above, task["ParentId"])
        same("url", url, task["Integration"]["ExternalUrl"])
        same("iteration", fields["System.IterationPath"], task["Fields"].get("Iteration"))
        for name, reference in (("StartDate", "StartDate"), ("DueDate", "TargetDate")):
            wanted = fields.get(f"Microsoft.VSTS.Scheduling.{reference}")
            same(name, wanted and wanted[:10], (task.get(name) or "")[:10] or None)
        person = _person(there, fields)
        if person != "unsure":
            same("assigned", [person] if person else [], task["AssignedTo"])


def _person(there: Mapping[str, Any], fields: Mapping[str, Any]) -> str | None:
    """Whom OnePlan knows by the mail; "unsure" where only a directory can tell."""
    assigned = fields.get("System.AssignedTo")
    if not assigned:
        return None
    unique = assigned["uniqueName"]
    if "@" not in unique:
        return "unsure"
    found = _resource(there, unique)
    names = [one for one in there["people"] if one["name"] == assigned["displayName"]]
    return found or (names[0]["id"] if len(names) == 1 else None)


def _resource(there: Mapping[str, Any], mail: str) -> str | None:
    return next(
        (one["id"] for one in there["people"] if (one["Fields"].get("mail") or "").lower() == mail.lower()), None
    )
