"""Which rich texts mean the same, which do not, and how they are written (R24)."""

import pytest

from shared.core import rich_text
from shared.core.model import Raw, Side, Unconvertible, Worded
from shared.core.rich_text import DEEPEST, LONGEST_RICH_TEXT, MARKDOWN

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN


def _sense(raw: Raw) -> object:
    found = rich_text.canonical(raw)
    assert found is None or isinstance(found, Worded), found
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<div>a</div>"),
        ("<p>a</p>", "a"),
        ("<p>a</p>\n<p>b</p>", "<div>a</div><div>b</div>"),
        ("<p>a</p><p><br></p><p>b</p>", "<p>a</p><p>b</p>"),
        ("a<br><p>b</p>", "a<p>b</p>"),
        ("a<br>", "a"),
        ("<br>a", "a"),
        ("a<br> b", "a <br>b"),
        ("<b>a</b>", "<strong>a</strong>"),
        ("<i>a</i>", "<em>a</em>"),
        ("<del>a</del>", "<s>a</s>"),
        ("a&nbsp;b", "a b"),
        ("a  \n\t b", "a b"),
        ("a &amp; b", "a &#38; b"),
        ('a "b"', "a &quot;b&quot;"),
        ("a&#7;b", "ab"),
        (" a ", "a"),
        ("x<b> a </b>y", "x <b>a</b> y"),
        ("x <b> <i> a</i></b>", "x <b><i>a</i></b>"),
        ("<b><i>a </i> </b>y", "<b><i>a</i></b> y"),
        ("<ul>\n <li>a</li>\n <li> b </li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("a <ul><li>b</li></ul> c", "a<ul><li>b</li></ul>c"),
        ("<p>a</p><ul><li><p>b</p></li></ul>", "a<ul><li>b</li></ul>"),
        ("<pre>a\r\nb</pre>", "<pre>a\nb</pre>"),
        ("<pre>a&#13;\nb</pre>", "<pre>a\nb</pre>"),
        ("<pre>a\n\n</pre>", "<pre>a</pre>"),
        ("<pre><code>a  b</code></pre>", "<pre>a  b</pre>"),
        ("<pre>a</pre>b  c", "<pre>a</pre>b c"),
        ('<a title="t" href="https://x.test/">x</a>', '<a href="https://x.test/">x</a>'),
        ('<a href="https://x.test/%C3%BC?a=1&amp;b">x</a>', '<a href="https://x.test/ü?a=1&b">x</a>'),
        ('<td rowspan="2" colspan="3">a</td>', '<td colspan="3" rowspan="2">a</td>'),
        ('<img alt="x" src="https://x.test/y.png">', '<img src="https://x.test/y.png" width="3">'),
        ("a<script>b()</script>", "a"),
        ("<span style='color:red'>a</span>", "a"),
        ("a<!-- b -->", "a"),
        ((MARKDOWN, "a **b**"), "a <b>b</b>"),
    ],
)
def test_texts_that_show_the_same_mean_the_same(one: Raw, other: Raw) -> None:
    assert _sense(one) == _sense(other) != None  # noqa: E711


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "A"),
        ("a b", "ab"),
        ("a", "<b>a</b>"),
        ("<b>a</b>", "<i>a</i>"),
        ("<code>a</code>", "a"),
        ("<h1>a</h1>", "<h2>a</h2>"),
        ("<h1>a</h1>", "<p>a</p>"),
        ("a<br>b", "a b"),
        ("a<br>b", "<p>a</p><p>b</p>"),
        ("a<br><br>b", "a<br>b"),
        ("<p>a</p><p>b</p>", "a b"),
        ("<p>a</p><br>b", "<p>a</p>b"),
        ("a <b>b</b>", "a<b>b</b>"),
        ("<b>a</b> b", "<b>a</b>b"),
        ("a<b> b</b>", "a<b>b</b>"),
        ("<b>a </b>b", "<b>a</b>b"),
        ("&lt;b&gt;a&lt;/b&gt;", "<b>a</b>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ("<pre>a\nb</pre>", "<pre>a b</pre>"),
        ("<pre>a\n b</pre>", "<pre>a\nb</pre>"),
        ("<pre>a</pre>", "a"),
        ("<pre>a</pre><code>b</code>", "<pre>a</pre>b"),
        ('<a href="https://x.test/a">x</a>', '<a href="https://x.test/b">x</a>'),
        ('<a href="https://x.test/a">x</a>', "x"),
        ('<img src="https://x.test/a.png">', '<img src="https://x.test/b.png">'),
        ('<ol start="2"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ('<table><tr><td colspan="2">a</td></tr></table>', "<table><tr><td>a</td></tr></table>"),
        ("a<hr>", "a"),
        ("1 < 2", "1 > 2"),
    ],
)
def test_texts_that_show_something_else_mean_something_else(one: str, other: str) -> None:
    assert _sense(one) != _sense(other)


@pytest.mark.parametrize(
    "html", ["<p></p>", "<b> </b>", "&nbsp;", "<br><br>", "<ul><li> </li></ul>", "<pre> \n</pre>", "<script>a</script>"]
)
def test_a_text_that_shows_nothing_is_empty(html: str) -> None:
    assert _sense(html) is None


@pytest.mark.parametrize("html", ['<img src="https://x.test/y.png">', "<hr>", "<ul><li>0</li></ul>"])
def test_a_picture_or_a_line_is_a_text(html: str) -> None:
    assert _sense(html) is not None


