"""WIQL over links: one hop with its modes, and trees (section 5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from local.azure_devops import errors
from local.azure_devops.calls import Call
from local.azure_devops.model import CHILD, WorkItem
from local.azure_devops.wiql_search import Search, Test
from local.azure_devops.wiql_syntax import Condition, Group, Query

MODES = {"MUSTCONTAIN", "MAYCONTAIN", "DOESNOTCONTAIN", "RECURSIVE", "RETURNMATCHINGCHILDREN"}
type Link = tuple[str | None, WorkItem | None, WorkItem]


@dataclass(frozen=True)
class LinkSearch:
    """Sources, targets and link types are tested apart; a root has neither type nor source (section 5 [K])."""

    call: Call
    search: Search
    source: Test
    target: Test
    kinds: tuple[str, ...]

    def children(self, item: WorkItem) -> Iterator[tuple[str, WorkItem]]:
        """The matching links of an item."""
        for relation in item.relations:
            other = self.call.world.readable(relation.target or 0)
            wanted = not self.kinds or relation.rel.casefold() in self.kinds
            if other is not None and wanted and self.target(other):
                yield relation.rel, other

    def one_hop(self, mode: str) -> Iterator[Link]:
        """Sources with their matching links; which sources without any are there is the mode."""
        for item in self.search.readable():
            if not self.source(item):
                continue
            found = list(self.children(item))
            if mode == "MAYCONTAIN" or bool(found) is (mode == "MUSTCONTAIN"):
                yield None, None, item
                yield from ((rel, item, other) for rel, other in found)

    def tree(self, *, matching_children: bool) -> Iterator[Link]:
        """Each source that is below no other, with all below it; a child that is seen again is not followed."""
        items = [one for one in self.search.readable() if self.source(one) or (matching_children and self.target(one))]
        below = {other.id for item in items for _, other in self.children(item)}
        seen: set[int] = set()
        for item in [one for one in items if one.id not in below]:
            yield None, None, item
            yield from self._below(item, seen)

    def _below(self, item: WorkItem, seen: set[int]) -> Iterator[Link]:
        pending = [(item, iter(list(self.children(item))))]
        seen.add(item.id)
        while pending:
            parent, children = pending[-1]
            following = next(children, None)
            if following is None:
                pending.pop()
                continue
            rel, child = following
            yield rel, parent, child
            if child.id not in seen:
                seen.add(child.id)
                pending.append((child, iter(list(self.children(child)))))


def links_of(call: Call, search: Search, query: Query) -> tuple[str, list[Link]]:
    """(queryType, rows) of a query over links."""
    unknown = set(query.modes) - MODES
    if unknown:
        raise errors.query_invalid(f"the mode {unknown.pop()} is unknown.")
    parts = list(_conjuncts(query.where))
    kinds = _kinds(parts)
    source, target = (search.test(Group("AND", tuple(_scoped(parts, scope)))) for scope in ("Source", "Target"))
    found = LinkSearch(call, search, source, target, kinds)
    if not {"RECURSIVE", "RETURNMATCHINGCHILDREN"} & set(query.modes):
        return "oneHop", list(found.one_hop((query.modes or ["MUSTCONTAIN"])[0]))
    if kinds != (CHILD.casefold(),) or query.order or query.as_of:
        raise errors.query_invalid("Recursive takes one forward tree link type, and neither ORDER BY nor ASOF.")
    return "tree", list(found.tree(matching_children="RETURNMATCHINGCHILDREN" in query.modes))


def _conjuncts(node: Group | Condition | None) -> Iterable[Group | Condition]:
    if isinstance(node, Group) and node.kind == "AND":
        for part in node.parts:
            yield from _conjuncts(part)
    elif node is not None:
        yield node


def _kinds(parts: list[Group | Condition]) -> tuple[str, ...]:
    """The link types asked for; none means any."""
    return tuple(
        text.casefold()
        for part in parts
        for leaf in _leaves(part)
        if leaf.field.casefold() in ("system.links.linktype", "link type")
        for text in leaf.values
        if text
    )


def _scoped(parts: list[Group | Condition], scope: str) -> Iterable[Group | Condition]:
    """The conditions of one end; a condition that mixes both ends is refused."""
    for part in parts:
        scopes = {leaf.scope for leaf in _leaves(part)}
        if len(scopes) > 1:
            raise errors.query_invalid("conditions on source and target must be joined by AND.")
        if scopes == {scope}:
            yield part


def _leaves(node: Group | Condition) -> Iterable[Condition]:
    if isinstance(node, Condition):
        yield node
        return
    for part in node.parts:
        yield from _leaves(part)


def row(base: str, link: Link) -> dict[str, Any]:
    """A WorkItemLink (specification)."""
    rel, source, target = link
    return {"rel": rel, "source": source and reference(base, source), "target": reference(base, target)}


def reference(base: str, item: WorkItem) -> dict[str, Any]:
    return {"id": item.id, "url": f"{base}/_apis/wit/workItems/{item.id}"}
