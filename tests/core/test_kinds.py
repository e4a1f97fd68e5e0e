"""Each kind of value: its common form, what a side is sent, and why a value cannot go over."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.core import choices
from shared.core.convert import Converter
from shared.core.mapping import DEFAULT, OPTIONAL, FieldPair, ValueKind, ValueMap
from shared.core.model import Canonical, Raw, Side, Unconvertible, Worded
from shared.core.paths import NO_EMPTY_PATH, Iteration, Iterations, is_name
from shared.core.people import Directory
from shared.core.rich_text import DEEPEST, LONGEST_RICH_TEXT, MARKDOWN
from shared.core.snapshots import TargetKind

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
STATES = ValueMap(
    (("New", "C-1"), ("Active", "C-2"), ("Resolved", "C-2"), ("Closed", "C-3"), ("Closed", "C-4")),
    {"bug": (("New", "C-9"),)},
)
PATHS = (
    *("Web", "Web\\Sprint 1", "Web\\Sprint 2", "App\\Sprint 2", "App\\Alpha", "App\\Release 1\\Gamma"),
    *("Top", "App\\Top"),
)
KNOWN = (Iteration("i1", "Any", "Web\\Sprint 1"), Iteration("i2", "Alpha"), Iteration("i3", "Sprint 2"))
BY_TEXT = Converter(Directory(()))
BY_ID = replace(BY_TEXT, iterations=Iterations(KNOWN, PATHS))
LONG = "x" * (LONGEST_RICH_TEXT + 1)
MOST_TAGS = "; ".join(f"t{number}" for number in range(100))
MANY_TAGS = f"{MOST_TAGS}; t100"


def _pair(kind: ValueKind, values: ValueMap | None = None) -> FieldPair:
    return FieldPair("System.Theirs", "Ours", kind, values=values or (STATES if kind == "choice" else ValueMap()))


@pytest.mark.parametrize(
    ("side", "kind", "raw", "meant"),
    [
        (A, "text", " a\r\nb\x07 ", "a b"),
        (A, "text", "\n", None),
        (A, "number", 3.0, Decimal(3)),
        (P, "number", "3", Decimal(3)),
        (A, "number", 0.1 + 0.2, Decimal("0.3")),
        (A, "number", 1e-12, Decimal(0)),
        (A, "number", -1e-12, Decimal(0)),
        (A, "number", 1e-9, Decimal("1e-9")),
        (A, "number", 999_999_999_999_999.0, Decimal("1e15")),
        (P, "number", " 3.10 ", Decimal("3.1")),
        (P, "percent", 12.5, Decimal("0.125")),
        (P, "flag", None, False),
        (P, "flag", "Yes", True),
        (A, "flag", 0, False),
        (A, "choice", "resolved", "Active"),
        (A, "choice", " NEW ", "New"),
        (P, "choice", "c-2", "Active"),
        (P, "choice", ("C-4",), "Closed"),
        (A, "tags", "b; A; a;; two  words", Worded(("a", "b", "two words"), ())),
        (P, "tags", ("b", "A"), Worded(("a", "b"), ())),
        (P, "tags", " ; ", None),
        (P, "path", " \\Xray\\BOX\\ ", Worded("xray\\box", "")),
        (P, "iteration", "Anything", Worded("anything", "")),
        (P, "iteration", "Web\\Anything", Worded("web\\anything", "")),
        (A, "rich-text", "<div><br></div>", None),
        (A, "rich-text", (MARKDOWN, ""), None),
        (A, "rich-text", (MARKDOWN, "**b**"), Worded("<strong>b</strong>", "")),
    ],
)
def test_the_common_form(side: Side, kind: ValueKind, raw: Raw, meant: Canonical) -> None:
    assert BY_TEXT.canonical(side, _pair(kind), raw) == meant


@pytest.mark.parametrize(
    ("to", "kind", "source", "there", "sent"),
    [
        (A, "text", "x" * 255, None, "x" * 255),
        (P, "number", 3.0, None, 3),
        (P, "flag", "Yes", None, True),
        (A, "path", " \\Xray\\BOX\\ ", None, "Xray\\BOX"),
        (A, "tags", MOST_TAGS, None, MOST_TAGS),
        (A, "number", "2.5", None, 2.5),
        (A, "percent", 50, None, 50),
        (A, "flag", "no", None, False),
        (P, "choice", "Resolved", None, "C-2"),
        (A, "choice", "C-4", None, "Closed"),
        (A, "tags", "new; GREEN", "Green; blue", "new; Green"),
        (P, "tags", "new; green", ("Green",), ("new", "Green")),
        (A, "path", "Web\\Team", None, "Web\\Team"),
        (P, "iteration", "Web\\Sprint 1", None, "Web\\Sprint 1"),
        (A, "rich-text", "<p>a <b>b</b></p>", "<p>old</p>", "<p>a <b>b</b></p>"),
        (A, "rich-text", "<p>a <b>b</b></p>", (MARKDOWN, ""), (MARKDOWN, "a **b**")),
        (A, "rich-text", "<p>1 * 2, <u>x</u>&nbsp;</p>", (MARKDOWN, "old"), (MARKDOWN, "1 \\* 2, <u>x</u>")),
        (
            P,
            "rich-text",
            (MARKDOWN, "```python\nx\n```"),
            None,
            '<pre><code class="language-python">x\n</code></pre>\n',
        ),
        (A, "rich-text", '<pre><code class="language-c">x</code></pre>', (MARKDOWN, ""), (MARKDOWN, "```c\nx\n```")),
        (A, "rich-text", "<pre>x</pre>", (MARKDOWN, ""), (MARKDOWN, "```\nx\n```")),
    ],
)
def test_what_a_side_is_sent(to: Side, kind: ValueKind, source: Raw, there: Raw, sent: Raw) -> None:
    meant = BY_TEXT.canonical(to.other, _pair(kind), source)
    assert not isinstance(meant, Unconvertible)
    found = BY_TEXT.raw(to, _pair(kind), meant, there)
    assert (found, type(found)) == (sent, type(sent))  # 3.0 is not what a field of whole numbers takes


@pytest.mark.parametrize("kind", ["text", "rich-text", "date", "number", "percent", "flag", "choice", "tags"])
@pytest.mark.parametrize("side", Side)
def test_a_field_is_emptied_by_nothing(side: Side, kind: ValueKind) -> None:
    assert BY_TEXT.raw(side, _pair(kind), None, "before") is None


@pytest.mark.parametrize("kind", ["path", "iteration"])
@pytest.mark.parametrize("convert", [BY_TEXT, BY_ID], ids=["by text", "by id"])
def test_only_in_oneplan_may_a_path_be_empty(convert: Converter, kind: ValueKind) -> None:
    assert convert.raw(P, _pair(kind), None) is None
    assert convert.raw(A, _pair(kind), None) == Unconvertible(NO_EMPTY_PATH)


@pytest.mark.parametrize(
    ("side", "kind", "raw", "reason"),
    [
        (A, "number", "many", "no number"),
        (A, "number", True, "no number"),
        (A, "number", (1,), "no number"),
        (A, "number", float("inf"), "no number"),
        (A, "number", 1e15, "too large"),
        (P, "percent", "half", "no number"),
        (P, "flag", "perhaps", "neither yes nor no"),
        (A, "choice", "Design", "'Design' of Azure DevOps is not in the value map of System.Theirs; add it there"),
        (P, "choice", "C-7", "'C-7' of OnePlan is not in the value map of Ours; add it there"),
        (P, "choice", ("C-1", "C-2"), "Ours holds several values"),
        (A, "rich-text", 3, "no text"),
        (P, "rich-text", "<div>" * (DEEPEST + 1), "nested more than 500 deep"),
    ],
)
def test_a_value_without_common_form_says_why(side: Side, kind: ValueKind, raw: Raw, reason: str) -> None:
    found = BY_TEXT.canonical(side, _pair(kind), raw)
    assert isinstance(found, Unconvertible)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("kind", "source", "there", "reason"),
    [
        ("text", "x" * 256, None, "256 characters; Azure DevOps takes 255"),
        ("rich-text", LONG, None, f"Azure DevOps takes {LONGEST_RICH_TEXT}"),
        ("rich-text", "<ul><li>" * 400 + "x", (MARKDOWN, ""), "nested too deeply"),
        ("tags", MANY_TAGS, None, "101 tags; a work item takes 100"),
        ("path", "", None, NO_EMPTY_PATH),
        ("iteration", "", None, NO_EMPTY_PATH),
    ],
)
def test_what_azure_devops_cannot_hold_says_why(kind: ValueKind, source: Raw, there: Raw, reason: str) -> None:
    meant = BY_TEXT.canonical(P, _pair(kind), source)
    assert not isinstance(meant, Unconvertible)
    refused = BY_TEXT.raw(A, _pair(kind), meant, there)
    assert isinstance(refused, Unconvertible)
    assert reason in refused.reason


def test_what_is_dangerous_in_a_text_never_goes_over() -> None:
    text = '<p onclick="a()">x<script>alert(1)</script><a href="javascript:b()">y</a><iframe src="//z"></iframe></p>'
    meant = BY_TEXT.canonical(A, _pair("rich-text"), text)
    assert isinstance(meant, Worded)
    assert meant.words == "<p>x<a>y</a></p>"


def test_html_within_markdown_is_sanitised_too() -> None:
    meant = BY_TEXT.canonical(A, _pair("rich-text"), (MARKDOWN, "a <img src=x onerror=alert(1)> [b](javascript:c)"))
    assert isinstance(meant, Worded)
    assert "onerror" not in str(meant.words)
    assert "href" not in str(meant.words)


def test_a_value_map_of_a_work_item_type_replaces_the_general_one() -> None:
    bugs = BY_TEXT.for_item("Bug")
    assert bugs.canonical(P, _pair("choice"), "c-9") == "New"
    assert isinstance(bugs.canonical(A, _pair("choice"), "Active"), Unconvertible)


def test_tags_go_through_a_value_map_where_oneplan_has_choices() -> None:
    pair = _pair("tags", ValueMap((("Red", "C-1"), ("Blue", "C-2"))))
    meant = BY_TEXT.canonical(A, pair, "blue; RED")
    assert not isinstance(meant, Unconvertible)
    assert BY_TEXT.raw(P, pair, meant) == ("C-2", "C-1")
    assert BY_TEXT.canonical(P, pair, ("c-1", "c-2")) == meant
    assert BY_TEXT.raw(A, pair, meant) == "Blue; Red"
    said = "'Green' of Azure DevOps is not in the value map of System.Theirs; add it there"
    assert BY_TEXT.canonical(A, pair, "Blue; Green") == Unconvertible(said)


def test_a_tag_stays_where_the_choice_that_it_stands_for_does() -> None:
    """Beta and Alpha are one choice, so what OnePlan adds beside it turns neither into the other."""
    pair = _pair("tags", ValueMap((("Alpha", "x"), ("Beta", "x"), ("Gamma", "z"))))
    chosen = BY_TEXT.canonical(P, pair, ("x", "z"))
    assert not isinstance(chosen, Unconvertible)
    assert BY_TEXT.raw(A, pair, chosen, "beta") == "beta; Gamma"
    assert BY_TEXT.raw(A, pair, chosen, "Alpha; Beta; Delta") == "Alpha; Beta; Gamma"
    assert BY_TEXT.raw(A, pair, chosen, None) == "Alpha; Gamma"


def test_a_map_whose_values_stand_for_several_both_ways_is_tangled() -> None:
    straight = (("Active", "x"), ("Resolved", "x"), ("Closed", "y"), ("Closed", "z"))
    assert choices.tangled(straight) == ()
    (said,) = choices.tangled((*straight, ("Resolved", "y")))
    assert said == "'Active' is joined with 'x', 'y', 'z' through other values"


def test_tangles_are_told_in_the_order_of_the_map() -> None:
    pairs = (("A", "x"), ("C", "p"), ("D", "p"), ("D", "q"), ("B", "x"), ("B", "y"))
    assert choices.tangled(pairs) == (
        "'A' is joined with 'x', 'y' through other values",
        "'C' is joined with 'p', 'q' through other values",
    )


@pytest.mark.parametrize("raw", [2, 2.0, "2", " 2 "])
def test_a_choice_of_numbers_is_found_in_whatever_form_its_number_comes(raw: Raw) -> None:
    """Azure DevOps gives a priority as 2 or as 2.0."""
    pair = _pair("choice", ValueMap((("1", "C-1"), ("2", "C-2"))))
    assert BY_TEXT.canonical(A, pair, raw) == "2"
    assert isinstance(BY_TEXT.canonical(A, pair, 2.5), Unconvertible)


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("I1", "Web\\Sprint 1"),  # the path that OnePlan's iteration holds
        ("i2", "App\\Alpha"),  # by a name that only one path ends in
        ("i3", None),  # two paths end in it
        ("web\\sprint 2", "web\\sprint 2"),
        ("alpha", "App\\Alpha"),
        ("Web", "Web"),
        ("gamma", "App\\Release 1\\Gamma"),
        ("Top", "Top"),  # a path of its own, though another one ends in it
        ("Old\\Gone", "Old\\Gone"),  # a path that is not known any more
        ("Sprint 2", None),
        ("Nowhere", None),
    ],
)
def test_what_a_task_names_leads_to_an_iteration_path(named: str, path: str | None) -> None:
    found = BY_ID.canonical(P, _pair("iteration"), named)
    if path is None:
        assert isinstance(found, Unconvertible)
        assert found.reason == f"no iteration of Azure DevOps, or more than one, is called '{named}'; write its path"
    else:
        assert found == BY_ID.canonical(A, _pair("iteration"), path)


@pytest.mark.parametrize(
    ("path", "id_"), [("web\\SPRINT 1", "i1"), ("App\\Alpha", "i2"), ("App\\Sprint 2", "i3"), ("App\\Any", None)]
)
def test_an_iteration_path_leads_to_an_iteration_of_oneplan(path: str, id_: str | None) -> None:
    meant = BY_ID.canonical(A, _pair("iteration"), path)
    assert not isinstance(meant, Unconvertible)
    sent = BY_ID.raw(P, _pair("iteration"), meant)
    said = f"no iteration of OnePlan matches {path}; create it there, or name it alike"
    assert sent == (id_ or Unconvertible(said))
    assert BY_ID.raw(A, _pair("iteration"), meant) == path


def test_an_iteration_is_named_within_its_team_project() -> None:
    within = BY_TEXT.for_item("Bug", Iterations(paths=("App", "App\\Sprint 2")))
    assert within.canonical(P, _pair("iteration"), "sprint 2") == Worded("app\\sprint 2", "")
    assert within.for_item("Task").iterations == within.iterations


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("Sprint 2", True),
        (" sprint 2 ", True),
        ("App\\Sprint 2", False),
        ("APP", False),  # the root of the team project
        ("\\app\\", False),
        ("", False),
        (None, False),
        ("xxxx", True),
        (2, True),
    ],
)
def test_a_name_of_an_iteration_is_told_from_its_path(raw: Raw, named: bool) -> None:
    assert is_name(raw, "App") is named


def test_a_path_of_azure_devops_is_one_whether_or_not_it_is_known() -> None:
    """The root of a team project that came since the paths were read, say."""
    assert BY_ID.canonical(A, _pair("iteration"), "Lab") == Worded("lab", "")
    assert isinstance(BY_ID.canonical(P, _pair("iteration"), "Lab"), Unconvertible)


def test_names_that_two_iterations_of_oneplan_have_lead_to_neither() -> None:
    twins = Iterations((Iteration("i1", "Alpha"), Iteration("i2", "alpha")))
    assert twins.match("App\\Alpha") is None


@pytest.mark.parametrize("table", ["plan", "task"])
def test_the_pairs_that_one_click_adds_stand_beside_the_defaults(table: TargetKind) -> None:
    defaults = {pair.azure_devops for pair in DEFAULT.pairs(table)} | {pair.oneplan for pair in DEFAULT.pairs(table)}
    offered = OPTIONAL[table]
    assert (
        not {*(pair.azure_devops for pair in offered.values()), *(pair.oneplan for pair in offered.values())} & defaults
    )
    assert set(offered) == {
        *("state", "description", "priority", "effort", "story-points", "size", "tags", "area-path"),
        "percent-complete",
    }
    assert offered["percent-complete"].rule.may_write(P) is (table == "task")
