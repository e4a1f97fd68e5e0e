"""Plan routes (section 4)."""

import copy
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, identifier, null_reference
from local.oneplan.columns import FUNCTION_NONE
from local.oneplan.model import ZERO, Group, Record
from local.oneplan.records import new_plan, own
from local.oneplan.saving import Saving

COMPUTED = ("Start", "Finish")
BUILT_IN = {"Name", "Owner", *COMPUTED}


def shown(call: Call, plan: Record, *, listed: bool = False) -> Record:
    """A plan as an answer has it; a list may lack the custom fields."""
    answer = copy.deepcopy(plan)
    answer["SubPlans"] = [one["id"] for one in children(call.group, plan["id"])]
    if listed and not call.world.on("list_has_fields"):
        answer["Fields"] = {name: value for name, value in answer["Fields"].items() if name in BUILT_IN}
    return answer


def children(group: Group, plan: str) -> list[Record]:
    below = (one for one in group.plans.values() if one["PortfolioParentId"] == plan)
    return sorted(below, key=lambda one: int(one["PortfolioOrder"]))


async def read_all(call: Call) -> Any:
    """Every plan in one array; `$top` and `$skip` do nothing (section 4 [OBSERVED])."""
    wanted, value = call.query.get("filterfield", ""), call.query.get("filtervalue", "")
    built_in = call.flag("BuiltInField")
    if wanted == "PlannerTypeId" and not built_in:
        raise Failure(500, "Invalid column name 'PlannerTypeId'.", "System.ArgumentException")
    plans = (one for one in call.group.plans.values() if call.flag("ShowArchived") or not one["Archived"])
    return [shown(call, one, listed=True) for one in plans if not wanted or _holds(one, wanted, value, built_in)]


def _holds(plan: Record, name: str, value: str, built_in: bool) -> bool:
    held = plan.get(name) if built_in else plan["Fields"].get(name)
    return str(held).lower() == value.lower()


async def find(call: Call) -> Any:
    """POST /workplan/find: `{Items, MoreItems}`."""
    body = call.object("FindPlans")
    plans = [one for one in call.group.plans.values() if not one["Archived"] and _passes(one, body.get("Filter"))]
    if call.world.position("find_sort") == "honoured" and body.get("Sort"):
        plans = sorted(plans, key=lambda one: str(one.get(body["Sort"], "")))
        plans = plans[::-1] if str(body.get("SortDirection", "")).lower().startswith("desc") else plans
    cap = int(call.world.position("find_most")) or len(plans)
    most = min(int(body.get("MaxItems") or cap), cap)
    items = [shown(call, one, listed=True) for one in plans[:most]]
    return {"Items": items, "MoreItems": len(plans) > most}


def _passes(plan: Record, rule: Any) -> bool:
    """A query-builder tree: `rules` joined by `condition`, or one comparison."""
    if not rule:
        return True
    if rule.get("rules"):
        results: Iterable[bool] = (_passes(plan, one) for one in rule["rules"])
        return any(results) if str(rule.get("condition", "")).upper() == "OR" else all(results)
    held = str(plan.get(rule.get("field", ""), plan["Fields"].get(rule.get("field", ""), ""))).lower()
    value = str(rule.get("value", "")).lower()
    match str(rule.get("operator", "equal")).lower():
        case "equal":
            return held == value
        case "not_equal":
            return held != value
        case "contains":
            return value in held
        case "greater":
            return held > value
        case "less":
            return held < value
        case other:
            raise Failure(500, f"Unknown operator {other}", "System.ArgumentException")


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
    kind = call.group.plan_type(str(body.get("PlanType") or ""))
    if not body.get("Name") or kind is None:
        raise null_reference("OnePlan.WorkPlanController.AddPlan")
    refuse_name(call, body["Name"])
    parent = (
        identifier(body.get("PortfolioParentId")) if call.world.position("parent_on_create") == "honoured" else ZERO
    )
    _check_parent(call, parent)
    plan = new_plan(call.group, str(body["Name"]), kind["id"], parent=parent, actor=call.actor)
    saving = Saving(call.world, call.group, call.actor)
    written = _write_fields(call, saving, plan, body.get("Fields") or {})
    own(plan, identifier(body.get("Owner")) if body.get("Owner") else call.actor.user)
    call.group.plans[plan["id"]] = plan
    call.group.tasks_of[plan["id"]] = {}
    saving.plan_saved(plan, "Add", {"Name": plan["Name"], **written})
    return shown(call, plan)


