"""What is to be done for one pair: the three-way merge of each field, and the place of the counterpart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.core.actions import Action, Create, Hold, Mark, Move, SyncPlan, Update, Wait
from shared.core.base import Base, kept, now, then
from shared.core.convert import Converter
from shared.core.mapping import FieldPair
from shared.core.merge import Copy, Decision, Field, Nothing, Residue, Settle, merge
from shared.core.merge import Hold as HoldField
from shared.core.model import Both, Raw, Side, Unconvertible, Value
from shared.core.snapshots import Counterpart, Target

# The residue of a value that a side took and keeps in a form of its own: cut, say, or sanitised (R22).
ALTERED = "it is kept there in another form"


@dataclass(frozen=True, slots=True)
class Pair:
    """One work item and its counterpart, with all that decides on them.

    `target` is where the counterpart belongs, or the key of the item that it waits for. `counterpart` is None where
    there is none; `marked` tells whether it carries our marker.
    """

    fields: tuple[FieldPair, ...]
    azure_devops: Mapping[str, Raw]
    counterpart: Counterpart | None
    target: Target | Wait
    base: Base | None
    marked: bool = True
    may_write_azure_devops: bool = True


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What becomes of one field: written to a side, held, or left, and what the sides agree on afterwards."""

    agreed: Both[Raw] | None
    write: tuple[Side, Raw] | None = None
    residue: str | None = None
    held: bool = False
    settles: bool = False


def decide(pair: Pair, convert: Converter) -> SyncPlan:
    """The actions that bring the pair in step. The second time, with nothing changed since, there are none."""
    if isinstance(pair.target, Wait):
        return SyncPlan((pair.target,))
    if pair.counterpart is None:
        return _create(pair, pair.target, convert)
    return _compare(pair, pair.target, pair.counterpart, convert)


def _create(pair: Pair, target: Target, convert: Converter) -> SyncPlan:
    values: dict[str, Raw] = {}
    agreed: dict[str, Both[Raw]] = {}
    residues: dict[str, str] = {}
    for field in pair.fields:
        raw = pair.azure_devops.get(field.azure_devops)
        sent = _sent(convert, field, raw, Side.ONEPLAN)
        if isinstance(sent, Unconvertible):
            residues[field.key] = sent.reason
            sent = convert.raw(Side.ONEPLAN, field, None)
        if sent is not None and sent != () and not isinstance(sent, Unconvertible):
            values[field.oneplan] = sent
        agreed[field.key] = Both(kept(raw), kept(values.get(field.oneplan)))
    return SyncPlan((Create(target, values),), agreed, residues)


def _sent(convert: Converter, field: FieldPair, raw: Raw, to: Side, there: Raw = None) -> Raw | Unconvertible:
    canonical = convert.canonical(to.other, field, raw)
    return canonical if isinstance(canonical, Unconvertible) else convert.raw(to, field, canonical, there)


def _compare(pair: Pair, target: Target, counterpart: Counterpart, convert: Converter) -> SyncPlan:
    outcomes = {field: _field(pair, field, counterpart, convert) for field in pair.fields}
    actions: list[Action] = _place(pair, target, counterpart)
    for side in Side:
        values = {
            _name(field, side): one.write[1] for field, one in outcomes.items() if one.write and one.write[0] is side
        }
        if values:
            actions.append(Update(side, values))
    actions += [_held(pair, field, counterpart) for field, one in outcomes.items() if one.held]
    residues = {field.key: one.residue for field, one in outcomes.items() if one.residue}
    agreed = {field.key: one.agreed for field, one in outcomes.items() if one.agreed is not None}
    settles = any(one.settles for one in outcomes.values()) or _resettled(pair, residues)
    return SyncPlan(tuple(actions), agreed, residues, settles)


def _resettled(pair: Pair, residues: Mapping[str, str]) -> bool:
    return pair.base is None or dict(pair.base.residues) != dict(residues)


