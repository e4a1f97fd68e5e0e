"""What holds for the conversion of every kind of value, whatever the value."""

from collections.abc import Mapping
from datetime import date
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.azure_devops.html import sanitised as kept_by_azure_devops
from local.oneplan.columns import CHOICE, MULTI_LINE, TEXT, column, stored
from shared.core import rich_text
from shared.core.actions import Update
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.decide import Pair, decide
from shared.core.mapping import FieldPair, ValueKind, ValueMap
from shared.core.model import Both, Canonical, Raw, Side, Unconvertible
from shared.core.paths import Iteration, Iterations
from shared.core.people import Directory, Resource
from shared.core.rich_text import MARKDOWN
from shared.core.snapshots import Counterpart, Target

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
STATES = ValueMap((("New", "C-1"), ("Active", "C-2"), ("Resolved", "C-2"), ("Closed", "C-3"), ("Closed", "C-4")))
PEOPLE = Directory((Resource("r1", "Ann", "ann@x.test"), Resource("r2", "Bob", "bob@x.test")))
PATHS = ("Web", "Web\\Sprint 1", "Web\\Sprint 2", "App\\Sprint 2", "App\\Alpha")
ITERATIONS = Iterations((Iteration("i1", "One", "Web\\Sprint 1"), Iteration("i2", "Alpha")), PATHS)
CONVERT = Converter(PEOPLE, "r1", iterations=ITERATIONS)
BY_TEXT = Converter(PEOPLE, "r1")


def _pair(kind: ValueKind) -> FieldPair:
    values = STATES if kind == "choice" else ValueMap()
    return FieldPair("Theirs", "Ours", kind, values=values, policy="hold")


# Rich texts: what people write, as trees of tags around awkward words.
WORDS = st.text(st.sampled_from("ab *_#>+-1.)`~[]()!|\\&<ü日é\n\t\u00a0🎉\"'="), max_size=12)
ESCAPED = WORDS.map(escape)


def _tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = (
        "b",
        "i",
        "em",
        "strong",
        "u",
        "s",
        "p",
        "div",
        "span",
        "li",
        "ul",
        "ol",
        "h2",
        "blockquote",
        "td",
        "script",
    )
    names += ("code", "pre")
    around = st.tuples(st.sampled_from(names), inner).map(lambda one: f"<{one[0]} style='x'>{one[1]}</{one[0]}>")
    return around | st.lists(inner, max_size=4).map("<br>".join) | st.tuples(inner, inner).map("".join)


HTML = st.recursive(ESCAPED, _tagged, max_leaves=12)
PLAIN = st.text(st.sampled_from("abc de1"), min_size=1, max_size=10).map(str.strip).filter(bool)
PHRASE = st.one_of(
    PLAIN,
    PLAIN.map(lambda one: f"**{one}**"),
    PLAIN.map(lambda one: f"*{one}*"),
    PLAIN.map(lambda one: f"`{one}`"),
    PLAIN.map(lambda one: f"[{one}](https://x.test/?a=1&b={one[0]})"),
    PLAIN.map(lambda one: f"~~{one}~~"),
    st.sampled_from(("1 \\* 2 \\* 3", "snake_case_name", "a < b & c", "\\# no heading", "1\\. no list", "\\`tick\\`")),
)
LINE = st.lists(PHRASE, min_size=1, max_size=4).map(" ".join)
BLOCK = st.one_of(
    LINE,
    LINE.map(lambda one: f"## {one}"),
    st.lists(LINE, min_size=1, max_size=3).map(lambda all_: "\n".join(f"- {one}" for one in all_)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda all_: "\n".join(f"1. {one}" for one in all_)),
    st.lists(LINE, min_size=2, max_size=3).map("\n".join),
    LINE.map(lambda one: f"> {one}"),
    PLAIN.map(lambda one: f"```python\n  if {one}:\n\n    <b>\n```"),
    st.tuples(PLAIN, PLAIN).map(lambda one: f"| {one[0]} | b |\n|---|---|\n| {one[1]} | `c` |"),
    st.just("---"),
)
# Blocks of one kind are never neighbours: two lists in a row are one list in Markdown.
MARKDOWNS = st.lists(BLOCK, min_size=1, max_size=4).map("\n\nand\n\n".join)

