"""Many writes in one request (ado-api.md section 6, $batch). Reported to be all or nothing, and to want wide rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from shared.adapters.azure_devops.assumptions import API_VERSION, WRITE_BATCH
from shared.adapters.azure_devops.model import WorkItemRecord
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.reading import read
from shared.adapters.azure_devops.service import JSON_PATCH, Service
from shared.adapters.http_calls import Call, filled
from shared.adapters.members import number, rows, text
from shared.core.errors import SyncError, UnknownOutcome

_UPDATE = "/_apis/wit/workitems/{id}"
_CREATE = "/{project}/_apis/wit/workitems/{type}"


@dataclass(frozen=True)
class ItemUpdate:
    """An entry of a batch: this patch for the work item `id`."""

    id: int
    patch: Patch

    @property
    def what(self) -> str:
        return f"updating work item {self.id}"

    @property
    def path(self) -> str:
        return filled(_UPDATE, {"id": self.id}, self.what)


@dataclass(frozen=True)
class ItemCreate:
    """An entry of a batch: a new work item of the type in the project."""

    project: str
    type: str
    patch: Patch

    @property
    def what(self) -> str:
        return f"creating a {self.type} in {self.project}"

    @property
    def path(self) -> str:
        return filled(_CREATE, {"project": self.project, "type": f"${self.type}"}, self.what)


type Entry = ItemUpdate | ItemCreate


class Batches(Service):
    """Writes of up to 200 work items in one request."""

    async def write(self, entries: Sequence[Entry]) -> list[WorkItemRecord | SyncError]:
        """For each entry, in order, the work item after the write or the error that it alone would have got.

        An error of the batch as a whole is raised; then entries may have been done only if it is UnknownOutcome.
        """
        if len(entries) > WRITE_BATCH:
            raise ValueError(f"{len(entries)} writes; a batch takes {WRITE_BATCH}")
        what = f"writing {len(entries)} work items in a batch"
        answer = await self.call("POST", "_apis/wit/$batch", what, body=[_request(entry) for entry in entries])
        found = rows(answer, "value")
        if len(found) != len(entries):
            raise UnknownOutcome(f"{what}: {len(found)} answers came for {len(entries)} writes")
        return [_outcome(entry, row) for entry, row in zip(entries, found, strict=True)]


def _request(entry: Entry) -> dict[str, Any]:
    return {
        "method": "PATCH",
        "uri": f"{entry.path}?api-version={API_VERSION}",
        "headers": {"Content-Type": JSON_PATCH},
        "body": entry.patch.operations,
    }


def _outcome(entry: Entry, row: Mapping[str, Any]) -> WorkItemRecord | SyncError:
    call = Call("PATCH", "$batch", entry.what)
    answer = httpx.Response(number(row, "code", 500), content=text(row, "body").encode())
    try:
        return WorkItemRecord.of(read(call, answer), with_relations=True, what=entry.what)
    except SyncError as error:
        return error
