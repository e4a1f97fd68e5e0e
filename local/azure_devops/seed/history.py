"""Later revisions and comments of planted items, made as their authors would have, at the seed's times."""

from typing import Any, Literal

from local.azure_devops.model import Comment, Identity, WorkItem
from local.azure_devops.seed import titles
from local.azure_devops.seed.planter import Planter
from local.azure_devops.store import Change

REVISIONS = 12
_TITLE = "System.Title"


def revise(planter: Planter, item: WorkItem, by: Identity, changes: dict[str, Any]) -> None:
    """One more revision, made at the seed's next moment."""
    planter.world.store.change(item, Change(changes), by=by, at=planter.next_time(), quiet=True)


def rewrite(planter: Planter, item: WorkItem) -> None:
    """Many revisions by several people; the last one brings the first title back."""
    last = item.now.fields[_TITLE]
    for _ in range(REVISIONS - 2):
        revise(planter, item, planter.someone(), {_TITLE: titles.plain(planter.random)})
    revise(planter, item, planter.someone(), {_TITLE: last})
    planter.note(item, "many-revisions")


def discuss(planter: Planter, item: WorkItem) -> None:
    """Four comments: HTML, Markdown, one edited, one deleted; each makes a revision (ado-api.md section 9)."""
    _comment(planter, item, "<div>Works on <b>my</b> machine &amp; yours</div>", "html")
    _comment(planter, item, "**Done** in `main` – see #12 🎉", "markdown")
    edited = _comment(planter, item, "<div>Second thoughts</div>", "html")
    edited.version, edited.modified, edited.modified_by = 2, planter.next_time(), edited.created_by
    _comment(planter, item, "<div>Wrong item, sorry</div>", "html").deleted = True
    planter.note(item, "comments")


def _comment(planter: Planter, item: WorkItem, text: str, kind: Literal["html", "markdown"]) -> Comment:
    by = planter.someone()
    count = sum(not one.deleted for one in item.comments) + 1
    revise(planter, item, by, {"System.CommentCount": count, "System.History": text})
    at = item.now.changed
    made = Comment(planter.next_comment_id(), text, kind, at, by, at, by)
    item.comments.append(made)
    return made
