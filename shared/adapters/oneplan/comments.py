"""Comments of plans and tasks (oneplan-api.md sections 4, 5). There is no route to edit one."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.adapters.members import listed, member, moment, rows, text
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.service import Service
from shared.core.comments import Comment
from shared.core.errors import NotFound, UnknownOutcome
from shared.core.snapshots import TargetKind

_LISTS: Mapping[TargetKind, str] = {"plan": "workplan/{record}/comments", "task": "tasks/{record}/comments"}


class Comments(Service):
    """The comments of one plan or task at a time."""

    async def read_all(self, kind: TargetKind, record: str) -> Sequence[Comment]:
        """Every comment, the oldest first, with the names of those who wrote them as far as the answer has them."""
        what = f"reading the comments of {kind} {record}"
        answer = await self.get(_LISTS[kind], what, places={"record": record})
        names = {guid(member(one, id_)): text(one, "name") for one in rows(answer, "Resources") for id_ in _IDS}
        found = [(text(one, "PostDate"), _comment(one, names)) for one in listed(member(answer, "Comments"), what)]
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    async def add(self, kind: TargetKind, record: str, html: str) -> Comment:
        """The new comment. UnknownOutcome where the answer does not name it: look for it before trying again."""
        what = f"commenting on {kind} {record}"
        answer = await self.post(_LISTS[kind], what, {"Comment": html}, places={"record": record})
        made = _comment(answer, {})
        if not made.id:
            raise UnknownOutcome(f"{what}: the answer names no comment, so it may have been done")
        return made

    async def delete(self, kind: TargetKind, record: str, comment: str) -> None:
        """The comment is gone, whether it was there before or not."""
        what, places = f"deleting a comment of {kind} {record}", {"record": record, "comment": comment}
        try:
            await self.call("DELETE", f"{_LISTS[kind]}/{{comment}}", what, places=places)
        except NotFound:
            return


_IDS = ("id", "userid")


def _comment(raw: Any, names: Mapping[str | None, str]) -> Comment:
    at, writer = moment(member(raw, "PostDate")), guid(member(raw, "UPN"))
    when = at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
    return Comment(guid(member(raw, "Id")) or "", text(raw, "Comment"), names.get(writer) or writer or "", when)
