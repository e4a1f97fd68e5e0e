"""Who may see and edit a plan (section 4: user, sharedwithteam). Levels by the order of their names, a guess."""

from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, identifier, null_reference
from local.oneplan.model import Record
from local.oneplan.saving import Saving

LEVELS = ("None", "Reader", "MyWork", "Planner", "Owner")
READER = 1


async def levels(_call: Call) -> Any:
    return {str(number): name for number, name in enumerate(LEVELS)}


async def users(call: Call) -> Any:
    return call.plan()["UserList"]


async def teams(call: Call) -> Any:
    return call.plan()["TeamList"]


def _asked(call: Call, known: Any) -> tuple[str, int]:
    body = call.object("OnePlan.AccessController.Post")
    who = identifier(body.get("Id"))
    if who not in known:
        raise null_reference("OnePlan.AccessController.Post")
    return who, call.enum(body.get("Level"), LEVELS, READER)


def _saved(call: Call, plan: Record, name: str) -> Response:
    saving = Saving(call.world, call.group, call.actor)
    saving.touched(plan)
    saving.plan_saved(plan, "Update", {name: plan[name]})
    return Response(status_code=200)


async def add_user(call: Call) -> Any:
    """The person has that level, and no other one."""
    plan, (who, level) = call.plan(), _asked(call, call.group.resources)
    others = [one for one in plan["UserList"] if one["upn"] != who]
    plan["UserList"] = [*others, {"upn": who, "Level": level, "Inherited": False, "AccessType": 0}]
    return _saved(call, plan, "UserList")


async def remove_user(call: Call) -> Any:
    who, plan = call.need_id("UserId"), call.plan()
    plan["UserList"] = [one for one in plan["UserList"] if one["upn"] != who]
    return _saved(call, plan, "UserList")


async def add_team(call: Call) -> Any:
    """The team has that level, and no other one."""
    plan, (who, level) = call.plan(), _asked(call, {one["id"] for one in call.group.teams})
    others = [one for one in plan["TeamList"] if one["TeamId"] != who]
    plan["TeamList"] = [*others, {"TeamId": who, "Level": level, "Inherited": False}]
    return _saved(call, plan, "TeamList")


async def remove_team(call: Call) -> Any:
    who, plan = call.need_id("TeamId"), call.plan()
    plan["TeamList"] = [one for one in plan["TeamList"] if one["TeamId"] != who]
    return _saved(call, plan, "TeamList")
