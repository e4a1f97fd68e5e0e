"""What is to be done for one pair: the three-way merge of each field, and the place of the counterpart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.actions import PARENT, TYPE, Action, Create, Hold, Mark, Move, Rehang, SyncPlan, Update, Wait
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.mapping import FieldPair
from shared.core.merge import UNKNOWN_TIMES, Policy
from shared.core.model import Both, Raw, Side, Unconvertible
from shared.core.outcomes import ALTERED, FieldCase, FieldValues, Outcome, edited, fingerprint, outcome, sent_to
from shared.core.place import AT_THE_TOP, Above, Placing, Standing, is_moved, place
from shared.core.retype import Types, Typing, retyped
from shared.core.snapshots import Counterpart, Target
from shared.core.type_there import AS_AGREED, TypeThere

__all__ = ["ALTERED", "Pair", "decide", "edits", "place_print", "type_print"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One work item and its counterpart, with all that decides on them.

    `target` is where the counterpart belongs, or the key of the item that it waits for. `counterpart` is None where
    there is none; `marked` tells whether it carries our marker. `above` is the key of what stands above the work item,
    `moved_to` of what stands above the counterpart where that is not as agreed. `type_name` is the work item's type,
    `type_there` what the counterpart's stands for where that is not as agreed. `waits`: what is to stand above it is
    not there yet, so its place stays as it is and is not agreed on. `put_back`: an edit in OnePlan that may not be
    written to Azure DevOps is undone. `winners` are a person's choices, and `changed_at` the times of changes, by the
    key of the field pair.
    """

    fields: tuple[FieldPair, ...]
    azure_devops: Mapping[str, Raw]
    counterpart: Counterpart | None
    target: Target | Wait
    base: Base | None
    marked: bool = True
    may_write_azure_devops: bool = True
    put_back: bool = False
    above: str | None = None
    moved_to: Above = AT_THE_TOP
    crossed: bool = False
    type_name: str = ""
    type_there: TypeThere = AS_AGREED
    waits: bool = False
    policy: Policy = "latest"
    winners: Mapping[str, Side] = field(default_factory=dict)
    changed_at: Mapping[str, Both[datetime | None]] = field(default_factory=dict)

    def case(self, pair: FieldPair) -> FieldCase:
        values = FieldValues(self.azure_devops, self.counterpart.values if self.counterpart else {})
        return FieldCase(
            pair,
            values.of(pair),
            self.base,
            self.may_write_azure_devops,
            self.put_back,
            self.winners.get(pair.key),
            self.changed_at.get(pair.key, UNKNOWN_TIMES),
        )


def decide(pair: Pair, convert: Converter) -> SyncPlan:
    """The actions that bring the pair in step. The second time, with nothing changed since, there are none."""
    if isinstance(pair.target, Wait):
        return SyncPlan((pair.target,))
    if pair.counterpart is None:
        return _create(pair, pair.target, convert)
    return _compare(pair, pair.target, pair.counterpart, convert)


def edits(pair: Pair, convert: Converter) -> Both[bool]:
    """Whether each side holds an edit since the last agreement; a side that is not there holds none."""
    there = pair.counterpart
    moved = there is not None and is_moved(there.target, pair.base)
    changed = Both(False, moved or _is_retyped(there, pair.base))
    for one in pair.fields:
        case = pair.case(one)
        changed = Both(
            changed.azure_devops or edited(case, Side.AZURE_DEVOPS, convert),
            changed.oneplan or (there is not None and edited(case, Side.ONEPLAN, convert)),
        )
    return changed


def _is_retyped(there: Counterpart | None, base: Base | None) -> bool:
    return there is not None and base is not None and there.target.type != base.target.type


def _create(pair: Pair, target: Target, convert: Converter) -> SyncPlan:
    values: dict[str, Raw] = {}
    agreed: dict[str, Both[Raw]] = {}
    residues: dict[str, str] = {}
    for one in pair.fields:
        raw = pair.azure_devops.get(one.azure_devops)
        if not one.rule.may_write(Side.ONEPLAN) and not one.required:
            agreed[one.key] = Both(kept(raw), None)
            continue
        sent = sent_to(Side.ONEPLAN, one, raw, convert)
        if isinstance(sent, Unconvertible):
            residues[one.key] = sent.reason
            sent = convert.raw(Side.ONEPLAN, one, None)
        if sent is not None and sent != () and not isinstance(sent, Unconvertible):
            values[one.oneplan] = sent
        agreed[one.key] = Both(kept(raw), kept(values.get(one.oneplan)))
    return SyncPlan((Create(target, values),), agreed, residues)


