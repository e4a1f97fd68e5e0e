"""Writes down what the two sides agree on after the writes, and what was done (design.md, decision 5; R16, R33)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.core.actions import PARENT, TYPE, Create, Rehang, SyncPlan
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.decide import ALTERED, place_print, type_print
from shared.core.forms import is_form_of
from shared.core.mapping import FieldPair
from shared.core.model import Both, Raw, Side, Unconvertible
from shared.core.outcomes import fingerprint
from shared.core.snapshots import Counterpart, ItemSnapshot, work_item_id
from shared.engine.apply import TYPE_FIELD
from shared.engine.bodies import Subject, parent_key
from shared.engine.desk import ANOTHER_ROUND, Desk
from shared.engine.note import Note, conflicts_of, refused_of, write_down
from shared.engine.parts import Context
from shared.engine.written import Written
from shared.ports import Link
from shared.ports.sync import Retired

# What is agreed on beside the mapped fields, and what it is called where Azure DevOps refuses it.
ASIDE = {PARENT: PARENT, TYPE: TYPE_FIELD}
NOT_TAKEN = "OnePlan answered that it was done and left the field as it was"
EDITED_MEANWHILE = "it was edited in OnePlan at the very moment of our write"


@dataclass(frozen=True, slots=True)
class Before:
    """Both sides as they were read before the writes."""

    item: ItemSnapshot
    counterpart: Counterpart


@dataclass(frozen=True, slots=True)
class _Field:
    """What is agreed of one field afterwards."""

    agreed: Both[Raw] | None
    residue: str | None = None
    refused: str | None = None
    edited_meanwhile: bool = False


async def record(
    desk: Desk,
    subject: Subject,
    held: Link,
    before: Before,
    plan: SyncPlan,
    done: Written,
    retired: Retired | None = None,
    was: Link | None = None,
) -> Link:
    """The link says what the sides agree on: for a written side what it answered, for the other what was planned.

    Where a person's edit was seen at the moment of our write, a message looks at the pair once more; it is sent before
    the record, so that dying in between costs a look too many. `retired` is a counterpart that was replaced, and `was`
    the link that led to it.
    """
    context, there = desk.context, done.counterpart
    convert = context.convert_for(done.item.item)
    ours = there.editor is not None and there.editor == context.setup.author
    pairs = context.mapping.pairs(there.target.kind)
    fields = {pair: _after(pair, held.base, before, plan, done, convert, ours) for pair in pairs}
    agreed = _base(desk, subject, held, plan, done, fields)
    linked = replace(
        held,
        state="linked",
        why="",
        kind=there.target.kind,
        target=there.id,
        plan=there.target.plan or "",
        rev=done.item.rev,
        parent=held.parent if _stays(plan, done, held) else done.item.item.parent,
        modified=there.modified,
        base=agreed,
        held=bool(plan.held or refused_of(agreed)),
        retired=retired or held.retired,
        arrived=held.arrived or _has_arrived(context, held, before.counterpart, done, agreed, retired),
    )
    notes = notes_of(before, plan, done)
    await conflicts_of(desk, subject, held, plan, agreed, done)
    number = work_item_id(linked.key)
    if number is not None and _is_edited_meanwhile(context, fields, before, done, convert):
        await desk.send(number, ANOTHER_ROUND)
    recorded = await context.engine.links.record(context.id, linked, desk.asked_again(linked.key), was or held)
    desk.note(recorded, new=held.state != "linked" or held.target != recorded.target)
    await write_down(desk, done.item, recorded.rev, notes)
    return recorded


def _is_edited_meanwhile(
    context: Context, fields: Mapping[FieldPair, _Field], before: Before, done: Written, convert: Converter
) -> bool:
    """A person changed a field right before our write, one that was sent or one beside it; or a rule of Azure DevOps
    changed another one with it.

    Of what was not sent no feed tells later, since the counterpart's `modified` and the work item's revision are those
    of our write. Where edits in OnePlan are not taken over, it is drift like any other.
    """
    if any(one.edited_meanwhile for one in fields.values()):
        return True
    azure_devops = {pair.azure_devops: pair for pair in fields}
    oneplan = {pair.oneplan: pair for pair in fields} if context.configuration.options.allow_one_plan_edits else {}
    return any(
        not _means(convert, side, pair, was.get(name), now.get(name))
        for side, pairs, was, now in (
            (Side.AZURE_DEVOPS, azure_devops, before.item.values, done.item.values),
            (Side.ONEPLAN, oneplan, before.counterpart.values, done.counterpart.values),
        )
        for name, pair in pairs.items()
        if name not in done.sent_to(side)
    )


def _has_arrived(
    context: Context, held: Link, before: Counterpart, done: Written, agreed: Base, retired: Retired | None
) -> bool:
    """What hangs below it may have to move. It is recorded with the place itself: who dies before he has told them is
    followed by one who does. A run places all of them itself, by the types that it has found."""
    there = done.counterpart
    moved = len({before.target.plan or "", there.target.plan or "", held.plan}) > 1
    other_level = there.target.kind == "plan" and held.base is not None and held.base.target.type != agreed.target.type
    if context.run:
        return other_level and TYPE_FIELD in done.sent_to(Side.AZURE_DEVOPS)
    return held.state != "linked" or retired is not None or moved or other_level


def _stays(plan: SyncPlan, done: Written, held: Link) -> Base | None:
    """The last agreement, where it is still that of the place."""
    return None if plan.placed and PARENT not in done.refused_by(Side.AZURE_DEVOPS) else held.base


def _base(
    desk: Desk, subject: Subject, held: Link, plan: SyncPlan, done: Written, fields: Mapping[FieldPair, _Field]
) -> Base:
    residues = {pair.key: one.residue for pair, one in fields.items() if one.residue}
    residues |= {
        key: done.refused_by(Side.AZURE_DEVOPS).get(name) or plan.residues.get(key, "") for key, name in ASIDE.items()
    }
    refused = {pair.key: one.refused for pair, one in fields.items() if one.refused}
    refused |= {key: _print_of(key, subject, held, done) for key in ASIDE if residues[key]}
    rehang = next((one for one in plan.actions if isinstance(one, Rehang)), None)
    above = (rehang.above or "") if rehang and done.rehung else parent_key(subject)
    stays = _stays(plan, done, held)
    return Base(
        {pair.key: one.agreed for pair, one in fields.items() if one.agreed is not None},
        replace(stays.target if stays else done.counterpart.target, type=_agreed_type(plan, done, held)),
        stays.parent if stays else above,
        desk.context.mapping.version,
        {key: why for key, why in residues.items() if why},
        {key: shown for key, shown in refused.items() if shown},
        done.item.rank,
    )


def _print_of(key: str, subject: Subject, held: Link, done: Written) -> str:
    """What both sides held when Azure DevOps refused the place or the type; "" where it did not."""
    if ASIDE[key] not in done.refused_by(Side.AZURE_DEVOPS):
        return held.base.refused.get(key, "") if held.base else ""
    there = done.counterpart.target
    return place_print(parent_key(subject) or None, there) if key == PARENT else type_print(done.item.item.type, there)


def _agreed_type(plan: SyncPlan, done: Written, held: Link) -> str:
    """The type of OnePlan that both sides have, or that they had when they last had one."""
    agreed = plan.typed and TYPE_FIELD not in done.refused_by(Side.AZURE_DEVOPS)
    return done.counterpart.target.type if agreed or held.base is None else held.base.target.type


def _after(
    pair: FieldPair, base: Base | None, before: Before, plan: SyncPlan, done: Written, convert: Converter, ours: bool
) -> _Field:
    agreed, residue = plan.agreed.get(pair.key), plan.residues.get(pair.key)
    stored = base.fields.get(pair.key) if base else None
    raw = Both(before.item.values.get(pair.azure_devops), before.counterpart.values.get(pair.oneplan))
    if any(one.field == pair.key for one in plan.held):
        return _Field(agreed, residue)
    refused = _refused(pair, done)
    if refused:
        return _Field(stored or raw.map(kept), refused, fingerprint(raw))
    if pair.azure_devops in done.sent_to(Side.AZURE_DEVOPS) and agreed is not None:
        return _in_azure_devops(pair, agreed, done, convert)
    if pair.oneplan in done.sent_to(Side.ONEPLAN) and agreed is not None:
        return _in_oneplan(pair, agreed, stored, raw, done, convert, base, ours)
    known = base.refused.get(pair.key) if base and residue and stored == agreed else None
    if done.new and agreed is not None and pair.rule.may_write(Side.ONEPLAN):
        # What OnePlan has filled in nobody chose, so it is no edit.
        agreed = agreed.replaced(Side.ONEPLAN, kept(done.counterpart.values.get(pair.oneplan)))
    return _Field(agreed, residue, known)


def _refused(pair: FieldPair, done: Written) -> str | None:
    """Why the side that was to get the field's value did not take it."""
    by_azure_devops = done.refused_by(Side.AZURE_DEVOPS).get(pair.azure_devops)
    return by_azure_devops or done.refused_by(Side.ONEPLAN).get(pair.oneplan)


