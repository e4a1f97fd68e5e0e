"""What each side held when the two last agreed: raw as read, one pair of values for each field (decision 1)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.core.convert import Converter
from shared.core.mapping import FieldPair
from shared.core.model import Both, Raw, Side, Unconvertible, Value
from shared.core.snapshots import Target

LONGEST_RAW = 1024
HASHED = "sha256:"

type Fields = Mapping[str, Both[Raw]]


@dataclass(frozen=True, slots=True)
class Base:
    """The last agreement of one pair. `parent` is the key of the item above it in Azure DevOps, "" for none.

    `refused` holds a fingerprint of what both sides held when one refused a field's value. `rank` is
    the work item's place in the backlog then.
    """

    fields: Fields
    target: Target
    parent: str = ""
    mapping: int = 1
    residues: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    rank: float | None = None


def kept(raw: Raw) -> Raw:
    """What is stored of a raw value: itself, or its hash where it is long."""
    text = json.dumps(raw, ensure_ascii=False)
    return raw if len(text) <= LONGEST_RAW else HASHED + hashlib.sha256(text.encode()).hexdigest()


def now(convert: Converter, pair: FieldPair, side: Side, raw: Raw) -> Value:
    """A value as read, comparable with a stored one."""
    return Value(kept(raw), convert.canonical(side, pair, raw))


def then(convert: Converter, pair: FieldPair, stored: Both[Raw], current: Both[Value]) -> Both[Value]:
    """The stored values; a hash that differs from the present value's tells only that it was something else."""

    def of(side: Side) -> Value:
        raw, present = stored.of(side), current.of(side)
        if raw == present.raw:
            return present
        if isinstance(raw, str) and raw.startswith(HASHED):
            return Value(raw, Unconvertible("only its hash is known"))
        return Value(raw, convert.canonical(side, pair, raw))

    return Both(of(Side.AZURE_DEVOPS), of(Side.ONEPLAN))


def encode(base: Base) -> str:
    """The base as JSON."""
    target = base.target
    return json.dumps(
        {
            "fields": {key: [both.azure_devops, both.oneplan] for key, both in base.fields.items()},
            "target": [target.kind, target.type, target.plan, target.parent],
            "parent": base.parent,
            "mapping": base.mapping,
            "residues": dict(base.residues),
            **({"refused": dict(base.refused)} if base.refused else {}),
            **({} if base.rank is None else {"rank": base.rank}),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def decode(text: str) -> Base:
    members: dict[str, Any] = json.loads(text)
    fields = {key: Both(_raw(pair[0]), _raw(pair[1])) for key, pair in members["fields"].items()}
    agreed = Target(*members["target"])
    refused = members.get("refused", {})
    return Base(
        fields, agreed, members["parent"], members["mapping"], members["residues"], refused, members.get("rank")
    )


def _raw(value: Any) -> Raw:
    return tuple(_raw(one) for one in value) if isinstance(value, list) else value
