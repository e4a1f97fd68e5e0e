"""New plans and tasks in wire form, with every member that the record documents (sections 4 and 5)."""

import uuid

from local.oneplan.model import ZERO, Actor, Clock, Group, Record

CLOCK = Clock()
OWNER_LEVEL = 4  # None, Reader, MyWork, Planner, Owner: the order of the names, a guess


def new_plan(group: Group, name: str, plan_type: str, *, parent: str = ZERO, actor: Actor | None = None) -> Record:
    """A plan; `plan_type` is an id or a name. It is not in the group yet."""
    kind, who, now = group.plan_type(plan_type), (actor or Actor(group.key_user)).user, CLOCK.now()
    group.plan_number += 1
    return {
        "id": str(uuid.uuid4()),
        "ConfigId": group.id,
        "Name": name,
        "Archived": False,
        "Folder": False,
        "Fragment": False,
        "Hidden": False,
        "Author": who,
        "Editor": who,
        "Created": now,
        "Modified": now,
        "LastComment": None,
        "PlannerTypeId": kind["id"] if kind else ZERO,
        "ParentPlanId": ZERO,
        "PortfolioParentId": parent,
        "PortfolioOrder": group.plan_number,
        "PlanNumber": str(group.plan_number),
        "Fields": {},
        "SummaryFields": {},
        "Integrations": [],
        "SubPlans": [],
        "UserList": [],
        "InheritUserList": [],
        "TeamList": [],
        "InheritTeamList": [],
        "Comments": [],
        "Snapshots": [],
        "RateTables": [],
        "Splits": [],
        "DateSets": [],
        "FragmentInfo": None,
        "StageGateFlow": None,
        "LockInfo": None,
        "LastLocation": "",
    }


def own(plan: Record, owner: str) -> None:
    """The plan's owner is that resource."""
    access = {"upn": owner, "Level": OWNER_LEVEL, "Inherited": False, "AccessType": 0}
    plan["UserList"] = [access, *(one for one in plan["UserList"] if one["Level"] != OWNER_LEVEL)]
    plan["Fields"]["Owner"] = owner


def new_task(
    group: Group, plan: str, name: str, work_type: str, *, parent: str = ZERO, actor: Actor | None = None
) -> Record:
    """A task; `work_type` is an id or a name. It is not in the group yet."""
    kind, who, now = group.work_type(work_type), (actor or Actor(group.key_user)).user, CLOCK.now()
    index = len(group.tasks_of.get(plan, {}))
    return {
        "id": str(uuid.uuid4()),
        "ConfigId": group.id,
        "WorkPlanId": plan,
        "WorkTypeId": kind["Id"] if kind else ZERO,
        "ParentId": parent,
        "WorkTypeParentId": ZERO,
        "Name": name,
        "Created": now,
        "Modified": now,
        "Author": who,
        "Editor": who,
        "AssignedTo": [],
        "Assignments": [],
        "NonLaborAssignments": [],
        "Index": index,
        "WorkTypeIndex": index,
        "Complete": False,
        "IsScheduled": False,
        "TaskScheduleType": 0,
        "StartDate": None,
        "DueDate": None,
        "LastComment": None,
        "Fields": {},
        "Comments": [],
        "StatusUpdate": None,
        "Integration": None,
    }