NAMES = st.text(st.sampled_from("abcÄß日 -"), min_size=1, max_size=8)
LINES = st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\t\x85\u2028"), max_size=40)
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e14, 1e14)
RAWS: Mapping[ValueKind, Both[st.SearchStrategy[Raw]]] = {
    "text": Both(LINES, LINES),
    "rich-text": Both(HTML | MARKDOWNS.map(lambda text: (MARKDOWN, text)), HTML),
    "date": Both(
        st.dates().map(lambda day: f"{day}T07:08:09.23Z"), st.dates().map(lambda day: f"{day}T00:00:00.0000000Z")
    ),
    "number": Both(NUMBERS, NUMBERS | NUMBERS.map(str)),
    "percent": Both(NUMBERS, NUMBERS),
    "flag": Both(st.booleans(), st.sampled_from((True, False, "Yes", "no", 1, 0.0, ""))),
    "path": Both(st.sampled_from(PATHS), st.sampled_from((*PATHS, "web\\SPRINT 1\\"))),
    "iteration": Both(
        st.sampled_from(("Web\\Sprint 1", "App\\Alpha")), st.sampled_from(("I1", "i2", "Alpha", "sprint 1"))
    ),
    "choice": Both(
        st.sampled_from(("New", "active", "Resolved", "Closed")), st.sampled_from(("c-1", "C-2", "C-3", "c-4"))
    ),
    "tags": Both(
        st.lists(NAMES, max_size=5).map("; ".join), st.lists(NAMES, max_size=5).map(tuple) | st.just("b, A;a ; c")
    ),
    "owner": Both(st.sampled_from(("Ann <ann@x.test>", "Bob <BOB@x.test>")), st.sampled_from(("R1", "r2"))),
    "people": Both(st.sampled_from(("Ann <ann@x.test>", "Bob <BOB@x.test>")), st.sampled_from((("R1",), ("r2",)))),
}
KINDS = list(RAWS)
RICH = _pair("rich-text")


def _meant(side: Side, pair: FieldPair, raw: Raw) -> Canonical:
    found = CONVERT.canonical(side, pair, raw)
    assert not isinstance(found, Unconvertible)
    return found


def _sent(side: Side, pair: FieldPair, meant: Canonical, there: Raw = None) -> Raw:
    found = CONVERT.raw(side, pair, meant, there)
    assert not isinstance(found, Unconvertible)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("to", Side)
@given(data=st.data())
def test_what_a_side_is_sent_means_what_it_was_made_of(kind: ValueKind, to: Side, data: st.DataObject) -> None:
    pair, source = _pair(kind), data.draw(st.sampled_from(Side))
    meant = _meant(source, pair, data.draw(RAWS[kind].of(source)))
    there = data.draw(RAWS[kind].of(to)) if kind == "tags" else None
    sent = CONVERT.raw(to, pair, meant, there)
    if isinstance(sent, Unconvertible):
        assert kind in ("text", "path", "iteration")  # too long for a line, or no path at all
        return
    assert CONVERT.canonical(to, pair, sent) == meant


@given(MARKDOWNS)
@example("***both*** ~~gone~~ `a``b`")
@example("> a\n> > b\n>\n> - c")
@example("3. three\n4. four\n\n   para")
@example("<u>under</u> line  \nnext\\\nlast")
@example('![alt](https://x.test/y.png "title")')
@example("[ünï](https://x.test/ü)")
def test_markdown_that_goes_through_html_means_the_same_in_markdown(text: str) -> None:
    meant = _meant(A, RICH, (MARKDOWN, text))
    html = _sent(P, RICH, meant)
    assert _meant(P, RICH, html) == meant
    back = _sent(A, RICH, _meant(P, RICH, html), (MARKDOWN, "before"))
    assert rich_text.is_markdown(back)
    assert _meant(A, RICH, back) == meant


