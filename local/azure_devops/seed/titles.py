"""Titles: plain ones for the filler, awkward ones for the oddities."""

from random import Random

LONGEST = 255

_ACTIONS = ("Build", "Rework", "Measure", "Migrate", "Design", "Retire", "Harden", "Document", "Automate")
_THINGS = (
    "the checkout basket",
    "gift cards",
    "returns portal",
    "fibre patch plan",
    "stock forecast",
    "loyalty points",
    "price import",
    "audit trail",
    "invoice archive",
    "search ranking",
    "field service app",
    "depot labels",
)
_REASONS = ("for mobile", "for partners", "in Berlin", "before the audit", "for the pilot", "at scale")

UNICODE = (
    "Größenänderung – Übergrößen prüfen",
    "支付流程优化:第二阶段",
    "Платёж по счёту №42",
    "Ceci n’est pas une tâche",
)
EMOJI = ("🚀 Launch day", "Fix 🐛 in 👩‍👩‍👧‍👦 accounts", "Flag 🇩🇪 shipping", "👍🏽 Feedback wall")
RIGHT_TO_LEFT = ("تحسين صفحة الدفع", "שיפור דף התשלום (v2)", "mixed עברית and English")
MARKUP = (
    "<script>alert('title')</script>",
    "Price < 5 & quantity > 3",
    "\"Quoted\" 'title' with {{braces}} & &amp;",
    "<b>not bold</b>; DROP TABLE plans; --",
)
COMBINING = ("Zo\u0308e\u0301 cafe\u0301", "A\u030angstro\u0308m", "e\u0301clair e\u0302tre")
BLANKS = ("two  blanks   inside", "no-break\u00a0blank\u202fnarrow", "zero\u200bwidth")
NUMERIC = ("42", "0", "1e10", "=SUM(A1:A9)")


def plain(random: Random) -> str:
    """A title as a team would write it; many are alike, few are the same."""
    words = (random.choice(_ACTIONS), random.choice(_THINGS), random.choice(_REASONS))
    return f"{' '.join(words)} ({random.randrange(1000)})"


def longest(number: int) -> str:
    """A title of exactly 255 characters, the most that Azure DevOps takes (ado-api.md section 7 [K])."""
    return (f"{number} " + "Längster zulässiger Titel. " * 10)[: LONGEST - 1] + "!"