async def update(call: Call) -> Any:
    """POST /workplan/{id}: with ChangedFields=true only what is sent changes."""
    plan, body = call.plan(), wanted(call)
    if plan["LockInfo"] and call.world.position("lock_effect") == "500":
        raise Failure(500, "The plan is locked by another user.", "System.InvalidOperationException")
    refuse_name(call, body.get("Name"))
    whole = not call.flag("ChangedFields") and call.world.position("plan_update_without_changed_fields") == "replace"
    saving = Saving(call.world, call.group, call.actor)
    if whole:
        plan["Fields"] = {name: value for name, value in plan["Fields"].items() if name in BUILT_IN}
    written = _write_fields(call, saving, plan, body.get("Fields") or {})
    written |= _write_members(plan, body)
    saving.touched(plan)
    saving.plan_saved(plan, "Update", written)
    return answered(call, shown(call, plan))


def answered(call: Call, record: Record) -> Any:
    """The record, or an answer without a body (sections 4 and 5: documented as a bare response)."""
    return record if call.world.position("update_answer") == "body" else Response(status_code=200)


def _write_members(plan: Record, body: Record) -> Record:
    written: Record = {}
    if body.get("Name"):
        plan["Name"] = written["Name"] = str(body["Name"])
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
    plan = call.plan()
    kind, parent = call.group.plan_type(call.need("PlanType")), identifier(call.need("NewParentId"))
    if kind is None:
        raise null_reference("OnePlan.WorkPlanController.ChangeType")
    _check_parent(call, parent, plan["id"])
    plan["PlannerTypeId"], plan["PortfolioParentId"] = kind["id"], parent
    saving = Saving(call.world, call.group, call.actor)
    saving.touched(plan)
    saving.plan_saved(plan, "Update", {"PlannerTypeId": kind["id"], "PortfolioParentId": parent})
    return shown(call, plan)


def _check_parent(call: Call, parent: str, plan: str | None = None) -> None:
    """The parent is there and not below the plan itself."""
    at = parent
    while at != ZERO:
        above = call.group.plans.get(at)
        if above is None or at == plan:
            raise Failure(500, "The parent plan is not valid.", "System.InvalidOperationException")
        at = above["PortfolioParentId"]


async def delete(call: Call) -> Any:
    """Archived with Archive=true, else gone with its tasks; plans below it lose their parent."""
    plan, saving = call.plan(), Saving(call.world, call.group, call.actor)
    remove(call.group, plan, saving, archive=call.flag("Archive"))
    return Response(status_code=200)


def remove(group: Group, plan: Record, saving: Saving, *, archive: bool) -> None:
    if archive:
        plan["Archived"] = True
        saving.touched(plan)
        saving.plan_saved(plan, "Update", {"Archived": True})
        return
    for task in group.tasks_of.pop(plan["id"], {}):
        group.tasks.pop(task, None)
    for one in children(group, plan["id"]):
        one["PortfolioParentId"] = ZERO
    del group.plans[plan["id"]]
    saving.plan_saved(plan, "Delete", {})


async def subplans(call: Call) -> Any:
    return [shown(call, one, listed=True) for one in children(call.group, call.plan()["id"])]


async def siblings(call: Call) -> Any:
    plan = call.plan()
    rows = children(call.group, plan["PortfolioParentId"])
    return [shown(call, one, listed=True) for one in rows if one["id"] != plan["id"]]


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
    call.plan()
    return call.group.work_types


async def comments(call: Call) -> Any:
    return {"Comments": call.plan()["Comments"], "Resources": []}
