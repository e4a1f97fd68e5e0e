"""Descriptions: HTML as Boards stores it, Markdown, and very long ones."""

from random import Random

MARKDOWN = (
    "# Goal\n\n- [ ] first\n- [x] **done**\n\n| a | b |\n|---|---|\n| 1 | `<code>` |\n",
    "Plain line with *stars*, _underscores_ and a [link](https://example.com/?a=1&b=2).\n\n> quote\n",
    "```python\nprint('<b>&amp;</b>')\n```\n\nÜber 100 % — 日本語 ✅\n",
)
RICH = (
    "<div>Steps:<ol><li>open</li><li>close&nbsp;<b>twice</b></li></ol></div>",
    '<p style="color:rgb(255,0,0)">Red &amp; <i>slanted</i><br></p><table><tr><td>1</td></tr></table>',
    '<div><a href="https://example.com/?a=1&amp;b=2">link</a> <span>Ünïcödé 🎉</span></div>',
)
UNSAFE = (
    '<div>before<script>alert("description")</script>after</div>',
    '<img src="x" onerror="alert(1)"><a href="javascript:alert(2)">click</a>',
    '<div style="background:url(https://evil.example/track)"><iframe src="//evil.example"></iframe></div>',
)
EMPTY_MARKUP = ("<div><br></div>", "<p>&nbsp;</p>", "<div></div>")

_SENTENCES = (
    "The depot needs this before the season starts.",
    "Numbers come from the weekly report.",
    "See the notes of the last review.",
    "Works today, but nobody trusts it.",
    "The partner sends one file a night.",
)
# Above the 32,768 UTF-16 units that fit into one string of table storage (design.md, decision 14).
_LONG_PARAGRAPHS = 900


def plain(random: Random) -> str:
    """A short HTML description."""
    return "".join(f"<p>{sentence}</p>" for sentence in random.sample(_SENTENCES, random.randint(1, 3)))


def long_html(number: int) -> str:
    """About 60,000 characters of HTML."""
    paragraphs = (f"<p>{number}.{line} {_SENTENCES[line % len(_SENTENCES)]}</p>" for line in range(_LONG_PARAGRAPHS))
    return f"<div>{''.join(paragraphs)}</div>"
