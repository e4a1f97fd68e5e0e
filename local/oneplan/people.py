"""People and teams (section 10)."""

import copy
import uuid
from typing import Any

from local.oneplan.call import Call, Failure, null_reference
from local.oneplan.filters import passes
from local.oneplan.model import Record
from local.oneplan.saving import Saving
from local.oneplan.seed import resource

DELETED = 0  # Result of a deletion; its numbers are UNKNOWN


def _mail(person: Record) -> str:
    return str(person["Fields"].get("mail", "")).lower()


def _field(person: Record, name: str) -> str:
    """A field of a person whatever its letter case."""
    return next((str(value).lower() for key, value in person["Fields"].items() if key.lower() == name), "")


async def read_all(call: Call) -> Any:
    """All, or those whose mail or field has the value asked for; generic ones only where asked."""
    mail, name, value = (call.query.get(key, "").lower() for key in ("email", "field", "value"))
    rows = [one for one in call.group.resources.values() if call.flag("Generics") or not one["Generic"]]
    return [one for one in rows if (not mail or _mail(one) == mail) and (not name or _field(one, name) == value)]


def _person(call: Call) -> Record:
    found = call.group.resources.get(call.path("resource"))
    if found is None:
        raise Failure(404, "The requested resource was not found.")
    return found


async def read(call: Call) -> Any:
    return _person(call)


async def me(call: Call) -> Any:
    """Whose name the key writes under; null where it is nobody's (section 1 UNKNOWN)."""
    return call.group.resources.get(call.actor.user)


async def my_group(call: Call) -> Any:
    return {"id": call.group.id, "ConfigId": call.group.id, "Name": call.group.name}


async def find_id(call: Call) -> Any:
    """The id by mail, else by name; null where there is none. A blank after `Email` does no harm."""
    names = {key.strip(): value.lower() for key, value in call.query.items()}
    name, mail = names.get("name", ""), names.get("email", "")
    rows = list(call.group.resources.values())
    by_mail = (one["id"] for one in rows if mail and _mail(one) == mail)
    by_name = (one["id"] for one in rows if name and one["name"].lower() == name)
    return next(by_mail, next(by_name, None))


async def find(call: Call) -> Any:
    """GET by name and mail; POST by a filter over members and fields."""
    rows = list(call.group.resources.values())
    if call.request.method == "POST":
        rule = call.object("OnePlan.ResourcesController.Find").get("Filter")
        return [one for one in rows if passes(one, rule)]
    name, mail = call.query.get("name", "").lower(), call.query.get("email", "").lower()
    return [one for one in rows if name in one["name"].lower() and (not mail or _mail(one) == mail)]


def _wanted(call: Call) -> Record:
    body = call.object("OnePlan.ResourcesController.Post").get("Resource")
    if not isinstance(body, dict):
        raise null_reference("OnePlan.ResourcesController.Post")
    return body


async def create(call: Call) -> Any:
    body = _wanted(call)
    made = resource(call.group, str(body.get("Name") or ""), str(body.get("Mail") or ""))
    made |= {"id": str(uuid.uuid4()), "userid": str(uuid.uuid4()), "Generic": bool(body.get("Generic"))}
    made["Fields"] |= body.get("Fields") or {}
    call.group.resources[made["id"]] = made
    Saving(call.world, call.group, call.actor).resource_saved(made, "Add", {"Name": made["name"]})
    return made


async def update(call: Call) -> Any:
    found, body = _person(call), _wanted(call)
    written = dict(body.get("Fields") or {})
    if body.get("Mail"):
        written["mail"] = str(body["Mail"])
    found["name"] = str(body.get("Name") or found["name"])
    found["Fields"] |= written
    Saving(call.world, call.group, call.actor).resource_saved(found, "Update", written)
    return found


async def delete(call: Call) -> Any:
    """Documented, though a client says that deletion does not work: by switch it does nothing (section 10)."""
    found = _person(call)
    if call.world.on("resource_delete_works"):
        del call.group.resources[found["id"]]
        Saving(call.world, call.group, call.actor).resource_saved(found, "Delete", {})
    return {"ResourceId": found["id"], "ResourceName": found["name"], "Result": DELETED, "Message": ""}


async def teams(call: Call) -> Any:
    return call.group.teams


async def my_teams(call: Call) -> Any:
    mine = call.actor.user
    return [one for one in call.group.teams if mine in (who["ResourceId"] for who in one["TeamMembers"])]


def _team(call: Call) -> Record:
    wanted = call.path("team")
    found = next((one for one in call.group.teams if one["id"] == wanted), None)
    if found is None:
        raise Failure(404, "The requested team was not found.")
    return found


async def team(call: Call) -> Any:
    return _team(call)


async def members(call: Call) -> Any:
    ids = [one["ResourceId"] for one in _team(call)["TeamMembers"]]
    return copy.deepcopy([call.group.resources[one] for one in ids if one in call.group.resources])
