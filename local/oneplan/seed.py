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
ROLES = ("Developer", "Product Owner")
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
        plan_fields=plan_fields(name),
        task_fields=task_fields(name),
        resource_fields=resource_fields(name),
        resources={},
    )
    for mail, person in PEOPLE.items():
        record = resource(made, person, mail)
        made.resources[record["id"]] = record
    made.teams = [_team(made, "Web team", "jamal@contoso.com", "norman@contoso.com", "pmo@contoso.com")]
    if by_hand:
        _plans_by_hand(made)
    return made


def _team(made: Group, name: str, *mails: str) -> Record:
    ids = [guid("resource", made.name, mail) for mail in mails]
    return {
        "id": guid("team", made.name, name),
        "ConfigId": made.id,
        "TeamName": name,
        "TeamDescription": "",
        "ProfilePicture": "",
        "TeamMembers": [{"ResourceId": one, "ResourceAllocation": 100.0, "AllocationType": 0} for one in ids],
        "Fields": {},
    }


def _plan_type(group_name: str, name: str) -> Record:
    return {"id": guid("plan type", group_name, name), "Name": name, "ParentTypeId": ZERO, "Hidden": False}


def _work_type(group_name: str, name: str, kind: int) -> Record:
    work_type = guid("work type", group_name, name)
    return {"Id": work_type, "Name": name, "Description": "", "ListType": kind, "PlanTypes": []}


def plan_fields(name: str) -> list[Record]:
    level = f"{name}/plan"
    return [
        column(level, "Name", TEXT, Required=True, System=True, BuiltIn=True),
        column(level, "Owner", USER, Required=True, System=True, BuiltIn=True),
        column(level, "Start", DATE, System=True, BuiltIn=True),
        column(level, "Finish", DATE, System=True, BuiltIn=True),
        column(level, "PercentComplete", NUMBER, "Percent Complete", ReadOnly=True, Function=FUNCTION_ROLLUP),
        column(level, "State", CHOICE, Choices=choices(level, "State", *STATES)),
        column(level, "Priority", NUMBER, Decimals=0),
        column(level, "Effort", NUMBER),
        column(level, "Description", MULTI_LINE),
        column(level, "Tags", TEXT),
        column(level, "AreaPath", TEXT, "Area Path"),
        column(level, "TargetDate", DATE, "Target Date"),
        column(level, "ExternalKey", TEXT, "External Key"),
        column(level, "WorkItemUrl", URL, "Work Item"),
    ]


def task_fields(name: str) -> list[Record]:
    level = f"{name}/task"
    return [
        column(level, "Name", TEXT, Required=True, System=True, BuiltIn=True),
        column(level, "StartDate", DATE, "Start", System=True, BuiltIn=True),
        column(level, "DueDate", DATE, "Due", System=True, BuiltIn=True),
        column(level, "PercentComplete", NUMBER, "Percent Complete"),
        column(level, "State", CHOICE, Choices=choices(level, "State", *STATES)),
        column(level, "Iteration", TEXT, System=True),
        column(level, "Priority", NUMBER, Decimals=0),
        column(level, "Effort", NUMBER),
        column(level, "Description", MULTI_LINE),
        column(level, "Tags", TEXT),
        column(level, "AreaPath", TEXT, "Area Path"),
        column(level, "RemainingWork", NUMBER, "Remaining Work", ReadOnly=True, Function=FUNCTION_ROLLUP),
    ]


def resource_fields(name: str) -> list[Record]:
    level = f"{name}/resource"
    return [
        column(level, "mail", TEXT, "Mail", System=True),
        column(level, "userPrincipalName", TEXT, "User Principal Name", System=True),
        column(level, "jobTitle", TEXT, "Job Title"),
        column(level, "Role", CHOICE, Choices=choices(level, "Role", *ROLES)),
    ]


def resource(made: Group, name: str, mail: str) -> Record:
    """A person; `Fields` holds mail and userPrincipalName (section 10 [OBSERVED])."""
    role = guid("choice", f"{made.name}/resource", "Role", ROLES[0])
    fields: dict[str, Any] = {"mail": mail, "userPrincipalName": mail, "jobTitle": "", "Role": role} if mail else {}
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
        "GlobalPermissions": 0,
        "OnePlanSecurityGroup": ZERO,
        "ProfilePicture": "",
        "LastLogin": None,
        "ExternalId": "",
        "TimeZone": "UTC",
        "Delegates": [],
        "Notifications": {"AllNotifications": False, "Notifications": []},
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