@given(HTML)
@example("<p>a&nbsp;&nbsp; b<br></p><p></p>")
@example("<pre>  two\n    lines\n</pre>")
def test_a_text_means_the_same_after_either_system_has_tidied_it(html: str) -> None:
    meant = _meant(P, RICH, html)
    sent = _sent(P, RICH, meant)
    assert _meant(A, RICH, kept_by_azure_devops(str(sent or ""))) == meant
    there = stored(column("task", "Description", MULTI_LINE), sent, lambda _switch: True)
    assert _meant(P, RICH, there) == meant


@given(st.sampled_from([text for pair in STATES.pairs for text in pair]), st.sampled_from(STATES.pairs))
def test_a_state_that_stands_for_several_never_flaps(edited: str, agreed: tuple[str, str]) -> None:
    """Whatever a side moves to, one write at most follows, and none where both stand for the same."""
    side = P if edited.startswith("C-") else A
    now = Both[Raw](agreed[0], agreed[1]).replaced(side, edited)
    base = Base({"Theirs>Ours": Both(agreed[0], agreed[1])}, TARGET)
    plan = decide(_pair_of("choice", now, base), CONVERT)
    joined = any({now.azure_devops, now.oneplan} == set(pair) for pair in STATES.pairs)
    assert len(plan.actions) == (0 if joined or now == Both(*agreed) else 1)
    for action in plan.actions:
        assert isinstance(action, Update)
        assert action.side is side.other


TARGET = Target("task", "t", "p", None)
NORMALISED: list[tuple[ValueKind, Side, Raw, Raw]] = [
    ("text", A, "A  b", "A  b "),
    ("rich-text", A, "<p>a &amp; b</p>", "<div>a&nbsp;&#38; b<br></div>"),
    ("rich-text", P, "<a title='t' href='https://x.test/'>x</a>", '<p><a href="https://x.test/" title="t">x</a></p>'),
    ("date", A, "2026-03-01T00:00:00Z", "2026-03-01T21:00:00.123Z"),
    ("number", P, 3, 3.0),
    ("percent", P, 12.5, "12.50"),
    ("flag", P, None, False),
    ("path", P, "Web\\Sprint 1", "\\web\\sprint 1"),
    ("iteration", P, "Alpha", "app\\ALPHA"),
    ("choice", P, "C-3", "c-3"),
    ("tags", A, "b; A", "a; B"),
]


@pytest.mark.parametrize(("kind", "side", "before", "after"), NORMALISED)
def test_what_a_side_makes_of_a_value_of_its_own_is_written_nowhere(
    kind: ValueKind, side: Side, before: Raw, after: Raw
) -> None:
    other = _sent(side.other, _pair(kind), _meant(side, _pair(kind), before))
    agreed = Both[Raw](before, before).replaced(side.other, other)
    base = Base({"Theirs>Ours": agreed.map(kept)}, TARGET)
    plan = decide(_pair_of(kind, agreed.replaced(side, after), base), CONVERT)
    assert (plan.actions, plan.residues) == ((), {})


def _pair_of(kind: ValueKind, now: Both[Raw], base: Base) -> Pair:
    there = Counterpart("t1", TARGET, {"Ours": now.oneplan})
    return Pair((_pair(kind),), {"Theirs": now.azure_devops}, there, TARGET, base)


def test_a_choice_is_stored_by_its_guid_and_found_again_in_any_letter_case() -> None:
    definition = column("task", "State", CHOICE, Choices={"C-2": "In Progress"})
    meant = _meant(A, _pair("choice"), "Active")
    sent = _sent(P, _pair("choice"), meant)
    assert CONVERT.canonical(P, _pair("choice"), stored(definition, sent, lambda _switch: "stored")) == meant


@given(LINES)
def test_a_line_of_text_is_taken_by_azure_devops_and_kept_by_oneplan(text: str) -> None:
    meant = _meant(P, _pair("text"), text)
    sent = _sent(A, _pair("text"), meant)
    assert sent is None or not set("\r\n\x00") & set(str(sent))
    assert CONVERT.canonical(P, _pair("text"), stored(column("task", "Name", TEXT), sent, lambda _switch: 0)) == meant


def test_a_date_is_a_day() -> None:
    assert BY_TEXT.canonical(A, _pair("date"), "2026-03-01T23:00:00Z") == date(2026, 3, 1)
