"""HTML as the service keeps it: unknown tags, scripts and styles go, entities change (section 7)."""

from html import escape
from html.parser import HTMLParser

KEPT = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p",
    "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
DROPPED_WHOLE = {"script", "style"}
VOID = {"br", "hr", "img"}


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in DROPPED_WHOLE
        if tag in KEPT and not self._hidden:
            kept = [(name, value or "") for name, value in attrs if name in ATTRIBUTES.get(tag, set())]
            safe = [(name, value) for name, value in kept if not value.lower().startswith("javascript:")]
            written = "".join(f' {name}="{escape(value)}"' for name, value in safe)
            self.parts.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in DROPPED_WHOLE and self._hidden > 0
        if tag in KEPT and tag not in VOID and not self._hidden:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(escape(data, quote=False).replace("\u00a0", "&nbsp;"))


def sanitised(text: str) -> str:
    """What the service stores of an HTML text; a second time changes nothing."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.parts)
