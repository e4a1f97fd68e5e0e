"""The operations of a JSON Patch document, as the service takes them (section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.azure_devops import errors
from local.azure_devops.links import RESOURCE_LINKS
from local.azure_devops.metadata.relation_types import relation_types
from local.azure_devops.model import Relation

KNOWN = {one["referenceName"] for one in relation_types("")}
OPS = {"add", "replace", "remove", "test"}


@dataclass(frozen=True)
class Operation:
    """`root` is the first segment of the path in lower case, `rest` what follows it."""

    op: str
    path: str
    value: Any

    @property
    def root(self) -> str:
        return self.path.removeprefix("/").partition("/")[0].casefold()

    @property
    def rest(self) -> str:
        return self.path.removeprefix("/").partition("/")[2]


def operations_of(body: Any) -> list[Operation]:
    """The operations of a body; 400 where it is no patch document."""
    if not isinstance(body, list) or not body:
        raise errors.patch_invalid("the body of the request must be an array of operations.")
    return [_operation(one) for one in body]


def _operation(one: Any) -> Operation:
    if not isinstance(one, Mapping) or not isinstance(one.get("path"), str):
        raise errors.patch_invalid("an operation needs op and path.")
    op = str(one.get("op", "")).casefold()
    if op not in OPS:
        raise errors.patch_invalid(f"the operation {one.get('op')!r} is not supported.")
    return Operation(op, one["path"], one.get("value"))


def relation_of(value: Any, temporary: Mapping[int, int]) -> Relation:
    """The relation of a value; the number at the end of its url is the other item, whatever the host says."""
    if not isinstance(value, Mapping) or not value.get("rel") or not value.get("url"):
        raise errors.patch_invalid("a relation needs rel and url.")
    rel, url = str(value["rel"]), str(value["url"])
    attributes = dict(value.get("attributes") or {})
    if rel in RESOURCE_LINKS:
        return Relation(rel, url, attributes)
    if rel not in KNOWN:
        raise errors.patch_invalid(f"the relation type {rel!r} is unknown.")
    last = url.rstrip("/").rpartition("/")[2]
    if not last.lstrip("-").isdecimal():
        raise errors.patch_invalid(f"the url {url!r} is not one of a work item.")
    return Relation(rel, url, attributes, temporary.get(int(last), int(last)))
