"""One pair as a small world: both sides hold values, people edit them, and what is decided is applied and recorded.

Shares no code with the engine: what a side made of a value, and what the two agree on, is worked out here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from shared.core.actions import Hold, Move, Rehang, Retype, SyncPlan, Update
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.decide import ALTERED, Pair, decide
from shared.core.mapping import FieldPair
from shared.core.merge import FieldRule, Policy
from shared.core.model import Both, Raw, Side
from shared.core.people import Directory, Resource
from shared.core.place import Above
from shared.core.snapshots import Counterpart, Target
from shared.core.type_there import TypeThere

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
CONVERT = Converter(Directory((Resource("r-ann", "Ann", "ann@x.test"), Resource("r-pmo", "PMO"))), "r-pmo")
NAMES = ("First", "Second", "Day")
KINDS = {"First": "text", "Second": "text", "Day": "date"}
PLACES = tuple(Target("plan", type_, None, parent) for type_ in ("Epic", "Feature") for parent in (None, "p1", "p2"))

type Form = Callable[[Raw], Raw]


def exact(raw: Raw) -> Raw:
    return raw


def cut(raw: Raw) -> Raw:
    """A system that keeps four characters of a text, and dates whole."""
    return raw[:4] if isinstance(raw, str) and not raw[:4].isdigit() else raw


def offset(raw: Raw) -> Raw:
    """A system that writes a date in its own form."""
    return f"{raw[:10]}T00:00:00.0000000+00:00" if isinstance(raw, str) and raw[:4].isdigit() else raw


FORMS: tuple[Form, ...] = (exact, cut, offset)


def pairs_of(rules: Mapping[str, FieldRule]) -> tuple[FieldPair, ...]:
    return tuple(FieldPair(f"T.{name}", f"O{name}", KINDS[name], rules[name]) for name in NAMES)  # type: ignore[arg-type]


def same(name: str, one: Raw, other: Raw) -> bool:
    """Whether the two mean the same: nothing is the empty text, and of a date its day counts."""

    def meaning(raw: Raw) -> Raw:
        return (raw[:10] if KINDS[name] == "date" and isinstance(raw, str) else raw) or None

    return meaning(one) == meaning(other)


@dataclass
class World:
    """One pair. `edits` are those of people since the last agreement, by side and field."""

    rules: Mapping[str, FieldRule]
    devops: dict[str, Raw]
    oneplan: dict[str, Raw]
    wanted: Target
    there: Target
    base: Base | None = None
    forms: Both[Form] = field(default_factory=lambda: Both(exact, exact))
    import_only: bool = False
    writes: list[tuple[Side, str, Raw]] = field(default_factory=list)
    held: dict[str, Mapping[Side, Raw]] = field(default_factory=dict)

    def raw(self, side: Side, name: str) -> Raw:
        values = self.devops if side is A else self.oneplan
        return values.get(f"T.{name}" if side is A else f"O{name}")

    def put(self, side: Side, name: str, raw: Raw) -> None:
        values, key = (self.devops, f"T.{name}") if side is A else (self.oneplan, f"O{name}")
        if raw in (None, ""):
            values.pop(key, None)
        else:
            values[key] = raw

    def decided(self) -> SyncPlan:
        counterpart = Counterpart("c", self.there, dict(self.oneplan))
        return decide(
            Pair(
                fields=pairs_of(self.rules),
                azure_devops=dict(self.devops),
                counterpart=counterpart,
                target=self.wanted,
                base=self.base,
                moved_to=Above(self.there.parent),
                type_name=self.wanted.type,
                type_there=TypeThere(self.there.type),
                may_write_azure_devops=not self.import_only,
            ),
            CONVERT,
        )

    def step(self) -> SyncPlan:
        """What is decided is done and recorded; each side keeps what it is sent in a form of its own."""
        plan, sent = self.decided(), dict[tuple[Side, str], Raw]()
        self.held = {}
        for action in plan.actions:
            match action:
                case Update(side, values):
                    for key, raw in values.items():
                        name = key[2:] if side is A else key[1:]
                        sent[side, name] = raw
                        self.writes.append((side, name, raw))
                        self.put(side, name, self.forms.of(side)(raw))
                case Move(target):
                    self.there = target
                case Rehang(above):
                    self.wanted = replace(self.wanted, parent=above)
                case Retype(name):
                    self.wanted = replace(self.wanted, type=name)
                case Hold(key, values):
                    self.held[key] = values
                case _:
                    raise AssertionError(action)
        self._record(plan, sent)
        return plan

    def _record(self, plan: SyncPlan, sent: Mapping[tuple[Side, str], Raw]) -> None:
        agreed, residues = dict(plan.agreed), dict(plan.residues)
        for (side, name), raw in sent.items():
            key = f"T.{name}>O{name}"
            agreed[key] = agreed[key].replaced(side, kept(self.raw(side, name)))
            if not same(name, raw, self.raw(side, name)):
                residues[key] = ALTERED
        if plan.actions or plan.settles:
            self.base = Base(agreed, self._agreed(plan), residues=residues)

    def _agreed(self, plan: SyncPlan) -> Target:
        """Place and type by themselves: each is as it was where the two sides do not agree on it."""
        before = self.base.target if self.base else self.there
        place, kind = (self.there if agreed else before for agreed in (plan.placed, plan.typed))
        return replace(place, type=kind.type)

    def residue(self, name: str) -> str | None:
        return self.base.residues.get(f"T.{name}>O{name}") if self.base else None


texts = st.sampled_from([None, "", "a", "b", "A", "Anna", "Annabel", "x" * 300])
days = st.sampled_from([None, "2026-11-24", "2026-11-24T09:00:00Z", "2026-11-25T00:00:00.0000000+00:00", "0101-01-01"])
policies: st.SearchStrategy[Policy] = st.sampled_from(["azure-devops", "oneplan", "hold"])


def value_of(name: str) -> st.SearchStrategy[Raw]:
    return days if KINDS[name] == "date" else texts


@st.composite
def agreed(draw: st.DrawFn, *, directions: bool = False) -> World:
    """A pair in step: one state that both sides hold, agreed on."""
    direction = st.sampled_from(["both", "to-oneplan", "to-azure-devops"]) if directions else st.just("both")
    rules = {name: FieldRule(draw(direction), draw(policies), draw(st.sampled_from(Side))) for name in NAMES}  # type: ignore[arg-type]
    place = draw(st.sampled_from(PLACES))
    world = World(rules, {}, {}, place, place, forms=Both(draw(st.sampled_from(FORMS)), draw(st.sampled_from(FORMS))))
    for name in NAMES:
        raw = draw(value_of(name))
        for side in Side:
            world.put(side, name, raw if len(str(raw)) < 255 else "long")
    world.step()
    assert world.writes == []
    return world


type Edits = Mapping[tuple[Side, str], Raw]


@st.composite
def perturbations(draw: st.DrawFn) -> Edits:
    """What people do on both sides before anybody looks."""
    edits: dict[tuple[Side, str], Raw] = {}
    for side in Side:
        for name in draw(st.sets(st.sampled_from(NAMES))):
            edits[side, name] = draw(value_of(name))
    return edits


def perturbed(world: World, edits: Edits) -> Edits:
    """The edits that changed something, made."""
    real = {(side, name): raw for (side, name), raw in edits.items() if not same(name, raw, world.raw(side, name))}
    for (side, name), raw in edits.items():
        world.put(side, name, raw)
    return real


def mirrored(world: World) -> World:
    """The same with the sides swapped."""
    directions = {"both": "both", "to-oneplan": "to-azure-devops", "to-azure-devops": "to-oneplan"}
    winners = {"azure-devops": "oneplan", "oneplan": "azure-devops"}
    rules = {
        name: FieldRule(directions[rule.direction], winners.get(rule.policy, rule.policy), rule.first.other)  # type: ignore[arg-type]
        for name, rule in world.rules.items()
    }
    other = replace(world, rules=rules, devops={}, oneplan={}, writes=[], held={})
    for name in NAMES:
        for side in Side:
            other.put(side, name, world.raw(side.other, name))
    if world.base:
        fields = {key: both.swapped() for key, both in world.base.fields.items()}
        other.base = replace(world.base, fields=fields)
    return other
