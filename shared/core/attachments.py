"""Attachments of a work item as links in a long text of OnePlan (R25). Pure.

The raw value in Azure DevOps is one text for each file, its address and its name. In OnePlan the links stand in a list
of their own within the field; each address ends in a mark, by which ours are told from what people write there.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import quote

from shared.core.model import Canonical, Raw, Side, Worded

# The name of the field that stands for them in Azure DevOps, and of the one to be made in OnePlan.
FIELD = "Attachments"
# What the address of each of our links ends in; browsers do not send it.
MARK = "#attachment"

_LINK = re.compile(rf"<a\b[^<>]*\bhref\s*=\s*[\"']([^\"'<>]*){MARK}[\"'][^<>]*>([^<>]*)</a>", re.IGNORECASE)
_EMPTY = re.compile(r"<(li|ul)\b[^<>]*>(?:\s|&nbsp;)*</\1>", re.IGNORECASE)
_FILE = re.compile(r"/attachments/([^/?#]+)", re.IGNORECASE)


def raw_of(url: str, name: str) -> str:
    """One attachment as a raw value holds it. An address has no blanks."""
    return f"{url} {name}"


def canonical(side: Side, raw: Raw) -> Canonical:
    """The attachments of a work item, or our links in a text of OnePlan, by file and name; None for none."""
    if side is Side.AZURE_DEVOPS:
        return _worded(_split(one) for one in (raw if isinstance(raw, tuple) else (raw,)))
    return _worded((unescape(found[1]), unescape(found[2])) for found in _LINK.finditer(str(raw or "")))


def written(value: Canonical, there: Raw) -> Raw:
    """The text of OnePlan with exactly these links of ours; what people wrote there stays."""
    own, removed = _LINK.subn("", str(there or ""))
    own = _EMPTY.sub("", _EMPTY.sub("", own)) if removed else own
    words = value.words if isinstance(value, Worded) and isinstance(value.words, tuple) else ()
    links = "".join(_shown(*_split(one)) for one in words)
    return (f"{own}<ul>{links}</ul>" if links else own) or None


def _worded(files: Iterable[tuple[str, str]]) -> Canonical:
    found = {f"{_file(url)} {_name(name)}": raw_of(url, _name(name)) for url, name in files}
    keys = sorted(found, key=lambda key: (key.partition(" ")[2].casefold(), key))
    return Worded(tuple(keys), tuple(found[key] for key in keys)) if keys else None


def _split(raw: Raw) -> tuple[str, str]:
    url, _, name = str(raw).partition(" ")
    return url, name


def _file(url: str) -> str:
    """What tells a file from others: addresses are never compared (ado-api.md section 1)."""
    found = _FILE.search(url)
    return (found[1] if found else url.partition("?")[0]).casefold()


def _name(name: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", name).split()) or FIELD


def _shown(url: str, name: str) -> str:
    address = f"{url.partition('?')[0]}?fileName={quote(name)}{MARK}"
    return f'<li><a href="{escape(address)}">{escape(name, quote=False)}</a></li>'
