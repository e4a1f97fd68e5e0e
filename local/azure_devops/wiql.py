"""The route of WIQL: ids only, whatever SELECT says (section 5)."""

from typing import Any

from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.calls import ORGANIZATION, PROJECT, READ, TEAM, Call, routes_of
from local.azure_devops.values import instant
from local.azure_devops.wiql_links import links_of, reference, row
from local.azure_devops.wiql_search import Search
from local.azure_devops.wiql_syntax import Query, parsed
from local.azure_devops.wiql_values import Literals
from local.azure_devops.world import World

RESULT_LIMIT, TEXT_LIMIT = 20_000, 32_000


def run(call: Call) -> Any:
    """POST wiql `{"query"}`; above 20,000 results 400 VS402337 unless $top is below that."""
    text = str(call.members.get("query") or "")
    if not text or len(text) > TEXT_LIMIT:
        raise errors.query_invalid(f"it must have between 1 and {TEXT_LIMIT} characters.")
    query = parsed(text)
    literals = Literals(call, call.flag("timePrecision"))
    as_of = literals.moment(query.as_of)
    search = Search(call, literals, as_of)
    shown = as_of or call.world.clock()
    found = _links(call, search, query) if query.links else _flat(call, search, query)
    kind = "workItemLink" if query.links else "workItem"
    return {"queryResultType": kind, "asOf": instant(shown), **_columns(call, search, query), **found}


def _flat(call: Call, search: Search, query: Query) -> dict[str, Any]:
    items = _limited(call, search.items(query.where, query.order))
    base = _base(call)
    return {"queryType": "flat", "workItems": [reference(base, one) for one in items]}


def _links(call: Call, search: Search, query: Query) -> dict[str, Any]:
    kind, links = links_of(call, search, query)
    base = _base(call)
    return {"queryType": kind, "workItemRelations": [row(base, one) for one in _limited(call, links)]}


def _limited[T](call: Call, rows: list[T]) -> list[T]:
    """The first $top; the check for 20,000 comes before any page, unless $top is below that."""
    top = call.number("$top", RESULT_LIMIT + 1)
    if len(rows) > RESULT_LIMIT and top > RESULT_LIMIT:
        raise errors.too_many_results()
    return rows[:top]


def _base(call: Call) -> str:
    """Urls of items have the project's id where the query was asked in a project, and none otherwise ([R])."""
    project = call.project()
    return f"{call.base}/{project.id}" if project else call.base


def _columns(call: Call, search: Search, query: Query) -> dict[str, Any]:
    sorting = [{"field": _column(call, search, name), "descending": down} for name, down in query.order]
    columns = {"columns": [_column(call, search, name) for name in query.fields]}
    return columns | ({"sortColumns": sorting} if sorting else {})


def _column(call: Call, search: Search, name: str) -> dict[str, Any]:
    reference_name = search.reference(name.removeprefix("Source].[").removeprefix("Target].["))
    field = call.world.organization.fields.get(reference_name)
    shown = field.name if field else reference_name.rpartition(".")[2]
    return {"referenceName": reference_name, "name": shown, "url": f"{call.base}/_apis/wit/fields/{reference_name}"}


def routes(world: World) -> list[Route]:
    """With and without project and team."""
    return routes_of(world, [("POST", "wit/wiql", READ, run, (ORGANIZATION, PROJECT, TEAM))])
