"""The two reporting feeds with their opaque tokens (section 5, Reporting feeds)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.calls import ORGANIZATION, PROJECT, READ, Call, moment, number, routes_of
from local.azure_devops.metadata import failures
from local.azure_devops.model import LinkChange, Revision, WorkItem
from local.azure_devops.values import Shape, instant
from local.azure_devops.world import World

PAGE = 200
LONG_TEXT = {"html", "plainText", "history"}
type Row = tuple[int, WorkItem, Revision]


@dataclass(frozen=True)
class Filter:
    """What a caller asks of the feed of revisions, by query (GET) or body (POST)."""

    fields: frozenset[str]
    types: frozenset[str]
    identity_ref: bool
    deleted: bool
    latest_only: bool
    discussion_only: bool
    long_text: bool
    size: int


def _filter(call: Call) -> Filter:
    body = call.members if call.request.method == "POST" and call.body is not None else {}
    given = {name.casefold(): value for name, value in body.items()}

    def names(name: str) -> frozenset[str]:
        return frozenset(str(one).casefold() for one in given.get(name.casefold()) or call.names(name))

    def flag(name: str) -> bool:
        return given.get(name.casefold()) is True or call.flag(name)

    return Filter(
        names("fields"),
        names("types"),
        flag("includeIdentityRef"),
        flag("includeDeleted"),
        flag("includeLatestOnly"),
        flag("includeDiscussionChangesOnly"),
        call.query("$expand").casefold() == "fields",
        min(call.number("$maxPageSize", PAGE), PAGE) or PAGE,
    )


def list_revisions(call: Call) -> Any:
    """Revisions after the token, oldest first; long texts only where asked for."""
    wanted, (after, since) = _filter(call), _start(call, "r")
    rows = sorted(_rows(call, wanted, after, since), key=lambda row: row[0])
    if wanted.latest_only:
        rows = list({item.id: (watermark, item, revision) for watermark, item, revision in rows}.values())
        rows.sort(key=lambda row: row[0])
    page = rows[: wanted.size]
    last = page[-1][0] if page else max(after, 0)
    values = [_value(call, wanted, item, revision) for _, item, revision in page]
    return _answer(call, "workItemRevisions", values, f"r;{last}", last=len(rows) <= wanted.size)


def _rows(call: Call, wanted: Filter, after: int, since: datetime | None) -> Iterator[Row]:
    """(watermark, item, revision); a deleted item is there once more, at the watermark of its deletion."""
    project, organization = call.project(), call.world.organization
    for item in organization.items.values():
        if item.id in organization.unreadable or (project and item.project_id != project.id):
            continue
        if wanted.types and item.type.casefold() not in wanted.types:
            continue
        if not item.deleted:
            yield from _revisions(item, wanted, after, since)
        elif _shows_deleted(call, wanted) and item.deleted_watermark > after and _since(item.deleted, since):
            yield item.deleted_watermark, item, item.now


def _revisions(item: WorkItem, wanted: Filter, after: int, since: datetime | None) -> Iterator[Row]:
    if item.now.watermark <= after:
        return
    for one in item.revisions:
        if one.watermark > after and _since(one.changed, since) and (not wanted.discussion_only or _said(item, one)):
            yield one.watermark, item, one


def _said(item: WorkItem, revision: Revision) -> bool:
    return any(update.rev == revision.rev and "System.History" in update.fields for update in item.updates)


def _shows_deleted(call: Call, wanted: Filter) -> bool:
    return wanted.deleted and call.world.position("deleted_in_feed") == "flag"


def _since(when: datetime, since: datetime | None) -> bool:
    return since is None or when >= since


def _value(call: Call, wanted: Filter, item: WorkItem, revision: Revision) -> dict[str, Any]:
    """`System.IsDeleted` stands on a deleted item (section 5 [K])."""
    shape = Shape(call.world, call.base, text_identities=not wanted.identity_ref)
    fields = shape.fields(item, revision, wanted.fields, long=True)
    known = call.world.organization.fields
    if not wanted.long_text:
        fields = {name: one for name, one in fields.items() if name not in known or known[name].type not in LONG_TEXT}
    return {
        "id": item.id,
        "rev": revision.rev,
        "fields": fields | ({"System.IsDeleted": True} if item.deleted else {}),
    }


def list_links(call: Call) -> Any:
    """Links added and removed after the token: the only feed that sees re-parenting."""
    after, since = _start(call, "l")
    kinds, types = ({one.casefold() for one in call.names(name)} for name in ("linkTypes", "types"))
    rows = [
        one
        for one in call.world.organization.link_changes[after:]
        if _since(one.changed, since) and (not kinds or one.rel.casefold() in kinds) and _shown(call, one, types)
    ]
    page = rows[:PAGE]
    last = page[-1].watermark if len(rows) > PAGE else len(call.world.organization.link_changes)
    values = [_link(one) for one in page]
    return _answer(call, "workItemLinks", values, f"l;{max(after, last)}", last=len(rows) <= PAGE)


def _shown(call: Call, row: LinkChange, types: set[str]) -> bool:
    """Links of the project asked in, with an end of a type asked for; none of what may not be read or is gone."""
    organization, project = call.world.organization, call.project()
    if {row.source, row.target} & (organization.unreadable | organization.destroyed):
        return False
    if project is not None and project.name not in (row.source_project, row.target_project):
        return False
    return not types or bool(types & {organization.items[one].type.casefold() for one in (row.source, row.target)})


def _link(row: LinkChange) -> dict[str, Any]:
    """One row; the type's name has no -Forward or -Reverse (example GET__wit_reporting_workItemLinks_50)."""
    return {
        "rel": row.rel,
        "sourceId": row.source,
        "targetId": row.target,
        "changedDate": instant(row.changed),
        "isActive": row.active,
    }


def _start(call: Call, kind: str) -> tuple[int, datetime | None]:
    """(rows after this number, and since this time); another feed's token is refused, and token with time too."""
    token, start = call.query("continuationToken"), call.query("startDateTime")
    if token and start:
        raise errors.argument_invalid("startDateTime must not stand beside continuationToken.")
    if start:
        return 0, moment("startDateTime", start)
    if not token:
        return 0, None
    mark, _, place = token.partition(";")
    if mark != kind:
        raise failures.bad_parameter("continuationToken", token)
    return number("continuationToken", place), None


def _answer(call: Call, feed: str, values: list[Any], token: str, *, last: bool) -> dict[str, Any]:
    """`isLastBatch` means caught up: the token is kept and asked with again later."""
    next_link = f"{call.base}/_apis/wit/reporting/{feed}?continuationToken={token}&api-version=7.1"
    return {"values": values, "nextLink": next_link, "continuationToken": token, "isLastBatch": last}


def routes(world: World) -> list[Route]:
    """With and without the project in the path."""
    both = (ORGANIZATION, PROJECT)
    return routes_of(
        world,
        [
            ("GET", "wit/reporting/workitemrevisions", READ, list_revisions, both),
            ("POST", "wit/reporting/workitemrevisions", READ, list_revisions, both),
            ("GET", "wit/reporting/workitemlinks", READ, list_links, both),
        ],
    )
