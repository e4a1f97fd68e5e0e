"""What must be true after quiet, worked out from public routes of both systems and the rows that we keep."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from tests.machine.journal import Edit, Journal
from tests.machine.landscape import MEMBERS, REFERENCES, text
from tests.sync.independent import NOTHING, Expected, Systems, expectations

# Where an edit that gave way must be found with its value (R16), and where both values of a held one are.
RECORDS = ("activity", "conflicts")
# What a held or refused place is recorded as.
PLACES = {"plan": "parent"}


@dataclass
class Verdict:
    """What is wrong, one line each; `lost` are edits that are nowhere, but for those of the one known exception."""

    problems: list[str] = field(default_factory=list)
    duplicates: int = 0
    lost: list[Edit] = field(default_factory=list)
    excused: list[Edit] = field(default_factory=list)
    conflicts: int = 0

    @property
    def good(self) -> bool:
        return not self.problems and not self.duplicates and not self.lost


@dataclass
class _There:
    """Both systems as read, and the rows of the connection."""

    items: Mapping[int, Mapping[str, Any]]
    portfolio: Mapping[str, Any]
    rows: Mapping[str, list[Mapping[str, Any]]]

    def recorded(self) -> str:
        return "\n".join(str(dict(row)) for name in RECORDS for row in self.rows[name])

    def failure(self, number: int) -> str:
        reasons = [str(row.get("reason")) for row in self.rows["failures"] if row["RowKey"] == f"w{number:010d}"]
        return f" (failed: {'; '.join(reasons)})" if reasons else ""

    def why(self, number: int) -> str:
        """Why the item is disconnected, as its link says."""
        return next((str(row.get("why")) for row in self.rows["links"] if row["RowKey"] == f"w{number:010d}"), "")

    def excused(self, number: int) -> str:
        """What is recorded of the item: its conflicts, and the residues of its base."""
        held = [str(dict(row)) for row in self.rows["conflicts"] if f"{number:010d}" in str(dict(row))]
        links = [str(row.get("base")) for row in self.rows["links"] if row["RowKey"] == f"w{number:010d}"]
        return "\n".join((*held, *(link.partition('"residues":')[2] for link in links)))


async def verdict(systems: Systems, storage: str, connection: str, journal: Journal, mapped: frozenset[str]) -> Verdict:
    """`mapped` are the members of tasks that are kept in step."""
    there = _There(await systems.items(), await systems.portfolio(), await rows(storage, connection))
    found = Verdict(conflicts=len(there.rows["conflicts"]))
    by_item = _by_item(found, there)
    _duplicates(found, there, journal)
    expected = expectations(there.items, _parted(there, journal.removed - by_item.keys()))
    for number, one in expected.items():
        if one.kind and number not in journal.removed:
            _compare(found, there, by_item, number, one, mapped)
    found.problems += [f"#{number} came back" for number in journal.removed & by_item.keys() - journal.deleted.keys()]
    _lost(found, there, by_item, journal)
    return found


def _parted(there: _There, removed: Iterable[int]) -> frozenset[int]:
    """Those whose counterpart people removed. Nobody looks for the counterpart of one that has no place, be it left
    out or come back from the recycle bin: that one counts as the item that it is, unless its link says otherwise."""
    orphans = {number for number, one in expectations(there.items).items() if not one.kind}
    return frozenset(number for number in removed if number not in orphans or there.why(number) == "removed")


async def rows(storage: str, connection: str) -> dict[str, list[Mapping[str, Any]]]:
    """The connection's rows of each table, read as any program could."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    async with TableServiceClient.from_connection_string(storage) as service:
        for name in (*RECORDS, "links", "failures"):
            query = f"PartitionKey ge '{connection}' and PartitionKey lt '{connection}~~'"
            try:
                found[name] = [dict(row) async for row in service.get_table_client(name).query_entities(query)]
            except ResourceNotFoundError:
                found[name] = []
    return found


def _by_item(found: Verdict, there: _There) -> dict[int, tuple[str, Mapping[str, Any]]]:
    """The record of each work item, by its marker; two with one marker are a duplicate."""
    records: dict[int, tuple[str, Mapping[str, Any]]] = {}
    marked = [
        (one["ItemId"], "plan", plan)
        for plan in there.portfolio["plans"]
        for one in plan["Integrations"]
        if not plan["Archived"]
    ]
    marked += [
        (task["Integration"]["ExternalItemId"], "task", task)
        for task in there.portfolio["tasks"]
        if task["Integration"]
    ]
    for item, kind, record in marked:
        if not str(item).isdecimal():
            continue
        if int(item) in records:
            found.duplicates += 1
            found.problems.append(f"#{item} is there twice: {records[int(item)][1]['id']}, {record['id']}")
        records[int(item)] = (kind, record)
    return records


