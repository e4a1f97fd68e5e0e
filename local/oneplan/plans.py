"""Plan routes (section 4)."""

import copy
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, identifier, null_reference
from local.oneplan.columns import FUNCTION_NONE
from local.oneplan.filters import passes
from local.oneplan.model import ZERO, Group, Record
from local.oneplan.records import OWNER_LEVEL, new_plan, own
from local.oneplan.saving import Saving

COMPUTED = ("Start", "Finish")
BUILT_IN = {"Name", "Owner", *COMPUTED}


def shown(call: Call, plan: Record) -> Record:
    """A plan as an answer has it: with the plans below it."""
    return {**plan, "SubPlans": [one["id"] for one in children(call.group, plan["id"])]}


def listed(call: Call, plans: Iterable[Record]) -> list[Record]:
    """Plans as a list has them, which may lack the custom fields. One pass over all plans, whatever is listed."""
    below: dict[str, list[Record]] = {}
    for one in call.group.plans.values():
        below.setdefault(one["PortfolioParentId"], []).append(one)
    whole = call.world.on("list_has_fields")
    return [
        {
            **plan,
            "SubPlans": [one["id"] for one in _ordered(below.get(plan["id"], []))],
            "Fields": plan["Fields"] if whole else {k: v for k, v in plan["Fields"].items() if k in BUILT_IN},
        }
        for plan in plans
    ]


def children(group: Group, plan: str) -> list[Record]:
    return _ordered([one for one in group.plans.values() if one["PortfolioParentId"] == plan])


def _ordered(plans: list[Record]) -> list[Record]:
    return sorted(plans, key=lambda one: int(one["PortfolioOrder"]))


async def read_all(call: Call) -> Any:
    """Every plan in one array; `$top` and `$skip` do nothing (section 4 [OBSERVED])."""
    wanted, value = call.query.get("filterfield", ""), call.query.get("filtervalue", "")
    built_in = call.flag("BuiltInField")
    if wanted == "PlannerTypeId" and not built_in:
        raise Failure(500, "Invalid column name 'PlannerTypeId'.", "System.ArgumentException")
    plans = (one for one in call.group.plans.values() if call.flag("ShowArchived") or not one["Archived"])
    return listed(call, (one for one in plans if not wanted or _holds(one, wanted, value, built_in)))


def _holds(plan: Record, name: str, value: str, built_in: bool) -> bool:
    held = plan.get(name) if built_in else plan["Fields"].get(name)
    return str(held).lower() == value.lower()


async def find(call: Call) -> Any:
    """POST /workplan/find: `{Items, MoreItems}`."""
    body = call.object("FindPlans")
    plans = [one for one in call.group.plans.values() if not one["Archived"] and passes(one, body.get("Filter"))]
    if call.world.position("find_sort") == "honoured" and body.get("Sort"):
        plans = sorted(plans, key=lambda one: str(one.get(body["Sort"], "")))
        plans = plans[::-1] if str(body.get("SortDirection", "")).lower().startswith("desc") else plans
    cap = int(call.world.position("find_most")) or len(plans)
    most = min(int(body.get("MaxItems") or cap), cap)
    return {"Items": listed(call, plans[:most]), "MoreItems": len(plans) > most}


async def read(call: Call) -> Any:
    return shown(call, call.plan())


def wanted(call: Call) -> Record:
    """The `WorkPlan` of the body."""
    plan = call.object("WorkPlanController.Post").get("WorkPlan")
    if not isinstance(plan, dict):
        raise null_reference("OnePlan.WorkPlanController.Post")
    return plan


def refuse_name(call: Call, name: Any) -> None:
    prefix = str(call.world.position("refuse_name_prefix"))
    if prefix and str(name or "").startswith(prefix):
        raise Failure(500, "The name holds characters that are not allowed.", "System.ArgumentException")


async def create(call: Call) -> Any:
    """The new plan. `ParentId` is ignored, `PortfolioParentId` by switch (section 4)."""
    body = wanted(call)
    if not body.get("Name"):
        raise null_reference("OnePlan.WorkPlanController.AddPlan")
    kind = call.plan_type(body.get("PlanType"))
    refuse_name(call, body["Name"])
    parent = (
        identifier(body.get("PortfolioParentId")) if call.world.position("parent_on_create") == "honoured" else ZERO
    )
    check_parent(call.group, parent)
    plan = new_plan(call.group, str(body["Name"]), kind["id"], parent=parent, actor=call.actor)
    saving = Saving(call.world, call.group, call.actor)
    definitions = [one for one in call.group.plan_fields if _for_type(one, plan["PlannerTypeId"])]
    fields = saving.with_defaults(definitions, body.get("Fields") or {})
    written = _write_fields(call, saving, plan, fields)
    if not any(one["Level"] == OWNER_LEVEL for one in plan["UserList"]):
        own(plan, call.actor.user)
    written |= _write_members(plan, body)
    call.group.plans[plan["id"]] = plan
    call.group.tasks_of[plan["id"]] = {}
    saving.plan_saved(plan, "Add", written)
    return shown(call, plan)


async def update(call: Call) -> Any:
    """POST /workplan/{id}: with ChangedFields=true only what is sent changes. What is refused leaves all as it was."""
    plan, body = call.plan(), wanted(call)
    if plan["LockInfo"] and call.world.position("lock_effect") == "500":
        raise Failure(500, "The plan is locked by another user.", "System.InvalidOperationException")
    refuse_name(call, body.get("Name"))
    whole = not call.flag("ChangedFields") and call.world.position("plan_update_without_changed_fields") == "replace"
    saving, draft = Saving(call.world, call.group, call.actor), copy.deepcopy(plan)
    if whole:
        draft["Fields"] = {name: value for name, value in draft["Fields"].items() if name in BUILT_IN}
    written = _write_fields(call, saving, draft, body.get("Fields") or {})
    written |= _write_members(draft, body)
    if call.world.on("plan_update_moves"):
        written |= _write_place(call, draft, body)
    plan |= draft
    saving.touched(plan)
    saving.plan_saved(plan, "Update", written)
    return answered(call, shown(call, plan))


