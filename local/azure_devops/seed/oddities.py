"""What is odd in the seeded organization, how often at least, and what a sync is expected to make of it."""

from collections import Counter
from dataclasses import dataclass

from local.azure_devops.model import Organization

# The connection that the expectations below are stated for; every other option has its default.
PLAN_LEVEL_TYPES = ("Epic", "Feature")
TASK_TYPES = ("User Story", "Product Backlog Item", "Requirement", "Issue", "Task", "Bug")
AT_LEAST = 3


@dataclass(frozen=True)
class Oddity:
    """`expected` is for a first sync with the types above; `source` names the requirement or table row."""

    name: str
    expected: str
    source: str


_ANCESTRY = "R3 ancestry"

ANCESTRY = (
    Oddity("epic-without-parent", "top plan", _ANCESTRY),
    Oddity("feature-under-epic", "plan under the Epic's plan", _ANCESTRY),
    Oddity("feature-without-parent", "top plan", _ANCESTRY),
    Oddity(
        "level-skipped",
        "Feature directly under an Initiative: plan under it where Initiative is a plan level, else top plan",
        _ANCESTRY,
    ),
    Oddity("inverted", 'Epic under Feature: left out, "order differs from the configured levels"', _ANCESTRY),
    Oddity("same-type", 'Feature under Feature, Epic under Epic: left out, "order differs"', _ANCESTRY),
    Oddity("task-under-plan", "task type directly under a Feature: task in its plan", _ANCESTRY),
    Oddity("nested-task", "task type under a task type: task in the plan above, nested", _ANCESTRY),
    Oddity("no-plan-above", 'task type whose chain reaches no plan: left out, "no plan above"', _ANCESTRY),
    Oddity("plan-under-task", 'Feature under a story: left out, "order differs"', _ANCESTRY),
    Oddity("type-not-configured", 'Initiative, Test Case, Impediment: left out, "type is not configured"', "R4"),
    Oddity("child-of-type-left-out", "taken to the nearest ancestor in scope, else as without parent", _ANCESTRY),
    Oddity("child-of-scope-left-out", "parent has no iteration: taken to the story above it", _ANCESTRY),
    Oddity("parent-in-other-project", "the same rules as within one project", _ANCESTRY),
    Oddity("deleted-parent", "as if it had none: plan types become top plans", _ANCESTRY),
    Oddity("task-of-deleted-parent", 'as if it had none: left out, "no plan above"', _ANCESTRY),
    Oddity("unreadable-parent", "as if it had none: plan types become top plans", _ANCESTRY),
    Oddity("task-of-unreadable-parent", 'as if it had none: left out, "no plan above"', _ANCESTRY),
    Oddity("unreadable", "in no query, 404 when asked for: not brought in", "ado-api 2"),
    Oddity("older-than-parent", "a lower id than its parent: still parents first", "R13, R18"),
    Oddity("deep-nesting", "seven task types below each other: nested seven deep", "R4"),
)
SCOPE = (
    Oddity("task-without-iteration", "Task in the root iteration: left out until it has one", "R6"),
    Oddity("bug-without-iteration", "Bug in the root iteration: left out until it has one", "R6"),
    Oddity("story-without-iteration", "never filtered by iteration: comes in", "R6"),
    Oddity("deleted", "in the recycle bin: not brought in", "R20"),
    Oddity("state-removed", "comes in with its state", "R26"),
)
RELATIONS = (
    Oddity("56-relations", "parent, 5 children, 20 related, 15 hyperlinks, 15 files: only the tree counts", "R18"),
    Oddity("comments", "HTML, Markdown, edited and deleted comments: copied only where switched on", "R25"),
)
TEXTS = (
    Oddity("title-unicode", "name is the title, character by character", "R11"),
    Oddity("title-emoji", "name is the title, surrogate pairs and joiners included", "R11"),
    Oddity("title-right-to-left", "name is the title", "R11"),
    Oddity("title-markup", "name is the title; never run or rendered as HTML in the page", "R43"),
    Oddity("title-combining", "not normalised on the way", "R17"),
    Oddity("title-blanks", "inner and zero-width blanks survive", "R17"),
    Oddity("title-numeric", "stays text, is no number or formula", "R11"),
    Oddity("title-255", "the longest title arrives whole", "R35"),
    Oddity("title-repeated", "same title, type and parent as a sibling: two counterparts, never adopted", "R31"),
    Oddity("description-markdown", "kept as Markdown", "R24"),
    Oddity("description-rich", "survives a round trip unchanged", "R24"),
    Oddity("description-unsafe", "sanitised on the way in, residue recorded", "R24, R43"),
    Oddity("description-empty-markup", "empty on both sides is no difference", "R22"),
    Oddity("description-long", "about 60,000 characters: hashed base, no table property over its limit", "R24"),
)
PEOPLE = (
    Oddity("assigned-unicode", "matched by mail", "R23"),
    Oddity("assigned-awkward-name", "angle brackets or a comma in the name: matched by mail", "R23"),
    Oddity("assigned-same-name", "two people of one display name: matched by mail, never by name", "R23"),
    Oddity("assigned-no-mail", "no mail: unique name, then unique display name, else left alone", "R23"),
    Oddity("assigned-domain-user", "DOMAIN\\user: mail where there is one, else unmatched", "R23"),
    Oddity("assigned-inactive", "matched if OnePlan knows the person, else left alone", "R23"),
    Oddity("assigned-service", "service account: unmatched, listed once", "R23"),
    Oddity("assigned-mail-case", "mail in another letter case: matched", "R23"),
    Oddity("assigned-unknown", "unknown to OnePlan: field left alone, listed once, default owner on plans", "R23"),
    Oddity("unassigned", "no assignee: a plan gets the default owner", "R23"),
)
VALUES = (
    Oddity("dates-reversed", "start after target: both go over as they are", "R11"),
    Oddity("date-start-only", "one date alone goes over", "R11"),
    Oddity("date-fraction", "a time with fraction digits is the same day on both sides", "R17"),
    Oddity("tags-unicode", "blanks, umlauts and emoji in tags: a set, order does not count", "R11"),
    Oddity("tags-many", "100 tags, the most that one item may have", "R11"),
    Oddity("effort-zero", "0 is a value, not empty", "R16"),
    Oddity("effort-fraction", "0.5 survives", "R17"),
    Oddity("custom-fields", "picklist and text of the inherited process", "R11"),
    Oddity("area-awkward", "ampersand, umlaut and symbol in the area path", "R8"),
    Oddity("iteration-without-dates", "in an iteration (below the root), though it has no dates", "R6"),
    Oddity("order-absent", "no stack rank: after its ranked siblings", "R18"),
    Oddity("order-equal", "same rank as a sibling: a stable order by id", "R18"),
    Oddity("many-revisions", "only the newest revision counts", "R13"),
)
FAILING = (
    Oddity("refused-plan", f"OnePlan refuses the name ({chr(0x26D4)} first): fails alone, listed", "R35"),
    Oddity("refused-task", f"OnePlan refuses the name ({chr(0x26D4)} first): fails alone, listed", "R35"),
    Oddity("waits-for-refused", "its parent could not be created: waits, is no failure itself", "R18"),
    Oddity("marker-inside", f"{chr(0x26D4)} inside the title is not refused: arrives", "R35"),
)
ODDITIES = (*ANCESTRY, *SCOPE, *RELATIONS, *TEXTS, *PEOPLE, *VALUES)


def counted(organization: Organization) -> Counter[str]:
    """How many items of each oddity the organization holds."""
    return Counter(name for names in organization.oddities.values() for name in names)