def _place(pair: Pair, target: Target, counterpart: Counterpart) -> list[Action]:
    """The item's place is Azure DevOps' to say, unless only OnePlan moved it since the last agreement."""
    actions: list[Action] = [] if pair.marked else [Mark()]
    there = counterpart.target
    moved_by_a_person = pair.base is not None and there != pair.base.target and target == pair.base.target
    if there != target and not moved_by_a_person:
        actions.insert(0, Move(target))
    return actions


def _field(pair: Pair, field: FieldPair, counterpart: Counterpart, convert: Converter) -> _Outcome:
    raw = Both(pair.azure_devops.get(field.azure_devops), counterpart.values.get(field.oneplan))
    current = Both(
        now(convert, field, Side.AZURE_DEVOPS, raw.azure_devops), now(convert, field, Side.ONEPLAN, raw.oneplan)
    )
    stored = pair.base.fields.get(field.key) if pair.base else None
    base = None if stored is None else then(convert, field, stored, current)
    known = pair.base.residues.get(field.key) if pair.base else None
    decision = merge(Field(current, base, field.rule))
    if (
        known
        and known != ALTERED
        and isinstance(decision, Nothing)
        and _convertible_now(current)
        and field.rule.first is Side.AZURE_DEVOPS
        and field.rule.may_write(Side.ONEPLAN)
    ):
        decision = Copy(Side.ONEPLAN)  # what stood in the way at first is gone: a person who is known now, say
    return _outcome(pair, field, raw, current, stored, decision, convert)


def _convertible_now(current: Both[Value]) -> bool:
    first, second = current.azure_devops.canonical, current.oneplan.canonical
    return not isinstance(first, Unconvertible) and not isinstance(second, Unconvertible) and first != second


def _outcome(
    pair: Pair,
    field: FieldPair,
    raw: Both[Raw],
    current: Both[Value],
    stored: Both[Raw] | None,
    decision: Decision,
    convert: Converter,
) -> _Outcome:
    present = Both(current.azure_devops.raw, current.oneplan.raw)
    known = pair.base.residues.get(field.key) if pair.base else None
    match decision:
        case Nothing():
            return _Outcome(stored, residue=known)
        case Settle():
            return _Outcome(present, residue=_difference(current, known), settles=True)
        case Residue(_, reason):
            return _not_taken_over(stored, present, reason)
        case HoldField():
            return _Outcome(stored, residue=known, held=True)
        case Copy(to):
            return _copied(pair, field, raw, present, stored, to, convert)


def _difference(current: Both[Value], known: str | None) -> str | None:
    return None if current.azure_devops.canonical == current.oneplan.canonical else known


def _copied(
    pair: Pair,
    field: FieldPair,
    raw: Both[Raw],
    present: Both[Raw],
    stored: Both[Raw] | None,
    to: Side,
    convert: Converter,
) -> _Outcome:
    if to is Side.AZURE_DEVOPS and not pair.may_write_azure_devops:
        return _Outcome(stored, residue="import only: the edit in OnePlan is not written to Azure DevOps")
    sent = _sent(convert, field, raw.of(to.other), to, raw.of(to))
    if isinstance(sent, Unconvertible):
        return _not_taken_over(stored, present, sent.reason)
    if sent == raw.of(to):  # nothing would change there: nobody is the default owner already
        return _Outcome(present, settles=stored != present)
    return _Outcome(present.replaced(to, kept(sent)), write=(to, sent))


def _not_taken_over(stored: Both[Raw] | None, present: Both[Raw], reason: str) -> _Outcome:
    """An edit that the other side cannot take stays an edit: it goes over once it can, and is in conflict with the
    next one there. What was never agreed on is from now on what both hold."""
    return _Outcome(stored or present, residue=reason, settles=stored is None)


def _held(pair: Pair, field: FieldPair, counterpart: Counterpart) -> Hold:
    values = {
        Side.AZURE_DEVOPS: pair.azure_devops.get(field.azure_devops),
        Side.ONEPLAN: counterpart.values.get(field.oneplan),
    }
    return Hold(field.oneplan, values)


def _name(field: FieldPair, side: Side) -> str:
    return field.azure_devops if side is Side.AZURE_DEVOPS else field.oneplan
