"""JSON Patch documents on work items (section 6): tested, ruled on whole, then made as one update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.azure_devops import errors
from local.azure_devops.calls import Call
from local.azure_devops.model import PARENT, Project, Relation, WorkItem, WorkItemType
from local.azure_devops.patching import Operation, operations_of, relation_of
from local.azure_devops.rules import Rules, check_link
from local.azure_devops.store import Change


@dataclass
class Document:
    """A document for one item, or for one that is to be made (`item` is None)."""

    call: Call
    project: Project
    kind: WorkItemType
    item: WorkItem | None
    bypass: bool = False
    temporary: Mapping[int, int] = field(default_factory=dict)
    change: Change = field(default_factory=Change)
    history: str = ""
    _kept: list[Relation] = field(default_factory=list)

    def read(self, body: Any) -> "Document":
        """All operations are understood; Failure where one cannot be done."""
        operations = operations_of(body)
        self._kept = self.call.shape.ordered(list(self.item.relations)) if self.item else []
        for operation in operations:
            if operation.op == "test":
                self._test(operation)
        if self.item:
            self._move(operations)
        formats = [one for one in operations if one.root == "multilinefieldsformat"]
        for operation in formats:
            self._format(operation)
        for operation in operations:
            if operation.op != "test" and operation not in formats:
                self._one(operation)
        return self

    def _one(self, operation: Operation) -> None:
        match operation.root:
            case "fields":
                self._field(operation)
            case "relations":
                self._relation(operation)
            case "id":
                return
            case _:
                raise errors.patch_invalid(f"the path {operation.path!r} is not supported.")

    def _test(self, operation: Operation) -> None:
        """412 VS403351 where the value is another; links move no rev, so they are not guarded (section 6)."""
        actual: Any = self.item.now.rev if self.item else 0
        if operation.root == "fields":
            name = self._rules.definition(operation.rest).reference_name
            held = self.item.now.fields.get(name) if self.item else None
            actual = self.call.shape.value(held)
        elif operation.root != "rev":
            raise errors.patch_invalid(f"the path {operation.path!r} cannot be tested.")
        if str(actual) != str(operation.value):
            raise errors.test_failed(operation.path, operation.value, actual)

    def _format(self, operation: Operation) -> None:
        kind = str(operation.value).casefold()
        if kind not in ("markdown", "html"):
            raise errors.patch_invalid(f"{operation.value!r} is no format of a field.")
        self.change.formats[self._rules.definition(operation.rest).reference_name] = kind

    @property
    def _rules(self) -> Rules:
        return Rules(self.call.world, self.project, self.kind, bypass=self.bypass)

    def _field(self, operation: Operation) -> None:
        """`add` and `replace` are the same; `remove` clears, and so does an empty text."""
        value = None if operation.op == "remove" else operation.value
        before = self.item.now.formats if self.item else {}
        name, stored = self._rules.value(operation.rest, value, {**before, **self.change.formats})
        if name == "System.History":
            self.history = str(stored or "")
            return
        if name == "System.Tags" and operation.op == "add" and self.call.world.position("tags_add") == "merges":
            held = str((self.item.now.fields.get(name) if self.item else None) or "")
            name, stored = self._rules.value(name, f"{held};{stored or ''}", {})
        self.change.fields[name] = stored

    def _relation(self, operation: Operation) -> None:
        if operation.rest == "-":
            if operation.op == "remove":
                raise errors.patch_invalid("a relation is removed by its index.")
            self._add(relation_of(operation.value, self.temporary))
            return
        index, _, below = operation.rest.partition("/")
        if not index.isdecimal() or int(index) >= len(self._kept):
            raise errors.patch_invalid(f"index {index} is out of the range of the relations.")
        old = self._kept[int(index)]
        self._remove(old)
        if below:
            name = below.removeprefix("attributes/")
            attributes = {**old.attributes, name: operation.value}
            self._add(Relation(old.rel, old.url, attributes, old.target))
        elif operation.op != "remove":
            self._add(relation_of(operation.value, self.temporary))

    def _remove(self, relation: Relation) -> None:
        self._kept = [one for one in self._kept if one is not relation]
        self.change.remove.append(relation)

    def _add(self, relation: Relation) -> None:
        if relation.rel == PARENT and self.call.world.position("second_parent") == "replaces":
            for old in [one for one in self._kept if one.rel == PARENT]:
                self._remove(old)
        probe = self.item or WorkItem(0, self.project.id, [])
        check_link(self.call.world, probe, relation, self._kept)
        self.change.add.append(relation)
        self._kept = [*self._kept, relation]

    def checked(self, before: Mapping[str, Any]) -> "Document":
        """The rules hold for the item as it would be; State brings its Reason along (section 8)."""
        after = {**before, **self.change.fields}
        if self.item and after.get("System.State") != before.get("System.State"):
            self.change.fields.setdefault("System.Reason", f"Moved to state {after['System.State']}")
        Rules(self.call.world, self.project, self.kind, bypass=self.bypass).check_whole(
            after, before if self.item else None
        )
        self._check_dates()
        return self

    def _check_dates(self) -> None:
        dated = self.change.fields.get("System.ChangedDate")
        if self.item and dated is not None and dated < self.item.now.changed:
            raise errors.dates_decreasing()

    def _move(self, operations: Sequence[Operation]) -> None:
        """Moving and retyping keep the id, and the rules are those of the new place (section 5 [K]).

        A moved item is at the roots of its new project's trees unless the document says where.
        """
        named = {one.rest.casefold(): str(one.value) for one in operations if one.root == "fields" and one.op != "test"}
        name = named.get("system.teamproject", self.project.name)
        project = self.call.world.organization.project(name)
        if project is None:
            raise errors.patch_invalid(f"there is no project {name!r}.")
        if project.id != self.project.id:
            roots = {"System.AreaPath": project.areas.path, "System.IterationPath": project.iterations.path}
            self.change.fields.update(roots)
        self.kind = self.call.kind(project, named.get("system.workitemtype", self.kind.name))
        self.project = project


def kept_formats(formats: Mapping[str, str], fields: Sequence[str]) -> dict[str, str]:
    """The formats of fields that a new item has."""
    return {name: kind for name, kind in formats.items() if name in fields and kind == "markdown"}
