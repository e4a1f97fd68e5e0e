"""Comments of a work item and of its plan or task, copied both ways (R25). Pure.

Both systems write under our own account, so a copy says in its heading who wrote the original, when and where, and
which one it is: by that a copy is known whatever became of what we stored, so no copy is ever copied back.
An original belongs to its author: what becomes of it becomes of its copy, never the other way round.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from shared.core import rich_text
from shared.core.model import Both, Side, Worded

NAMES: Mapping[Side, str] = {Side.AZURE_DEVOPS: "Azure DevOps", Side.ONEPLAN: "OnePlan"}
# So much of a GUID tells the comments of one plan or task apart.
_MARK = 8
_HEADING = re.compile(r"[^\n]{1,300}?, \d{4}-\d\d-\d\d \d\d:\d\d UTC, in (Azure DevOps|OnePlan), comment ([0-9a-f]+):")
# Where nothing says when a comment was written.
_ONCE = "0000-00-00 00:00 UTC"
# What begins a line of its own, and how much of a text its heading may take with its tags.
_LINE = re.compile(r"<(?:p|div|br|li|ul|ol|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_LONGEST_HEADING = 4000


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as read: its text as HTML, who wrote it, and when: `2027-01-31 12:00 UTC`."""

    id: str
    html: str
    author: str = ""
    at: str = ""

    @property
    def mark(self) -> str:
        """What a copy of it is known by."""
        return self.id.replace("-", "").casefold()[:_MARK] if "-" in self.id else self.id

    @property
    def sense(self) -> str:
        """What it shows, as a fingerprint."""
        return sense_of(self.html)


@dataclass(frozen=True, slots=True)
class Told:
    """An original that was copied. `copy` is the copy's id, "" where a person deleted it: it is not made again.

    `sense` is what the original showed then, and `copied` what the copy did.
    """

    side: Side
    id: str
    sense: str
    copy: str
    copied: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """The original is copied to the other side, in place of the copies that it has there."""

    side: Side
    original: Comment
    replaces: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Remove:
    """A copy on this side goes: its original is gone, or it is there twice."""

    side: Side
    copy: Comment


@dataclass(frozen=True, slots=True)
class Talk:
    """What is to be done in its order, and what stands without it."""

    actions: tuple[Write | Remove, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass
class _Talked:
    actions: list[Write | Remove] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def sense_of(html: str) -> str:
    found = rich_text.canonical(html)
    shown = str(found.sense) if isinstance(found, Worded) else ""
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def copy_of(original: Comment, side: Side, url: str) -> str:
    """The copy as it is written: a heading, and the text of the original, sanitised. `url` is where the original is."""
    said = f"in {NAMES[side]}, comment {original.mark}"
    who = escape(" ".join(original.author.split()) or "Somebody", quote=False)
    link = f'<a href="{escape(url)}">{said}</a>' if url else said
    return f"<p><b>{who}</b>, {original.at or _ONCE}, {link}:</p>{rich_text.sanitised(original.html)}"


def copied_from(comment: Comment) -> tuple[Side, str] | None:
    """Of which original it is a copy, by its heading, whether or not its tags were kept; None for an original."""
    lines = _LINE.sub("\n", re.sub(r"\s+", " ", comment.html[:_LONGEST_HEADING]))
    plain = re.sub(r"[^\S\n]+", " ", unescape(re.sub(r"<[^<>]*>", "", lines))).strip()
    found = _HEADING.match(plain)
    if found is None:
        return None
    return next(side for side, name in NAMES.items() if name == found[1]), found[2]


def talk(comments: Both[Sequence[Comment]], known: Iterable[Told], urls: Both[str], *, may_write: bool) -> Talk:
    """What brings the two sides in step. The second time, with nothing changed since, there is nothing to do.

    `may_write`: whether anything may be written to Azure DevOps.
    """
    told = {(one.side, one.id): one for one in known}
    done = _Talked()
    for side in Side:
        if side is Side.ONEPLAN and not may_write:
            done.told += [one for one in told.values() if one.side is side]
            continue
        ours = frozenset(one.copy for (of, _), one in told.items() if of is not side)
        there = {id_: one for (of, id_), one in told.items() if of is side}
        _one_way(done, side, comments, there, ours, urls.of(side))
    return Talk(tuple(done.actions), tuple(done.told))


def _one_way(
    done: _Talked,
    side: Side,
    comments: Both[Sequence[Comment]],
    told: Mapping[str, Told],
    ours: frozenset[str],
    url: str,
) -> None:
    """The originals of one side. `ours` are copies among its comments, known even where a person edited the heading."""
    copies = comments.of(side.other)
    marked: dict[str, list[Comment]] = {}
    for one in copies:
        origin = copied_from(one)
        if origin is not None and origin[0] is side:
            marked.setdefault(origin[1], []).append(one)
    by_id = {one.id: one for one in copies}
    present = [one for one in comments.of(side) if copied_from(one) is None and one.id not in ours]
    for original in present:
        entry = told.get(original.id)
        there = marked.pop(original.mark, [])
        if entry and entry.copy in by_id and by_id[entry.copy] not in there:
            there.insert(0, by_id[entry.copy])  # its heading was edited away
        _original(done, side, original, entry, there, copy_of(original, side, url))
    gone = [one for id_, one in told.items() if id_ not in {original.id for original in present}]
    for entry in gone:
        mark = Comment(entry.id, "").mark
        left = {one.id: one for one in marked.pop(mark, [])}
        left |= {entry.copy: by_id[entry.copy]} if entry.copy in by_id else {}
        done.actions += [Remove(side.other, one) for one in left.values()]


def _original(
    done: _Talked, side: Side, original: Comment, entry: Told | None, there: Sequence[Comment], wanted: str
) -> None:
    """One original: `there` are its copies on the other side, `wanted` is what a copy is to say."""
    right = [one for one in there if one.sense == sense_of(wanted)]
    kept = _kept(original, entry, there, right)
    if kept is not None:
        done.actions += [Remove(side.other, one) for one in there if one is not kept]
        done.told.append(Told(side, original.id, original.sense, kept.id, _copied(entry, kept)))
    elif not there and entry is not None:
        done.told.append(Told(side, original.id, original.sense, ""))  # a person deleted the copy
    else:
        done.actions.append(Write(side.other, original, tuple(there)))


def _kept(original: Comment, entry: Told | None, there: Sequence[Comment], right: Sequence[Comment]) -> Comment | None:
    """The copy that stays as it is."""
    if entry is None or entry.sense != original.sense:
        return right[-1] if right else None
    found = [one for one in there if one.id == entry.copy] or right or there
    return found[-1] if found else None


def _copied(entry: Told | None, kept: Comment) -> str:
    return entry.copied if entry is not None and entry.copy == kept.id and entry.copied else kept.sense
