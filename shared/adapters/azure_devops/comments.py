"""Comments of work items (ado-api.md section 9). The routes need the project."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.adapters.azure_devops.assumptions import COMMENTS_VERSION
from shared.adapters.azure_devops.model import Person
from shared.adapters.azure_devops.service import Service
from shared.adapters.http_calls import Query
from shared.adapters.members import listed, member, number, required, text

Format = Literal["markdown", "html"]

_COMMENTS = "{project}/_apis/wit/workItems/{item}/comments"
_COMMENT = f"{_COMMENTS}/{{comment}}"


@dataclass(frozen=True)
class Comment:
    """A comment in its newest version. `format` is that of `text`."""

    id: int
    version: int
    text: str
    format: str
    by: Person | None
    created: str
    modified: str
    deleted: bool

    @classmethod
    def of(cls, raw: Any, what: str) -> "Comment":
        return cls(
            id=int(required(raw, "id", what)),
            version=number(raw, "version", 1),
            text=text(raw, "text"),
            format=text(raw, "format") or "html",
            by=Person.of(member(raw, "createdBy")),
            created=text(raw, "createdDate"),
            modified=text(raw, "modifiedDate"),
            deleted=bool(member(raw, "isDeleted")),
        )


class Comments(Service):
    """The comments of one work item at a time."""

    async def read_all(self, project: str, item: int, *, deleted: bool = False) -> AsyncIterator[Comment]:
        """Every comment of the item, oldest first; with the deleted ones where asked."""
        what = f"reading the comments of work item {item}"
        token: str | None = None
        while True:
            query: Query = {"order": "asc", "includeDeleted": deleted, "continuationToken": token}
            answer = await self.get(_COMMENTS, what, places=_of(project, item), query=query, version=COMMENTS_VERSION)
            for row in listed(member(answer, "comments"), what):
                yield Comment.of(row, what)
            token = text(answer, "continuationToken")
            if not token:
                return

    async def create(self, project: str, item: int, body: str, form: Format) -> Comment:
        """The new comment. It makes a revision of the item (section 9 [R])."""
        return await self._write("POST", _COMMENTS, f"commenting on work item {item}", _of(project, item), body, form)

    async def update(self, project: str, item: int, comment: int, body: str, form: Format) -> Comment:
        """The comment with its new text."""
        what = f"editing comment {comment} of work item {item}"
        return await self._write("PATCH", _COMMENT, what, {**_of(project, item), "comment": comment}, body, form)

    async def delete(self, project: str, item: int, comment: int) -> None:
        """The comment is gone from the item; NotFound where it was gone before."""
        what = f"deleting comment {comment} of work item {item}"
        places = {**_of(project, item), "comment": comment}
        await self.call("DELETE", _COMMENT, what, places=places, version=COMMENTS_VERSION)

    async def _write(
        self, method: str, route: str, what: str, places: Mapping[str, str | int], body: str, form: Format
    ) -> Comment:
        answer = await self.call(
            method,
            route,
            what,
            places=places,
            query={"format": form},
            body={"text": body},
            version=COMMENTS_VERSION,
        )
        return Comment.of(answer, what)


def _of(project: str, item: int) -> dict[str, str | int]:
    return {"project": project, "item": item}
