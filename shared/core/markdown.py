"""Markdown as HTML and back (docs/adr/0006)."""

import re
from itertools import chain

from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdownify import MarkdownConverter

# A line end is a line break, as in Azure DevOps' own editor (docs/assumptions.md); HTML within is sanitised afterwards.
_READER = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
# A mention is "@" and the id of a person in angle brackets (docs/assumptions.md); an id that begins with a letter looks
# like a tag of HTML. Boxes to tick are kept as text.
_ID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_MENTIONED, _ESCAPED = re.compile(f"<{_ID}>"), re.compile(rf"@\\?<({_ID})\\?>")
_BOX = re.compile(r"^(\s*(?:[-+*]|\d+[.)]) +)\\\[([ xX])\\\] ", re.MULTILINE)


def _mentions(state: StateCore) -> None:
    """A mention is text."""
    for token in chain.from_iterable(one.children or () for one in state.tokens):
        if token.type == "html_inline" and _MENTIONED.fullmatch(token.content):
            token.type = "text"


_READER.core.ruler.push("mentions", _mentions)


def html_of(text: str) -> str:
    """The Markdown as HTML, not sanitised."""
    return str(_READER.render(text))


class _Writer(MarkdownConverter):
    """Underlining has no Markdown form but its tag."""

    def convert_u(self, _element: Tag, text: str, **_context: object) -> str:
        return f"<u>{text}</u>" if text.strip() else text


def _language(element: Tag) -> str:
    """The language of a code block, which HTML has as a class of the code in it."""
    classes = element.code.get_attribute_list("class") if element.code else []
    return next((str(one).removeprefix("language-") for one in classes if str(one).startswith("language-")), "")


_WRITER = _Writer(
    heading_style="ATX",
    bullets="-",
    escape_misc=True,
    newline_style="BACKSLASH",
    sub_symbol="<sub>",
    sup_symbol="<sup>",
    code_language_callback=_language,
)


def markdown_of(html: str) -> str | None:
    """The sanitised HTML as Markdown; None where it is nested too deeply."""
    # A no-break blank beside a star keeps it from being emphasis (CommonMark 0.31, section 6.2).
    blanks = html.replace("&nbsp;", " ")
    # The writer's time grows with the square of a run of blanks.
    short = re.sub(r"\s{200,}", lambda run: run[0][:200], blanks)
    soup = BeautifulSoup(f"<div>{short}</div>", "html.parser")
    try:
        text = str(_WRITER.convert_soup(soup)).strip()
    except RecursionError:
        return None
    return _BOX.sub(r"\1[\2] ", _ESCAPED.sub(r"@<\1>", text))
