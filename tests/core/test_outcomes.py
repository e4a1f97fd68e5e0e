"""What becomes of one field of a pair, as a table: what is written, and what the two sides agree on afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.actions import Lost
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.mapping import FieldPair, ValueKind
from shared.core.merge import FieldRule
from shared.core.model import Both, Raw, Side
from shared.core.outcomes import ALTERED, IMPORT_ONLY, FieldCase, Outcome, fingerprint, outcome
from shared.core.people import Directory, Resource
from shared.core.snapshots import Target

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
CONVERT = Converter(Directory((Resource("r-ann", "Ann", "ann@x.test"), Resource("r-pmo", "PMO"))), "r-pmo")
HERE = Target("plan", "epic")
ANN, UWE, NOBODY = "Ann <ann@x.test>", "Uwe <uwe@else.test>", "nobody in OnePlan matches Uwe <uwe@else.test>"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG = "x" * 2000
LINKED = ("https://x.test/attachments/1 a",)
LINK = '<ul><li><a href="https://x.test/attachments/1?fileName=a#attachment">a</a></li></ul>'


def _case(now: tuple[Raw, Raw], agreed: tuple[Raw, Raw] | None = None, kind: ValueKind = "text") -> FieldCase:
    """A field that both sides may write; what both changed is held."""
    pair = FieldPair("T", "O", kind, FieldRule(policy="hold"))
    base = Base({pair.key: Both(*agreed)}, HERE) if agreed else Base({}, HERE)
    return FieldCase(pair, Both(*now), base)


def _known(case: FieldCase, residue: str) -> FieldCase:
    assert case.base
    return replace(case, base=replace(case.base, residues={case.pair.key: residue}))


def _ruled(case: FieldCase, rule: FieldRule) -> FieldCase:
    return replace(case, pair=replace(case.pair, rule=rule))


def _refused(case: FieldCase, now: Both[Raw]) -> FieldCase:
    assert case.base
    return replace(case, base=replace(case.base, refused={case.pair.key: fingerprint(now)}))


SAME, EDITED_A, EDITED_P = _case(("a", "a"), ("a", "a")), _case(("b", "a"), ("a", "a")), _case(("a", "b"), ("a", "a"))
EDITED_BOTH = _case(("b", "c"), ("a", "a"))
STRANGER = _case((UWE, "r-ann"), (ANN, "r-ann"), "owner")
KEPT_OUT = replace(EDITED_P, may_write_azure_devops=False)
PUT_BACK = replace(KEPT_OUT, put_back=True)
TIMED = replace(_ruled(EDITED_BOTH, FieldRule()), changed_at=Both(NOON, NOON + timedelta(seconds=1)))
STOOD = _known(_case((ANN, "r-pmo"), (ANN, "r-pmo"), "owner"), "nobody matches Ann")

ROWS: dict[str, tuple[FieldCase, Outcome]] = {
    "as agreed": (SAME, Outcome(Both("a", "a"))),
    "as agreed, in its hash": (_case((LONG, LONG), (kept(LONG), kept(LONG))), Outcome(Both(kept(LONG), kept(LONG)))),
    "as agreed and altered there": (
        _known(_case(("a long", "a"), ("a long", "a")), ALTERED),
        Outcome(Both("a long", "a"), residue=ALTERED),
    ),
    "another form of what is altered there": (
        _known(_case((" a long", "a"), ("a long", "a")), ALTERED),
        Outcome(Both(" a long", "a"), residue=ALTERED, settles=True),
    ),
    "edited in azure devops": (EDITED_A, Outcome(Both("b", "b"), (P, "b"))),
    "edited in oneplan": (EDITED_P, Outcome(Both("b", "b"), (A, "b"))),
    "edited to a long text": (_case((LONG, "a"), ("a", "a")), Outcome(Both(kept(LONG), kept(LONG)), (P, LONG))),
    "edited while altered there": (
        _known(_case(("b", "a"), ("a long", "a")), ALTERED),
        Outcome(Both("b", "b"), (P, "b")),
    ),
    "edited alike": (_case(("b", " b"), ("a", "a")), Outcome(Both("b", " b"), settles=True)),
    "edited to what is there": (
        _known(_case(("a", "a"), ("a long", "a")), ALTERED),
        Outcome(Both("a", "a"), settles=True),
    ),
    "edited on both sides": (EDITED_BOTH, Outcome(Both("a", "a"), held=True)),
    "edited on both sides, altered there": (
        _known(_case(("b", "c"), ("a long", "a")), ALTERED),
        Outcome(Both("a long", "a"), residue=ALTERED, held=True),
    ),
    "edited on both sides, oneplan later": (TIMED, Outcome(Both("c", "c"), (A, "c"), lost=Lost("T", A, "b"))),
    "edited on both sides, azure devops later": (
        replace(TIMED, changed_at=TIMED.changed_at.swapped()),
        Outcome(Both("b", "b"), (P, "b"), lost=Lost("O", P, "c")),
    ),
    "edited on both sides, a person chose azure devops": (
        replace(EDITED_BOTH, winner=A),
        Outcome(Both("b", "b"), (P, "b"), lost=Lost("O", P, "c")),
    ),
    "edited on both sides, a person chose oneplan": (
        replace(EDITED_BOTH, winner=P),
        Outcome(Both("c", "c"), (A, "c"), lost=Lost("T", A, "b")),
    ),
    "a person chose, and all is as agreed": (replace(SAME, winner=P), Outcome(Both("a", "a"))),
    "never agreed": (_case(("a", "b")), Outcome(Both("a", "a"), (P, "a"), lost=Lost("O", P, "b"))),
    "never agreed, no base": (replace(_case(("a", None)), base=None), Outcome(Both("a", "a"), (P, "a"))),
    "never agreed, alike": (_case(("a", "a")), Outcome(Both("a", "a"), settles=True)),
    "never agreed, a person chose": (
        replace(_case(("a", "b")), winner=P),
        Outcome(Both("b", "b"), (A, "b"), lost=Lost("T", A, "a")),
    ),
    "never agreed, and nobody there": (
        _case((UWE, "r-ann"), None, "owner"),
        Outcome(Both(UWE, "r-ann"), residue=NOBODY, settles=True),
    ),
    "never agreed, and azure devops cannot hold it": (
        _ruled(_case(("a", "x" * 256)), FieldRule(first=P)),
        Outcome(Both("a", "x" * 256), residue="it has 256 characters; Azure DevOps takes 255", settles=True),
    ),
    "mapped anew": (
        replace(_known(_case(("a long", "a"), ("a long", "a")), ALTERED), pair=replace(SAME.pair, since=2)),
        Outcome(Both("a long", "a long"), (P, "a long"), lost=Lost("O", P, "a")),
    ),
    "mapped in the version that was agreed on": (
        replace(_known(_case(("a long", "a"), ("a long", "a")), ALTERED), pair=replace(SAME.pair, since=1)),
        Outcome(Both("a long", "a"), residue=ALTERED),
    ),
    "edited to somebody unknown": (STRANGER, Outcome(Both(ANN, "r-ann"), residue=NOBODY)),
    "edited to what azure devops cannot hold": (
        _case(("a", "x" * 256), ("a", "a")),
        Outcome(Both("a", "a"), residue="it has 256 characters; Azure DevOps takes 255"),
    ),
    "edited to somebody unknown, and back": (
        _known(_case((ANN, "r-ann"), (ANN, "r-ann"), "owner"), NOBODY),
        Outcome(Both(ANN, "r-ann")),
    ),
    "emptied, where nobody is the default owner": (
        _case((None, "r-pmo"), (ANN, "r-pmo"), "owner"),
        Outcome(Both(None, "r-pmo"), settles=True),
    ),
    "what stood in the way is gone": (STOOD, Outcome(Both(ANN, "r-ann"), (P, "r-ann"))),
    "what stood in the way still does": (
        _known(_case((UWE, "r-pmo"), (UWE, "r-pmo"), "owner"), NOBODY),
        Outcome(Both(UWE, "r-pmo"), residue=NOBODY),
    ),
    "what stood in the way is gone, but oneplan holds what means nothing": (
        _known(_case(("2026-03-01", "soon"), ("2026-03-01", "soon"), "date"), "it was no date"),
        Outcome(Both("2026-03-01", "soon"), residue="it was no date"),
    ),
    "what stood in the way is gone, and the default owner is there": (
        _known(_case((None, "r-pmo"), (None, "r-pmo"), "owner"), NOBODY),
        Outcome(Both(None, "r-pmo")),
    ),
    "what stood in the way is gone, oneplan was first": (
        _ruled(STOOD, FieldRule(first=P)),
        Outcome(Both(ANN, "r-pmo"), residue="nobody matches Ann"),
    ),
    "what stood in the way is gone, oneplan is not written": (
        _ruled(STOOD, FieldRule("to-azure-devops")),
        Outcome(Both(ANN, "r-pmo"), residue="nobody matches Ann"),
    ),
    "what differs since the import": (
        _known(_case((ANN, "r-pmo"), (ANN, "r-pmo"), "owner"), IMPORT_ONLY),
        Outcome(Both(ANN, "r-pmo"), residue=IMPORT_ONLY),
    ),
    "refused before": (_refused(EDITED_A, EDITED_A.raw), Outcome(Both("a", "a"))),
    "refused before, with its reason": (
        _refused(_known(EDITED_A, "Name is too long"), EDITED_A.raw),
        Outcome(Both("a", "a"), residue="Name is too long"),
    ),
    "another edit after a refusal": (_refused(EDITED_A, EDITED_P.raw), Outcome(Both("b", "b"), (P, "b"))),
    "links beside a person's own words, never agreed": (
        _ruled(_case((LINKED, "<p>mine</p>"), None, "links"), FieldRule("to-oneplan")),
        Outcome(Both(LINKED, f"<p>mine</p>{LINK}"), (P, f"<p>mine</p>{LINK}")),
    ),
    "import only": (KEPT_OUT, Outcome(Both("a", "a"), residue=IMPORT_ONLY)),
    "import only, edited in azure devops": (
        replace(EDITED_A, may_write_azure_devops=False),
        Outcome(Both("b", "b"), (P, "b")),
    ),
    "import only, edited on both sides": (
        replace(EDITED_BOTH, may_write_azure_devops=False),
        Outcome(Both("b", "b"), (P, "b"), lost=Lost("O", P, "c")),
    ),
    "import only, edited on both sides, a person chose oneplan before it was": (
        replace(EDITED_BOTH, may_write_azure_devops=False, winner=P),
        Outcome(Both("b", "b"), (P, "b"), lost=Lost("O", P, "c")),
    ),
    "import only, and undone": (_known(replace(SAME, may_write_azure_devops=False), IMPORT_ONLY), Outcome(SAME.stored)),
    "import only, put back": (PUT_BACK, Outcome(Both("a", "a"), (P, "a"), lost=Lost("O", P, "b"))),
    "import only, a long text put back": (
        replace(PUT_BACK, raw=Both(LONG, "b"), base=Base({"T>O": Both(kept(LONG), kept(LONG))}, HERE)),
        Outcome(Both(kept(LONG), kept(LONG)), (P, LONG), lost=Lost("O", P, "b")),
    ),
    "import only, put back, but oneplan is not written": (
        _ruled(PUT_BACK, FieldRule("to-azure-devops")),
        Outcome(Both("a", "a"), residue=IMPORT_ONLY),
    ),
    "import only, nobody to put back": (
        replace(_case((UWE, "r-ann"), (UWE, "r-pmo"), "owner"), may_write_azure_devops=False, put_back=True),
        Outcome(Both(UWE, "r-pmo"), residue=NOBODY),
    ),
    "tags are written as they are spelled there": (
        _case(("a; new", ("A", "b")), ("a; b", ("A", "b")), "tags"),
        Outcome(Both("a; new", ("A", "new")), (P, ("A", "new"))),
    ),
    "a text is written as Markdown where the field holds Markdown": (
        _case((("markdown", "a"), "<p>b</p>"), (("markdown", "a"), "<p>a</p>"), "rich-text"),
        Outcome(Both(("markdown", "b"), "<p>b</p>"), (A, ("markdown", "b"))),
    ),
    "import only, tags put back as they are spelled there": (
        replace(_case(("a; b", ("A",)), ("a; b", ("A", "b")), "tags"), may_write_azure_devops=False, put_back=True),
        Outcome(Both("a; b", ("A", "b")), (P, ("A", "b")), lost=Lost("O", P, ("A",))),
    ),
}


@pytest.mark.parametrize(("case", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_outcome(case: FieldCase, expected: Outcome) -> None:
    assert outcome(case, CONVERT) == expected


def test_a_refusal_is_known_by_what_both_sides_held() -> None:
    held: list[Both[Raw]] = [Both("a", "b"), Both("b", "a"), Both("ä", "b"), Both(None, "b"), Both(("a",), "b")]
    assert len({fingerprint(one) for one in held}) == len(held)
    assert [len(fingerprint(one)) for one in held] == [16] * len(held)