def _in_azure_devops(pair: FieldPair, agreed: Both[Raw], done: Written, convert: Converter) -> _Field:
    sent = done.sent[Side.AZURE_DEVOPS][pair.azure_devops]
    stored = done.item.values.get(pair.azure_devops)
    same = _means(convert, Side.AZURE_DEVOPS, pair, sent, stored)
    return _Field(agreed.replaced(Side.AZURE_DEVOPS, kept(stored)), None if same else ALTERED)


def _in_oneplan(
    pair: FieldPair,
    agreed: Both[Raw],
    stored: Both[Raw] | None,
    raw: Both[Raw],
    done: Written,
    convert: Converter,
    base: Base | None,
    ours: bool,
) -> _Field:
    """As decision 5 has it. OnePlan has no conditional write: what is neither the value that was sent nor a form of
    it was written by a person in between, and is an edit."""
    sent, now = done.sent[Side.ONEPLAN][pair.oneplan], done.counterpart.values.get(pair.oneplan)
    taken = agreed.replaced(Side.ONEPLAN, kept(now))
    if _means(convert, Side.ONEPLAN, pair, sent, now):
        return _Field(taken)
    if (now or None) == (raw.oneplan or None):
        return _Field(stored or taken, NOT_TAKEN)
    twice = base is not None and base.residues.get(pair.key) == EDITED_MEANWHILE
    if is_form_of(now, sent) or twice or ours:
        return _Field(taken, ALTERED)
    return _Field(agreed.replaced(Side.ONEPLAN, kept(sent)), EDITED_MEANWHILE, edited_meanwhile=True)