def _compare(pair: Pair, target: Target, counterpart: Counterpart, convert: Converter) -> SyncPlan:
    outcomes = {one: outcome(pair.case(one), convert) for one in pair.fields}
    typing = _typing(pair, target, counterpart)
    placing = _placing(pair, replace(target, type=typing.type), counterpart)
    actions = [*_moves(placing, typing, counterpart), *([] if pair.marked else [Mark()]), *_updates(outcomes)]
    actions += [_held(pair, one, counterpart) for one, done in outcomes.items() if done.held]
    residues = {one.key: done.residue for one, done in outcomes.items() if done.residue}
    residues |= {key: why for key, why in ((PARENT, placing.residue), (TYPE, typing.residue)) if why}
    return SyncPlan(
        tuple(actions),
        {one.key: done.agreed for one, done in outcomes.items() if done.agreed is not None},
        residues,
        typing.settles
        or any(done.settles for done in outcomes.values())
        or _resettled(pair, target, counterpart, residues),
        placing.placed,
        typing.agreed,
        (*typing.lost, *(done.lost for done in outcomes.values() if done.lost)),
    )


def _moves(placing: Placing, typing: Typing, counterpart: Counterpart) -> list[Action]:
    """What becomes of the place and of the type. A counterpart that stays where it is may get another type."""
    actions, there = [*typing.actions, *placing.actions], counterpart.target
    if typing.type != there.type and not any(isinstance(one, Move) for one in actions):
        actions.append(Move(replace(there, type=typing.type)))
    return actions


def _typing(pair: Pair, target: Target, counterpart: Counterpart) -> Typing:
    """Where the pair waits for what is to stand above it, `target` is its present place, which tells nothing."""
    there = counterpart.target
    if pair.waits:
        return Typing(there.type, agreed=False, residue=_kept_why(pair, TYPE))
    return retyped(
        Types(
            target.type,
            there.type,
            pair.base.target.type if pair.base else None,
            pair.type_name,
            pair.type_there,
            pair.policy,
            pair.winners.get(TYPE),
            pair.may_write_azure_devops,
            pair.put_back,
            _type_refused(pair, there),
            pair.changed_at.get(TYPE, UNKNOWN_TIMES),
        )
    )


def _type_refused(pair: Pair, there: Target) -> str | None:
    """Why Azure DevOps has refused this very type; None where it did not, or where a person asks for it again."""
    if pair.base is None or TYPE in pair.winners:
        return None
    same = pair.base.refused.get(TYPE) == type_print(pair.type_name, there)
    return _kept_why(pair, TYPE) if same else None


def _placing(pair: Pair, target: Target, counterpart: Counterpart) -> Placing:
    if pair.waits:
        return Placing(placed=False, residue=_kept_why(pair, PARENT))
    return _not_again(pair, counterpart, place(_standing(pair, target, counterpart)))


def _kept_why(pair: Pair, key: str) -> str:
    return pair.base.residues.get(key, "") if pair.base else ""


def _standing(pair: Pair, target: Target, counterpart: Counterpart) -> Standing:
    chosen = pair.winners.get(PARENT)
    return Standing(
        counterpart.target,
        target,
        pair.above,
        pair.base,
        pair.moved_to,
        pair.policy if chosen is None else chosen.value,
        pair.may_write_azure_devops,
        pair.put_back,
        pair.crossed,
    )


def place_print(above: str | None, there: Target) -> str:
    """The places of both sides, in a fingerprint."""
    return fingerprint(Both(above, f"{there.plan} {there.parent}"))


def type_print(type_name: str, there: Target) -> str:
    """The types of both sides, in a fingerprint."""
    return fingerprint(Both(type_name, there.type))


def _not_again(pair: Pair, counterpart: Counterpart, placing: Placing) -> Placing:
    """A move that Azure DevOps refused is not sent again until the item is moved on a side, or a person asks for it."""
    moves = any(isinstance(one, Rehang) for one in placing.actions)
    if pair.base is None or not moves or PARENT in pair.winners:
        return placing
    if pair.base.refused.get(PARENT) != place_print(pair.above, counterpart.target):
        return placing
    return Placing(placed=False, residue=_kept_why(pair, PARENT))


def _updates(outcomes: Mapping[FieldPair, Outcome]) -> list[Action]:
    found: list[Action] = []
    for side in Side:
        values = {
            _name(one, side): done.write[1] for one, done in outcomes.items() if done.write and done.write[0] is side
        }
        if values:
            found.append(Update(side, values))
    return found


def _resettled(pair: Pair, target: Target, counterpart: Counterpart, residues: Mapping[str, str]) -> bool:
    """Whether the agreement is another one though no field says so."""
    if pair.base is None:
        return True
    moved_alike = not pair.waits and counterpart.target == target and pair.base.target != target
    return moved_alike or dict(pair.base.residues) != dict(residues)


def _held(pair: Pair, one: FieldPair, counterpart: Counterpart) -> Hold:
    values = {
        Side.AZURE_DEVOPS: pair.azure_devops.get(one.azure_devops),
        Side.ONEPLAN: counterpart.values.get(one.oneplan),
    }
    return Hold(one.key, values)


def _name(pair: FieldPair, side: Side) -> str:
    return pair.azure_devops if side is Side.AZURE_DEVOPS else pair.oneplan
