"""A JSON Patch for one work item, guarded by its revision (ado-api.md section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.azure_devops.model import HYPERLINK, PARENT, Relation

Operation = dict[str, Any]


@dataclass
class Patch:
    """Operations in the order in which they are sent. The test of the revision comes first and guards no link."""

    operations: list[Operation] = field(default_factory=list)

    @classmethod
    def at(cls, rev: int) -> "Patch":
        """A patch that Azure DevOps refuses where the item has another revision (412, VS403351)."""
        return cls([{"op": "test", "path": "/rev", "value": rev}])

    @property
    def empty(self) -> bool:
        return all(operation["op"] == "test" for operation in self.operations)

    def set(self, reference_name: str, value: Any) -> "Patch":
        """The field gets the value; None clears it."""
        path = f"/fields/{reference_name}"
        operation = {"op": "remove", "path": path} if value is None else {"op": "add", "path": path, "value": value}
        return self._with(operation)

    def markdown(self, reference_name: str) -> "Patch":
        """The large text field is Markdown (section 5 [I])."""
        return self._with({"op": "add", "path": f"/multilineFieldsFormat/{reference_name}", "value": "Markdown"})

    def parent(self, relations: Sequence[Relation], url: str | None) -> "Patch":
        """The item hangs below `url` (None: below nothing). `relations` as read right before: links move no revision.

        The old link is removed and the new one added in one patch, indexes from the highest down.
        """
        for index in reversed(range(len(relations))):
            if relations[index].rel == PARENT:
                self._with({"op": "remove", "path": f"/relations/{index}"})
        return self.link(PARENT, url) if url else self

    def hyperlink(self, url: str, comment: str) -> "Patch":
        return self.link(HYPERLINK, url, comment)

    def link(self, rel: str, url: str, comment: str = "") -> "Patch":
        attributes = {"attributes": {"comment": comment}} if comment else {}
        return self._with({"op": "add", "path": "/relations/-", "value": {"rel": rel, "url": url, **attributes}})

    def _with(self, operation: Operation) -> "Patch":
        self.operations.append(operation)
        return self
