"""Routes of identities, graph users, profile and connection data (areas ims, graph, profile)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.azure_devops.metadata import failures, identities
from local.azure_devops.metadata.call import Call, Endpoint, listed, object_body
from local.azure_devops.metadata.describes import World
from local.azure_devops.metadata.project_routes import CONTINUATION
from local.azure_devops.model import Identity

# Small, so that every client meets the second page (the live service's page size is not documented).
_GRAPH_PAGE = 10


def read_identities(call: Call) -> dict[str, Any]:
    """By identityIds, descriptors, subjectDescriptors, or searchFilter with filterValue."""
    found = _asked_for(call)
    return listed([who and identities.identity(call.organization, who) for who in found])


def _asked_for(call: Call) -> list[Identity | None]:
    """One place per id or descriptor asked for, None where nobody has it; all matches of a search."""
    people = call.organization.identities
    if call.query("identityIds"):
        by_id = {who.id.replace("-", ""): who for who in people}
        return [by_id.get(id_.casefold().replace("-", "")) for id_ in call.names("identityIds")]
    if call.query("descriptors"):
        known = {identities.legacy_descriptor(call.organization, who).casefold(): who for who in people}
        return [known.get(name.casefold()) for name in call.names("descriptors")]
    if call.query("subjectDescriptors"):
        subjects = {who.descriptor: who for who in people}
        return [subjects.get(name) for name in call.names("subjectDescriptors")]
    search_filter = call.query("searchFilter")
    if search_filter.casefold() not in identities.SEARCH_FILTERS:
        raise failures.bad_parameter("searchFilter", search_filter)
    return list(identities.search(people, search_filter, call.query("filterValue")))


def list_users(call: Call) -> Response:
    """Graph users by descriptor, a page at a time; the next page's token is in a header."""
    wanted = call.names("subjectTypes")
    people = sorted(call.organization.identities, key=lambda who: who.descriptor)
    people = [who for who in people if not wanted or who.descriptor.partition(".")[0] in wanted]
    start = call.number("continuationToken", 0)
    end = start + _GRAPH_PAGE
    page = [identities.graph_user(call.base, call.organization, who) for who in people[start:end]]
    headers = {CONTINUATION: str(end)} if end < len(people) else {}
    return JSONResponse(listed(page), headers=headers)


def read_user(call: Call) -> dict[str, Any]:
    return identities.graph_user(call.base, call.organization, _by_descriptor(call, call.path("user")))


def _by_descriptor(call: Call, descriptor: str) -> Identity:
    for who in call.organization.identities:
        if who.descriptor == descriptor:
            return who
    raise failures.part_not_found(descriptor)


def read_descriptor(call: Call) -> dict[str, Any]:
    key = call.path("key").casefold()
    for who in call.organization.identities:
        if who.id == key:
            graph = f"{call.base}/_apis/Graph"
            links = {
                "self": {"href": f"{graph}/Descriptors/{who.id}"},
                "storageKey": {"href": f"{graph}/StorageKeys/{who.descriptor}"},
                "subject": {"href": f"{graph}/Users/{who.descriptor}"},
            }
            return {"value": who.descriptor, "_links": links}
    raise failures.part_not_found(key)


def read_storage_key(call: Call) -> dict[str, Any]:
    who = _by_descriptor(call, call.path("user"))
    graph = f"{call.base}/_apis/Graph"
    links = {
        "self": {"href": f"{graph}/StorageKeys/{who.descriptor}"},
        "descriptor": {"href": f"{graph}/Descriptors/{who.id}"},
    }
    return {"value": who.id, "_links": links}


def subject_query(world: World) -> Endpoint:
    """Users whose display name, account or mail starts with the query; groups are not in the stand-in."""

    async def endpoint(request: Request) -> Response:
        call, body = Call(world, request), await object_body(request)
        if not str(body.get("query") or ""):
            raise failures.bad_parameter("query", "")
        if "User" not in (body.get("subjectKind") or ["User"]):
            return JSONResponse(listed([]))
        wanted = str(body["query"]).casefold()
        found = [
            identities.graph_user(call.base, call.organization, who)
            for who in call.organization.identities
            if any(name.casefold().startswith(wanted) for name in (who.display_name, who.unique_name, who.mail))
        ]
        return JSONResponse(listed(found))

    return endpoint


def read_profile(call: Call) -> dict[str, Any]:
    """The caller's own profile, by `me` or by id; the profiles of others are not readable."""
    who, wanted = call.caller, call.path("id").casefold()
    if wanted not in ("me", who.id):
        raise failures.part_not_found(wanted)
    return identities.profile(who)


def read_connection_data(call: Call) -> dict[str, Any]:
    return identities.connection_data(call.organization, call.caller)