def _duplicates(found: Verdict, there: _There, journal: Journal) -> None:
    """No value of a title is on two records of one system, marked or not: each is one edit's own."""
    titles = {edit.value for edit in journal.edits if edit.field == "title"}
    records = (*there.portfolio["plans"], *there.portfolio["tasks"])
    names = [one["Name"] for one in records if not one.get("Archived") and not _is_retired(one)]
    for system, held in (
        ("OnePlan", names),
        ("Azure DevOps", [one["fields"]["System.Title"] for one in there.items.values()]),
    ):
        for title, count in Counter(held).items():
            if title in titles and count > 1:
                found.duplicates += 1
                found.problems.append(f"{title!r} is {count} times in {system}")


def _is_retired(record: Mapping[str, Any]) -> bool:
    """What another record has replaced says so in its marker."""
    items = [one["ItemId"] for one in record.get("Integrations", ())]
    items.append((record.get("Integration") or {}).get("ExternalItemId") or "0")
    return not all(str(item).isdecimal() for item in items)


def _compare(
    found: Verdict,
    there: _There,
    records: Mapping[int, tuple[str, Mapping[str, Any]]],
    number: int,
    expected: Expected,
    mapped: frozenset[str],
) -> None:
    item = there.items[number]
    if number not in records:
        found.problems.append(f"#{number} is no {expected.kind}: {item['fields']['System.Title']}")
        return
    kind, record = records[number]
    if kind != expected.kind:
        found.problems.append(f"#{number} is a {kind}, must be a {expected.kind}")
        return
    excused = there.excused(number)
    for what, wanted, held in _facts(there, records, item, expected, record):
        if what in MEMBERS.values() and kind == "task" and what not in mapped:
            continue
        if wanted != held and PLACES.get(what, what) not in excused:
            found.problems.append(f"#{number}: {what} is {held!r}, must be {wanted!r}{there.failure(number)}")


def _facts(
    there: _There,
    records: Mapping[int, tuple[str, Mapping[str, Any]]],
    item: Mapping[str, Any],
    expected: Expected,
    record: Mapping[str, Any],
) -> Iterable[tuple[str, Any, Any]]:
    """(name, as in Azure DevOps, as in OnePlan) of what is mapped."""

    def id_of(number: int | None) -> str:
        return str(records[number][1]["id"]) if number in records else NOTHING

    fields, types = item["fields"], there.portfolio
    yield "Name", fields["System.Title"], record["Name"]
    if expected.kind == "plan":
        yield "type", fields["System.WorkItemType"], types["planTypes"][record["PlannerTypeId"]]
        yield "parent", id_of(expected.above), record["PortfolioParentId"]
        return
    yield "type", fields["System.WorkItemType"], types["workTypes"][record["WorkTypeId"]]
    above = records.get(expected.above or 0)
    # A task is where the one above it is, even where that one's move is held: whether that is right is its own line.
    yield "plan", above[1]["WorkPlanId"] if above and above[0] == "task" else id_of(expected.plan), record["WorkPlanId"]
    yield "parent", id_of(expected.above), record["ParentId"]
    for name in ("start", "due"):
        yield MEMBERS[name], text(name, fields.get(REFERENCES[name])), text(name, record.get(MEMBERS[name]))
    if (person := _mail(fields)) is not None:
        yield "AssignedTo", person, _mails(there, record["AssignedTo"])


def _mail(fields: Mapping[str, Any]) -> list[str] | None:
    """Who is assigned, by mail; None where only a directory could tell."""
    assigned = fields.get("System.AssignedTo")
    if not assigned:
        return []
    mail = str(assigned["uniqueName"]).lower()
    return [mail] if mail.endswith("@contoso.com") else None


def _mails(there: _There, ids: Iterable[str]) -> list[str]:
    people = {one["id"]: (one["Fields"].get("mail") or "").lower() for one in there.portfolio["people"]}
    return sorted(people.get(one, one) for one in ids)


def _lost(
    found: Verdict, there: _There, records: Mapping[int, tuple[str, Mapping[str, Any]]], journal: Journal
) -> None:
    present: dict[tuple[int, str], set[str]] = {}
    for number, item in there.items.items():
        for name, reference in REFERENCES.items():
            present.setdefault((number, name), set()).add(text(name, item["fields"].get(reference)))
    for number, (_, record) in records.items():
        for name, member in MEMBERS.items():
            present.setdefault((number, name), set()).add(text(name, record.get(member)))
    retired = "\n".join(str(one) for one in there.portfolio["tasks"] if _is_retired(one))
    for edit in journal.lost(present, there.recorded() + retired):
        (found.excused if edit.in_window and edit.side == "oneplan" else found.lost).append(edit)
    found.problems += [f"lost: {edit}" for edit in found.lost]
