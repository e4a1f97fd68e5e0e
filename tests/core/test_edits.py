"""Whether a side holds an edit since the last agreement: such a side is never deleted with the other (R20)."""

from dataclasses import replace

import pytest

from shared.core.base import Base
from shared.core.convert import Converter
from shared.core.decide import Pair, edits
from shared.core.mapping import FieldPair
from shared.core.model import Both, Raw
from shared.core.people import Directory, Resource
from shared.core.snapshots import Counterpart, Target

CONVERT = Converter(Directory((Resource("r-ann", "Ann", "ann@x.test"),)), "r-pmo")
HERE, ELSEWHERE = Target("plan", "epic", None, "top"), Target("plan", "epic", None, "else")
PAIRS = (FieldPair("T.Name", "Name", "text"), FieldPair("T.Day", "Day", "date"), FieldPair("T.Owner", "Owner", "owner"))
DAY, SAME_DAY = "2026-03-01T00:00:00Z", "2026-03-01T09:00:00Z"
DEVOPS: dict[str, Raw] = {"T.Name": "A", "T.Day": DAY, "T.Owner": "Ann <ann@x.test>"}
ONEPLAN: dict[str, Raw] = {"Name": "A", "Day": DAY, "Owner": "r-ann"}
BASE = Base({pair.key: Both(DEVOPS[pair.azure_devops], ONEPLAN[pair.oneplan]) for pair in PAIRS}, HERE)
ALTERED = replace(BASE, fields={**BASE.fields, "T.Name>Name": Both("A long", "A l")})
THERE = Counterpart("c", HERE, ONEPLAN)
AGREED = Pair(PAIRS, DEVOPS, THERE, HERE, BASE)


def _devops(**values: Raw) -> Pair:
    return replace(AGREED, azure_devops={**DEVOPS, **{f"T.{name}": raw for name, raw in values.items()}})


def _oneplan(target: Target = HERE, **values: Raw) -> Pair:
    return replace(AGREED, counterpart=replace(THERE, target=target, values={**ONEPLAN, **values}))


@pytest.mark.parametrize(
    ("pair", "azure_devops", "oneplan"),
    [
        (AGREED, False, False),
        (_devops(Name="B"), True, False),
        (_devops(Day="2026-03-02T00:00:00Z"), True, False),
        (_devops(Owner=None), True, False),
        (_devops(Owner="Uwe <uwe@else.test>"), True, False),  # nobody in OnePlan, yet an edit
        (_oneplan(Name="B"), False, True),
        (_oneplan(Owner="r-bob"), False, True),
        (replace(_devops(Name="B"), counterpart=_oneplan(Day=None).counterpart), True, True),
        (_devops(Day=SAME_DAY), False, False),  # another form of the same value
        (_oneplan(Owner="R-ANN"), False, False),
        (_oneplan(ELSEWHERE), False, True),  # a move is an edit
        (_oneplan(replace(HERE, type="feature")), False, True),  # so is another type
        (replace(_devops(Name="B"), counterpart=None), True, False),
        (replace(_oneplan(Name="A l"), base=ALTERED, azure_devops={**DEVOPS, "T.Name": "A long"}), False, False),
        (replace(AGREED, fields=()), False, False),
        (replace(AGREED, counterpart=None), False, False),  # what is not there was not edited
        (replace(_devops(Name="B"), base=None), False, False),  # nothing was agreed
        (replace(_oneplan(ELSEWHERE, Name="B"), base=None), False, False),
        (replace(_devops(Name="B"), base=replace(BASE, fields={})), False, False),
    ],
)
def test_an_edit_is_another_value_or_place_than_agreed(pair: Pair, azure_devops: bool, oneplan: bool) -> None:
    assert edits(pair, CONVERT) == Both(azure_devops, oneplan)


@pytest.mark.parametrize("name", ["Name", "Day", "Owner"])
def test_an_edit_of_any_field_counts(name: str) -> None:
    assert edits(_devops(**{name: None}), CONVERT) == Both(True, False)
    assert edits(_oneplan(**{name: None}), CONVERT) == Both(False, True)
