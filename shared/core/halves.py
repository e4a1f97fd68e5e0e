"""OnePlan's half of a pair, told apart from what it was at the last agreement, without the other half."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from shared.core.base import Base, kept
from shared.core.mapping import FieldPair
from shared.core.model import Raw
from shared.core.snapshots import Counterpart, Target

# Of a fingerprint in hexadecimal: two halves of one pair never meet by chance.
LENGTH = 32


def agreed_half(base: Base | None) -> str:
    """The fingerprint of OnePlan's half as it was agreed; "" where nothing was."""
    if base is None:
        return ""
    return _fingerprint(base.target, {key: both.oneplan for key, both in base.fields.items()})


def present_half(pairs: Sequence[FieldPair], there: Counterpart) -> str:
    """The fingerprint of OnePlan's half as read. Equal to the agreed one, nothing has changed; a different one may
    only tell that a field was never agreed, so that `has_changed` must decide."""
    return _fingerprint(there.target, {pair.key: kept(there.values.get(pair.oneplan)) for pair in pairs})


def has_changed(base: Base | None, pairs: Sequence[FieldPair], there: Counterpart) -> bool:
    """Whether the place or an agreed field differs from the last agreement."""
    if base is None or there.target != base.target:
        return True
    agreed = [pair for pair in pairs if pair.key in base.fields]
    return any(kept(there.values.get(pair.oneplan)) != base.fields[pair.key].oneplan for pair in agreed)


def _fingerprint(target: Target, values: Mapping[str, Raw]) -> str:
    place = [target.kind, target.type, target.plan, target.parent]
    text = json.dumps([place, sorted((key, value) for key, value in values.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
