"""What becomes of one mapped field of a pair: the three-way merge, in the raw forms of both sides. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.actions import Lost
from shared.core.base import Base, kept, now, then
from shared.core.convert import Converter
from shared.core.mapping import FieldPair
from shared.core.merge import (
    UNKNOWN_TIMES,
    Copy,
    Decision,
    Field,
    FieldRule,
    Hold,
    Nothing,
    Residue,
    Settle,
    is_changed,
    mean_the_same,
    merge,
)
from shared.core.model import Both, Raw, Side, Unconvertible, Value

# The residue of a value that a side took and keeps in a form of its own: cut, say, or sanitised (R22).
ALTERED = "it is kept there in another form"
IMPORT_ONLY = "import only: the edit in OnePlan is not written to Azure DevOps"


@dataclass(frozen=True, slots=True)
class FieldCase:
    """One field of one pair: its raw values, the last agreement, and what may be done.

    `winner` is what a person chose for this field; `changed_at` is when a side changed it, where that was asked for.
    """

    pair: FieldPair
    raw: Both[Raw]
    base: Base | None
    may_write_azure_devops: bool = True
    put_back: bool = False
    winner: Side | None = None
    changed_at: Both[datetime | None] = UNKNOWN_TIMES

    @property
    def stored(self) -> Both[Raw] | None:
        return self.base.fields.get(self.pair.key) if self.base else None

    @property
    def known(self) -> str | None:
        """The residue that is recorded of the field."""
        return self.base.residues.get(self.pair.key) if self.base else None

    @property
    def refused(self) -> str | None:
        """What both sides held when one refused the other's value."""
        return self.base.refused.get(self.pair.key) if self.base else None

    @property
    def redefined(self) -> bool:
        """True where the pair is mapped in another way than when it was agreed on."""
        return self.base is not None and self.base.mapping < self.pair.since


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one field: written to a side, held, or left, and what the sides agree on afterwards."""

    agreed: Both[Raw] | None
    write: tuple[Side, Raw] | None = None
    residue: str | None = None
    held: bool = False
    settles: bool = False
    lost: Lost | None = None


def outcome(case: FieldCase, convert: Converter) -> Outcome:
    """What becomes of the field. The second time, with nothing changed since, nothing."""
    if _is_as_agreed(case):
        return Outcome(case.stored, residue=case.known)
    current = _current(case, convert)
    return _done(case, current, _decision(case, current, convert), convert)


def _is_as_agreed(case: FieldCase) -> bool:
    """True where both sides hold to the letter what was agreed: nothing needs to be converted to know it."""
    settled = case.known in (None, ALTERED) and case.winner is None and not case.redefined
    return settled and case.stored is not None and case.stored == case.raw.map(kept)


def _current(case: FieldCase, convert: Converter) -> Both[Value]:
    return Both(
        now(convert, case.pair, Side.AZURE_DEVOPS, case.raw.azure_devops),
        now(convert, case.pair, Side.ONEPLAN, case.raw.oneplan),
    )


def edited(case: FieldCase, side: Side, convert: Converter) -> bool:
    """True where that side holds another value than at the last agreement."""
    current = _current(case, convert)
    if case.stored is None:
        return False
    return is_changed(current.of(side), then(convert, case.pair, case.stored, current).of(side))


def _decision(case: FieldCase, current: Both[Value], convert: Converter) -> Decision:
    stored, rule = case.stored, _rule(case)
    base = None if stored is None else then(convert, case.pair, stored, current)
    decision = merge(Field(current, base, rule, case.changed_at, case.redefined))
    stands_in_the_way = case.known and case.known != ALTERED and isinstance(decision, Nothing)
    first_time = rule.first is Side.AZURE_DEVOPS and rule.may_write(Side.ONEPLAN) and case.known != IMPORT_ONLY
    if stands_in_the_way and first_time and _can_go_over(current):
        return Copy(Side.ONEPLAN)  # what stood in the way at first is gone: a person who is known now, say
    return decision


def _rule(case: FieldCase) -> FieldRule:
    """Where nothing goes to Azure DevOps, its value wins over an edit beside it, whatever the policy or a person says:
    what cannot be carried out is not held for a decision (R7)."""
    rule = case.pair.rule
    if not case.may_write_azure_devops and rule.may_write(Side.ONEPLAN):
        return replace(rule, policy="azure-devops")
    return rule if case.winner is None else replace(rule, policy=case.winner.value, first=case.winner)


def _can_go_over(current: Both[Value]) -> bool:
    forms = (current.azure_devops.canonical, current.oneplan.canonical)
    return not any(isinstance(one, Unconvertible) for one in forms) and not mean_the_same(current)


def _done(case: FieldCase, current: Both[Value], decision: Decision, convert: Converter) -> Outcome:
    present, stored = Both(current.azure_devops.raw, current.oneplan.raw), case.stored
    differs = None if mean_the_same(current) else case.known  # an edit that was undone leaves nothing to tell
    match decision:
        case Nothing():
            return Outcome(stored, residue=differs)
        case Settle():
            return Outcome(present, residue=differs, settles=True)
        case Residue(_, reason):
            return _not_taken_over(case, present, reason)
        case Hold():
            return Outcome(stored, residue=case.known, held=True)
        case Copy() as copy:
            return _copied(case, copy, present, convert)


def _copied(case: FieldCase, copy: Copy, present: Both[Raw], convert: Converter) -> Outcome:
    to = copy.to
    if to is Side.AZURE_DEVOPS and not case.may_write_azure_devops:
        return _import_only(case, present, convert)
    sent = sent_to(to, case.pair, case.raw.of(to.other), convert, case.raw.of(to))
    if isinstance(sent, Unconvertible):
        return _not_taken_over(case, present, sent.reason)
    if case.refused == fingerprint(case.raw):
        return Outcome(case.stored, residue=case.known)  # it would be refused again
    if sent == case.raw.of(to):  # nothing would change there: nobody is the default owner already
        return Outcome(present, settles=case.stored != present)
    overwrites = copy.overwrites_edit and case.pair.kind != "links"  # what people wrote beside our links stays
    lost = Lost(_name(case.pair, to), to, case.raw.of(to)) if overwrites else None
    return Outcome(present.replaced(to, kept(sent)), write=(to, sent), lost=lost)


def _not_taken_over(case: FieldCase, present: Both[Raw], reason: str) -> Outcome:
    """An edit that the other side cannot take stays an edit: it goes over once it can, and is in conflict with the
    next one there. What was never agreed on is from now on what both hold."""
    return Outcome(case.stored or present, residue=reason, settles=case.stored is None)


def fingerprint(raw: Both[Raw]) -> str:
    """What both sides held when a side refused a value: it is not sent again as long as they do."""
    text = json.dumps([raw.azure_devops, raw.oneplan])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _import_only(case: FieldCase, present: Both[Raw], convert: Converter) -> Outcome:
    """The edit in OnePlan is drift, and is put back only where the connection says so (R7)."""
    if not case.put_back or not case.pair.rule.may_write(Side.ONEPLAN):
        return Outcome(case.stored, residue=IMPORT_ONLY)
    sent = sent_to(Side.ONEPLAN, case.pair, case.raw.azure_devops, convert, case.raw.oneplan)
    if isinstance(sent, Unconvertible):
        return Outcome(case.stored, residue=sent.reason)
    lost = Lost(case.pair.oneplan, Side.ONEPLAN, case.raw.oneplan)
    return Outcome(present.replaced(Side.ONEPLAN, kept(sent)), write=(Side.ONEPLAN, sent), lost=lost)


def sent_to(to: Side, pair: FieldPair, raw: Raw, convert: Converter, there: Raw = None) -> Raw | Unconvertible:
    """What a side is sent for a raw value of the other one; `there` is what it holds now."""
    canonical = convert.canonical(to.other, pair, raw)
    return canonical if isinstance(canonical, Unconvertible) else convert.raw(to, pair, canonical, there)


def _name(pair: FieldPair, side: Side) -> str:
    return pair.azure_devops if side is Side.AZURE_DEVOPS else pair.oneplan


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The fields of a pair on both sides, by their names there."""

    azure_devops: Mapping[str, Raw]
    oneplan: Mapping[str, Raw] = field(default_factory=dict)

    def of(self, pair: FieldPair) -> Both[Raw]:
        return Both(self.azure_devops.get(pair.azure_devops), self.oneplan.get(pair.oneplan))