@pytest.mark.parametrize(
    ("html", "too_deep"),
    [
        ("<div>" * DEEPEST, False),
        ("<div>" * (DEEPEST + 1), True),
        ("<DIV>" * (DEEPEST + 1), True),
        ("<div></div>" * (DEEPEST + 1), False),
        ("<b><i></i></b>" * DEEPEST, False),
        ("<p>a" * (DEEPEST + 1), False),
        ("<br>" * (DEEPEST + 1), False),
        ("</div>" * DEEPEST + "<div>" * (DEEPEST + 1), True),
        ("</div>" * (DEEPEST + 1) + "<div>" * DEEPEST, False),
        ("<div></div>" * 9 + "<div>" * (DEEPEST + 1) + "</div>" * 400, True),
    ],
)
def test_a_text_is_refused_where_its_tags_are_nested_too_deeply(html: str, too_deep: bool) -> None:
    refused = Unconvertible(f"its tags are nested more than {DEEPEST} deep")
    assert (rich_text.canonical(f"{html}x") == refused) is too_deep


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<a href="ftp://x.test/">x</a>', "<a>x</a>"),
        ('<a href="mailto:a@b.test">x</a>', '<a href="mailto:a@b.test">x</a>'),
        ("<font>x</font><center>y</center>", "xy"),
        ('<p class="c" id="i">x</p>', "<p>x</p>"),
        ('<a href="https://x.test/" target="_blank" rel="me">x</a>', '<a href="https://x.test/">x</a>'),
    ],
)
def test_only_what_both_systems_show_is_carried_over(html: str, kept: str) -> None:
    assert rich_text.sanitised(html) == kept


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>a&nbsp;</b>b", "**a** b"),
        ("<u>a</u><u> </u>b", "<u>a</u> b"),
        ("x<sub>1</sub><sup>2</sup>", "x<sub>1</sub><sup>2</sup>"),
        ("a<br>b", "a\\\nb"),
        ("<h2>a</h2><ul><li>b</li></ul>", "## a\n\n- b"),
        (f"<pre>a{' ' * 201}b</pre>", f"```\na{' ' * 200}b\n```"),  # a longer run makes the writer slow
        (f"<pre>a{' ' * 200}b</pre>", f"```\na{' ' * 200}b\n```"),
        ('<pre><code class="x language-c">a</code></pre>', "```c\na\n```"),
        ('<pre><code class="x">a</code></pre>', "```\na\n```"),
        ("<ul><li>[ ] a</li><li>[x] b [ ]</li></ul>", "- [ ] a\n- [x] b \\[ \\]"),
    ],
)
def test_a_field_that_holds_markdown_is_sent_markdown(html: str, markdown: str) -> None:
    assert rich_text.written(A, _worded(html), (MARKDOWN, "before")) == (MARKDOWN, markdown)


@pytest.mark.parametrize("first", ["a", "1"])
def test_who_is_mentioned_in_markdown_is_so_after_an_edit_in_oneplan(first: str) -> None:
    """An id that begins with a letter is no tag of HTML, which would be dropped."""
    text = f"Ask @<{first}1b2c3d4-1111-2222-3333-444455556666> **now**"
    shown = rich_text.written(P, rich_text.canonical((MARKDOWN, text)), None)
    assert f"@&lt;{first}1b2c3d4-1111-2222-3333-444455556666&gt; <strong>now</strong>" in str(shown)
    assert rich_text.written(A, _worded(str(shown)), (MARKDOWN, "before")) == (MARKDOWN, text)


def test_a_text_as_long_as_azure_devops_takes_is_sent_to_it_and_a_longer_one_to_oneplan_only() -> None:
    fits, long = _worded("x" * LONGEST_RICH_TEXT), _worded("x" * (LONGEST_RICH_TEXT + 1))
    said = f"it has {LONGEST_RICH_TEXT + 1} characters; Azure DevOps takes {LONGEST_RICH_TEXT}"
    assert rich_text.written(A, fits, None) == fits.words
    assert rich_text.written(A, long, None) == Unconvertible(said)
    assert rich_text.written(P, long, None) == long.words


def test_a_text_that_markdown_cannot_hold_says_so() -> None:
    deep = Worded("x", "<ul><li>" * 400 + "x")
    said = Unconvertible("the text is nested too deeply to be written as Markdown")
    assert rich_text.written(A, deep, (MARKDOWN, "")) == said


def _worded(html: str) -> Worded:
    found = rich_text.canonical(html)
    assert isinstance(found, Worded)
    return found


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ((MARKDOWN, "a **b**"), "<p>a <strong>b</strong></p>\n"),
        (("html", "a"), ""),
        ("<script>a</script>", "<script>a</script>"),
        (None, ""),
        (3, ""),
    ],
)
def test_a_text_in_either_format_as_html(raw: Raw, html: str) -> None:
    assert rich_text.html_of(raw) == html


@pytest.mark.parametrize(
    ("raw", "empty"),
    [(None, True), ("", True), ((), True), ((MARKDOWN, ""), True), ((MARKDOWN, "x"), False), (" ", False), (0, False)],
)
def test_a_field_that_holds_nothing_is_empty_in_whatever_format(raw: Raw, empty: bool) -> None:
    assert rich_text.is_empty(raw) is empty
