"""Comments on plans and tasks."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure
from local.oneplan.model import Record
from local.oneplan.records import CLOCK


def add(record: Record, text: str, user: str) -> Record:
    """The comment is the record's last one."""
    comment = {"Id": str(uuid.uuid4()), "UPN": user, "PostDate": CLOCK.now(), "Comment": text, "CC": [], "Users": []}
    record["Comments"].append(comment)
    record["LastComment"] = comment["PostDate"]
    return comment


def _listed(call: Call, record: Record) -> Record:
    """The comments of a plan or task, and the people who wrote them."""
    writers = {one["UPN"] for one in record["Comments"]} if call.world.position("comment_people") else set()
    people = [one for id_, one in call.group.resources.items() if id_ in writers]
    return {"Comments": record["Comments"], "Resources": people}


def _remove(record: Record, comment: str) -> Response:
    if all(one["Id"] != comment for one in record["Comments"]):
        raise Failure(404, "The requested comment was not found.")
    record["Comments"] = [one for one in record["Comments"] if one["Id"] != comment]
    return Response(status_code=200)


async def of_plan(call: Call) -> Any:
    return _listed(call, call.plan())


async def of_task(call: Call) -> Any:
    return _listed(call, call.task())


async def add_to_plan(call: Call) -> Any:
    return add(call.plan(), str(call.object("AddComment").get("Comment", "")), call.actor.user)


async def add_to_task(call: Call) -> Any:
    return add(call.task(), str(call.object("AddComment").get("Comment", "")), call.actor.user)


async def remove_from_plan(call: Call) -> Any:
    return _remove(call.plan(), call.path("comment"))


async def remove_from_task(call: Call) -> Any:
    return _remove(call.task(), call.path("comment"))
