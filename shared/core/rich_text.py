"""Rich text (R24): HTML in OnePlan, HTML or Markdown in Azure DevOps (ado-api.md section 5, multilineFieldsFormat).

A raw Markdown text is `("markdown", text)`, a raw HTML text is a plain string, so that the format is part of the value.
Texts compare by what they show: blanks, entities, the order of attributes, `div` or `p` make no difference, and neither
does what sanitising takes away. They are written as sanitised HTML, or as Markdown where the field holds Markdown.
"""

import re
from html import escape, unescape
from types import ModuleType
from urllib.parse import unquote

import nh3

from shared.core.model import Canonical, Raw, Side, Unconvertible, Worded

MARKDOWN = "markdown"
# What Azure DevOps takes in a long text (ado-api.md section 7).
LONGEST_RICH_TEXT = 1_048_576
# Nested more than this, a text was made to slow its readers down: parsing it takes minutes.
DEEPEST = 500

_PARAGRAPHS = {"p", "div"}
_BLOCKS = {
    *(f"h{level}" for level in range(1, 7)),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
}
_INLINE = {"a", "b", "strong", "i", "em", "u", "s", "del", "ins", "code", "kbd", "sub", "sup", "img", "br"}
_SAME = {"b": "strong", "i": "em", "del": "s"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "code": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ENDLESS = {"p", "li", "br", "hr", "img", "tr", "td", "th", "dt", "dd", "input", "meta", "link", "col", "wbr"}
_COUNTED = ("colspan", "href", "rowspan", "src", "start")
_SCHEMES = {"http", "https", "mailto"}

_TAG = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
_NAMED = re.compile(r"<(/?)([a-z0-9]+)")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')

# Between the tokens of a sense: around a block, between paragraphs, a line break, a blank that counts. To Python all
# four are blanks, so `strip` takes them.
_BLOCK, _PARAGRAPH, _LINE, _BLANK = "\x1d", "\x1e", "\x1f", "\x1c"


def canonical(raw: Raw) -> Canonical | Unconvertible:
    """The text by what it shows; None where it shows nothing. Its words are sanitised HTML."""
    match raw:
        case (str(form), str(text)) if form == MARKDOWN:
            html = _markdown().html_of(text)
        case str():
            html = raw
        case _:
            return Unconvertible(f"{raw!r} is no text")
    if _depth(html) > DEEPEST:
        return Unconvertible(f"its tags are nested more than {DEEPEST} deep")
    html = sanitised(html)
    sense = _sense(html)
    return Worded(sense, html) if sense else None


def html_of(raw: Raw) -> str:
    """A text in either format as HTML, not sanitised; "" for none."""
    match raw:
        case (str(form), str(text)) if form == MARKDOWN:
            return str(_markdown().html_of(text))
        case str():
            return raw
        case _:
            return ""


def written(side: Side, value: Canonical, there: Raw) -> Raw | Unconvertible:
    """What the side is sent: Markdown where its field holds Markdown now, else HTML."""
    if not isinstance(value, Worded):
        return None
    html = str(value.words)
    text = _markdown().markdown_of(html) if is_markdown(there) else html
    if text is None:
        return Unconvertible("the text is nested too deeply to be written as Markdown")
    if side is Side.AZURE_DEVOPS and len(text) > LONGEST_RICH_TEXT:
        return Unconvertible(f"it has {len(text)} characters; Azure DevOps takes {LONGEST_RICH_TEXT}")
    return (MARKDOWN, text) if is_markdown(there) else text


def _markdown() -> ModuleType:
    """Loaded on first use: its libraries take half a second, and a cold start has three (design.md, decision 16)."""
    from shared.core import markdown

    return markdown


def is_markdown(raw: Raw) -> bool:
    return isinstance(raw, tuple) and raw[:1] == (MARKDOWN,)


def is_empty(raw: Raw) -> bool:
    """True for a field that holds nothing, in whatever format."""
    return raw in (None, "", (), (MARKDOWN, ""))


def sanitised(html: str) -> str:
    """The HTML without scripts, styles, frames and all else that this app does not carry over (R24, R43)."""
    return nh3.clean(
        html,
        tags=_PARAGRAPHS | _BLOCKS | _INLINE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _depth(html: str) -> int:
    """How deep tags are nested at most, not counting those that end by themselves."""
    depth = deepest = 0
    for found in _NAMED.finditer(html.lower()):
        if found[2] not in _ENDLESS:
            depth += -1 if found[1] and depth else 1 if not found[1] else 0
            deepest = max(deepest, depth)
    return deepest


def _sense(html: str) -> str:
    """What a sanitised text shows, with its structure, in one form."""
    parts: list[str] = []
    preformatted = False
    for number, token in enumerate(_TAG.split(html)):
        if number % 2 == 0:
            parts.append(_text(token, preformatted=preformatted))
            continue
        closing, name = _NAMED.findall(token)[0]
        preformatted = not closing if name == "pre" else preformatted
        parts.append(_tag(closing, name, token, preformatted=preformatted))
    joined = _tidy("".join(parts))
    shown = re.sub(r"<(?!img|hr)[^>]*>", "", joined)
    return joined if shown.strip() else ""


def _text(token: str, *, preformatted: bool) -> str:
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", unescape(token))
    if preformatted:
        return escape(text).replace(" ", _BLANK)
    return escape(re.sub(r"\s+", " ", text))


def _tag(closing: str, name: str, token: str, *, preformatted: bool) -> str:
    if name in _PARAGRAPHS:
        return _PARAGRAPH
    if name == "br":
        return _LINE
    if preformatted and name == "code":
        return ""
    shown = f"<{closing}{_SAME.get(name, name)}{_attributes(token)}>"
    return f"{_BLOCK}{shown}{_BLOCK}" if name in _BLOCKS else shown


def _attributes(token: str) -> str:
    found = {name: unquote(unescape(value)) for name, value in _ATTRIBUTE.findall(token)}
    return "".join(f' {name}="{escape(found[name])}"' for name in _COUNTED if name in found)


_OPENING = re.compile(r"(?:<(?!img)[a-z][^>]*> *)+")
_CLOSING = re.compile(r"(?: *</[a-z0-9]+>)+")
_SPACE = re.compile(f"[ {_PARAGRAPH}{_LINE}{_BLOCK}]+")


def _tidy(text: str) -> str:
    """Blanks where they show: once, outside of what they stand at the edge of, and not beside a break."""
    text = _OPENING.sub(lambda found: _outside(found[0], before=True), text)
    text = _CLOSING.sub(lambda found: _outside(found[0], before=False), text)
    text = _SPACE.sub(lambda found: _space(found[0]), text)
    return re.sub(rf"\n*{_BLOCK}</pre>", f"{_BLOCK}</pre>", text).strip()


def _outside(tags: str, *, before: bool) -> str:
    """The tags with the blanks between them moved out. Blanks within a tag are before its attributes."""
    closed = re.sub("> +", ">", re.sub(" +<", "<", tags))
    if closed == tags:
        return tags
    return f" {closed}" if before else f"{closed} "


def _space(run: str) -> str:
    """What a run of blanks and breaks comes to."""
    if _BLOCK in run:
        return _BLOCK
    if _PARAGRAPH in run:
        return _PARAGRAPH + _LINE * run.rpartition(_PARAGRAPH)[2].count(_LINE)
    return _LINE * run.count(_LINE) or " "