def _write_place(call: Call, plan: Record, body: Record) -> Record:
    """Type and parent through the update, for which changetype is the known way."""
    written: Record = {}
    if body.get("PlanType"):
        written["PlannerTypeId"] = call.plan_type(body["PlanType"])["id"]
    if "PortfolioParentId" in body:
        written["PortfolioParentId"] = identifier(body["PortfolioParentId"])
        check_parent(call.group, written["PortfolioParentId"], plan["id"])
    plan |= written
    return written


def answered(call: Call, record: Record) -> Any:
    """The record, or an answer without a body (sections 4 and 5: documented as a bare response)."""
    statuses = {"empty": 200, "204": 204}
    position = str(call.world.position("update_answer"))
    return record if position == "body" else Response(status_code=statuses[position])


def _write_members(plan: Record, body: Record) -> Record:
    written: Record = {}
    if body.get("Name"):
        plan["Name"] = written["Name"] = str(body["Name"])
    if "Folder" in body:
        plan["Folder"] = written["Folder"] = bool(body["Folder"])
    if body.get("Owner"):
        own(plan, identifier(body["Owner"]))
        written["Owner"] = identifier(body["Owner"])
    return written


def _write_fields(call: Call, saving: Saving, plan: Record, fields: Record) -> Record:
    """Start and finish are computed: dropped, or 500 by switch. Owner goes through its member."""
    if call.world.position("plan_dates_write") == "500" and any(name in fields for name in COMPUTED):
        raise Failure(500, "Plan dates are calculated.", "System.InvalidOperationException")
    kept = {name: value for name, value in fields.items() if name not in BUILT_IN}
    definitions = [one for one in call.group.plan_fields if _for_type(one, plan["PlannerTypeId"])]
    written = saving.values(definitions, kept, plan["Fields"])
    if fields.get("Owner"):
        own(plan, identifier(fields["Owner"]))
        written["Owner"] = identifier(fields["Owner"])
    return written


def _for_type(definition: Record, plan_type: str) -> bool:
    types = definition["WriteablePlanTypes"]
    return definition["Function"] == FUNCTION_NONE and (not types or plan_type in types)


async def change_type(call: Call) -> Any:
    """POST /workplan/{id}/changetype: the type and the parent; both are required (section 4 [OBSERVED])."""
    wanted_type, parent, plan = call.need_id("PlanType"), call.need_id("NewParentId"), call.plan()
    kind = call.plan_type(wanted_type)
    check_parent(call.group, parent, plan["id"])
    plan |= {"PlannerTypeId": kind["id"], "PortfolioParentId": parent}
    saving = Saving(call.world, call.group, call.actor)
    saving.touched(plan)
    saving.plan_saved(plan, "Update", {"PlannerTypeId": kind["id"], "PortfolioParentId": parent})
    return shown(call, plan)


def check_parent(group: Group, parent: str, plan: str | None = None) -> None:
    """The parent is there and not below the plan itself."""
    at = parent
    while at != ZERO:
        above = group.plans.get(at)
        if above is None or at == plan:
            raise Failure(500, "The parent plan is not valid.", "System.InvalidOperationException")
        at = above["PortfolioParentId"]


async def delete(call: Call) -> Any:
    """Archived with Archive=true, else gone with its tasks; plans below it lose their parent."""
    plan, saving = call.plan(), Saving(call.world, call.group, call.actor)
    remove(call.group, plan, saving, archive=call.flag("Archive"))
    return Response(status_code=200)


def cut_dependencies(group: Group, task: str) -> None:
    """No dependency names the task any more."""
    for key in [key for key, one in group.dependencies.items() if task in (one["From"], one["To"])]:
        del group.dependencies[key]


def remove(group: Group, plan: Record, saving: Saving, *, archive: bool) -> None:
    if archive:
        plan["Archived"] = True
        saving.touched(plan)
        saving.plan_saved(plan, "Update", {"Archived": True})
        return
    for task in group.tasks_of.pop(plan["id"], {}):
        group.tasks.pop(task, None)
        cut_dependencies(group, task)
    for one in children(group, plan["id"]):
        one["PortfolioParentId"] = ZERO
    for key in [key for key, one in group.plan_links.items() if plan["id"] in (one["From"], one["To"])]:
        del group.plan_links[key]
    del group.plans[plan["id"]]
    saving.plan_saved(plan, "Delete", {})


async def subplans(call: Call) -> Any:
    return listed(call, children(call.group, call.plan()["id"]))


async def siblings(call: Call) -> Any:
    plan = call.plan()
    rows = children(call.group, plan["PortfolioParentId"])
    return listed(call, (one for one in rows if one["id"] != plan["id"]))


async def config(call: Call) -> Any:
    plan = call.plan()
    return {
        "id": plan["id"],
        "ConfigId": call.group.id,
        "WorkPlanId": plan["id"],
        "LocalFields": call.group.local_fields.get(plan["id"], []),
        "Views": [],
    }


async def work_types(call: Call) -> Any:
    plan = call.plan()
    return [one for one in call.group.work_types if not one["PlanTypes"] or plan["PlannerTypeId"] in one["PlanTypes"]]


async def no_history(call: Call) -> Any:
    """No plan of this stand-in has stored versions or workflow steps."""
    call.plan()
    return []