def _means(convert: Converter, side: Side, pair: FieldPair, sent: Raw, stored: Raw) -> bool:
    first, second = convert.canonical(side, pair, sent), convert.canonical(side, pair, stored)
    return isinstance(first, Unconvertible) or first == second


def notes_of(before: Before, plan: SyncPlan, done: Written) -> list[Note]:
    """What was done to the pair, for the activity; what gave way is there already."""
    notes: list[Note] = []
    if any(isinstance(one, Create) for one in plan.actions):
        return [Note(Side.ONEPLAN, "created", "", None, done.counterpart.values.get("Name"))]
    old = {Side.AZURE_DEVOPS: _values(before.item), Side.ONEPLAN: before.counterpart.values}
    new = {Side.AZURE_DEVOPS: _values(done.item), Side.ONEPLAN: done.counterpart.values}
    for side, values in done.sent.items():
        changes = {name: (old[side].get(name), new[side].get(name)) for name in values}
        notes += [Note(side, "updated", name, was, now) for name, (was, now) in changes.items() if was != now]
    if done.moved:
        notes.append(Note(Side.ONEPLAN, "moved", PARENT, _where(before.counterpart), _where(done.counterpart)))
    if done.rehung:
        notes.append(Note(Side.AZURE_DEVOPS, "moved", PARENT, before.item.item.parent, done.item.item.parent))
    for side, reasons in done.refused.items():
        notes += [Note(side, "refused", name, None, None, why) for name, why in reasons.items()]
    return notes


def _values(item: ItemSnapshot) -> Mapping[str, Raw]:
    return {**item.values, TYPE_FIELD: item.item.type}


def _where(there: Counterpart) -> str:
    return there.target.parent or there.target.plan or ""
