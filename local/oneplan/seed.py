"""What the groups are set up with: types, fields, people, and plans that people made by hand."""

from typing import Any

from local.oneplan.columns import (
    CHOICE,
    DATE,
    FUNCTION_ROLLUP,
    MULTI_LINE,
    NUMBER,
    TEXT,
    URL,
    USER,
    choices,
    column,
)
from local.oneplan.model import ZERO, Group, Record, guid
from local.oneplan.records import new_plan, new_task

PLAN_TYPES = ("Portfolio", "Program", "Project", "Initiative", "Epic", "Feature")
# ListType, in the order of its names (section 5): Backlog, Both, CustomList, Documents, Plan, Task. Guessed numbers.
BACKLOG, BOTH, CUSTOM_LIST, TASK = 0, 1, 2, 5
WORK_TYPES = {
    "Task": BOTH,
    "User Story": BACKLOG,
    "Product Backlog Item": BACKLOG,
    "Requirement": BACKLOG,
    "Issue": BACKLOG,
    "Bug": BACKLOG,
    "Impediment": BACKLOG,
    "Test Case": BACKLOG,
    "Milestone": TASK,
    "Risk": CUSTOM_LIST,
}
PEOPLE = {
    "pmo@contoso.com": "Paula Möller",
    "priya.admin@contoso.com": "Priya Admin",
    "jamal@contoso.com": "Jamal Hartnett",
    "norman@contoso.com": "Norman Paulk",
    "christie@contoso.com": "Christie Church",
    "chuck@contoso.com": "Chuck Reinhart",
    "zofie@contoso.com": "Žofie Dvořáková-Nguyễn",
    "layla@contoso.com": "ليلى حداد",
    "xiuying.wang@contoso.com": "王 秀英",
    "sam.oneil@partner.example": "Sam <Contractor> O'Neil",
    "ana.garcia@contoso.com": "García, Ana María (IT)",
    "alex.kim@contoso.com": "Alex Kim",
    "alex.kim2@contoso.com": "Alex Kim",
    "ingrid.intern@contoso.com": "Ingrid Intern",
    "olga.upper@contoso.com": "Olga Upper",
    "gunnar@contoso.com": "Gone Gunnar",
    "": "Walk-in Worker",
}
STATES = ("Not Started", "In Progress", "Resolved", "Done", "Removed")


def group(name: str, keys: dict[str, str], by_hand: bool) -> Group:
    """A group with nothing but its settings, or also with plans that people made."""
    made = Group(
        id=guid("group", name),
        name=name,
        keys=keys,
        key_user=guid("resource", name, "pmo@contoso.com"),
        plan_types=[_plan_type(name, one) for one in PLAN_TYPES],
        work_types=[_work_type(name, one, kind) for one, kind in WORK_TYPES.items()],
        plan_fields=plan_fields(),
        task_fields=task_fields(),
        resource_fields=[column("resource", "mail", TEXT), column("resource", "jobTitle", TEXT)],
        resources={},
    )
    for mail, person in PEOPLE.items():
        record = resource(made, person, mail)
        made.resources[record["id"]] = record
    if by_hand:
        _plans_by_hand(made)
    return made


def _plan_type(group_name: str, name: str) -> Record:
    return {"id": guid("plan type", group_name, name), "Name": name, "ParentTypeId": ZERO, "Hidden": False}


def _work_type(group_name: str, name: str, kind: int) -> Record:
    work_type = guid("work type", group_name, name)
    return {"Id": work_type, "Name": name, "Description": "", "ListType": kind, "PlanTypes": []}


def plan_fields() -> list[Record]:
    return [
        column("plan", "Name", TEXT, Required=True, System=True, BuiltIn=True),
        column("plan", "Owner", USER, Required=True, System=True, BuiltIn=True),
        column("plan", "Start", DATE, System=True, BuiltIn=True),
        column("plan", "Finish", DATE, System=True, BuiltIn=True),
        column("plan", "PercentComplete", NUMBER, "Percent Complete", ReadOnly=True, Function=FUNCTION_ROLLUP),
        column("plan", "State", CHOICE, Choices=choices("plan", "State", *STATES)),
        column("plan", "Priority", NUMBER, Decimals=0),
        column("plan", "Effort", NUMBER),
        column("plan", "Description", MULTI_LINE),
        column("plan", "Tags", TEXT),
        column("plan", "AreaPath", TEXT, "Area Path"),
        column("plan", "TargetDate", DATE, "Target Date"),
        column("plan", "ExternalKey", TEXT, "External Key"),
        column("plan", "WorkItemUrl", URL, "Work Item"),
    ]


def task_fields() -> list[Record]:
    return [
        column("task", "Name", TEXT, Required=True, System=True, BuiltIn=True),
        column("task", "StartDate", DATE, "Start", System=True, BuiltIn=True),
        column("task", "DueDate", DATE, "Due", System=True, BuiltIn=True),
        column("task", "PercentComplete", NUMBER, "Percent Complete"),
        column("task", "State", CHOICE, Choices=choices("task", "State", *STATES)),
        column("task", "Iteration", TEXT, System=True),
        column("task", "Priority", NUMBER, Decimals=0),
        column("task", "Effort", NUMBER),
        column("task", "Description", MULTI_LINE),
        column("task", "Tags", TEXT),
        column("task", "AreaPath", TEXT, "Area Path"),
        column("task", "RemainingWork", NUMBER, "Remaining Work", ReadOnly=True, Function=FUNCTION_ROLLUP),
    ]


def resource(made: Group, name: str, mail: str) -> Record:
    """A person; `Fields` holds mail and userPrincipalName (section 10 [OBSERVED])."""
    fields: dict[str, Any] = {"mail": mail, "userPrincipalName": mail, "jobTitle": ""} if mail else {}
    return {
        "id": guid("resource", made.name, mail or name),
        "ConfigId": made.id,
        "userid": guid("user", made.name, mail or name),
        "Office365Id": guid("office", made.name, mail or name),
        "name": name,
        "Generic": False,
        "Inactive": mail.startswith("gunnar"),
        "CanLogin": bool(mail),
        "UserOnly": False,
        "ExternalId": "",
        "TimeZone": "UTC",
        "Fields": fields,
    }


def _plans_by_hand(made: Group) -> None:
    """What is there before any sync: must never be adopted, changed or counted by one."""
    portfolio = _put(made, new_plan(made, "Contoso portfolio", "Portfolio"))
    for name, kind in (("Website", "Project"), ("Payments", "Epic"), ("Onboarding", "Feature")):
        plan = _put(made, new_plan(made, name, kind, parent=portfolio["id"]))
        for number in range(3):
            task = new_task(made, plan["id"], f"{name} step {number + 1}", "Task")
            made.tasks[task["id"]] = task
            made.tasks_of[plan["id"]][task["id"]] = None


def _put(made: Group, plan: Record) -> Record:
    made.plans[plan["id"]] = plan
    made.tasks_of[plan["id"]] = {}
    return plan
