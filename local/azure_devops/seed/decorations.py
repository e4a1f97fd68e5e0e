"""Oddities that any ordinary work item may carry: what it holds in which field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.azure_devops.model import Identity, Project, WorkItem
from local.azure_devops.seed import people, texts, titles
from local.azure_devops.seed.fields import REPRO_STEPS, RISK_LEVEL, SPONSOR_NOTE, START, TARGET
from local.azure_devops.seed.planter import Kind, Planter

TITLE = "System.Title"
DESCRIPTION = "System.Description"
_TAG_LIMIT = 100


@dataclass(frozen=True)
class Spot:
    """Where an item is about to be planted. `sibling` has the same type and parent; `number` counts uses."""

    planter: Planter
    project: Project
    kind: Kind
    sibling: WorkItem | None
    number: int

    @property
    def text_field(self) -> str:
        """Where the type keeps its long text (ado-api.md section 7: bugs use ReproSteps)."""
        return REPRO_STEPS if self.kind == "bug" else DESCRIPTION


type Fields = Callable[[Spot], Mapping[str, Any]]


def _anywhere(_spot: Spot) -> bool:
    return True


@dataclass(frozen=True)
class Decoration:
    """An oddity with the fields that make it; `suits` says where it may be. `markdown`: the text's format."""

    name: str
    fields: Fields
    suits: Callable[[Spot], bool] = _anywhere
    markdown: bool = False


def _title(name: str, values: tuple[str, ...]) -> Decoration:
    return Decoration(f"title-{name}", lambda spot: {TITLE: values[spot.number % len(values)]})


def _text(name: str, values: tuple[str, ...], *, markdown: bool = False) -> Decoration:
    return Decoration(
        f"description-{name}",
        lambda spot: {spot.text_field: values[spot.number % len(values)]},
        markdown=markdown,
    )


def _assigned(name: str, *who: Identity) -> Decoration:
    return Decoration(f"assigned-{name}", lambda spot: {"System.AssignedTo": who[spot.number % len(who)]})


def _has_sibling(spot: Spot) -> bool:
    return spot.sibling is not None


def _has_ranked_sibling(spot: Spot) -> bool:
    return spot.sibling is not None and _order(spot) in spot.sibling.now.fields


def _order(spot: Spot) -> str:
    return spot.planter.world.organization.process_of(spot.project).order_field


def _effort(spot: Spot) -> str:
    return spot.planter.world.organization.process_of(spot.project).effort_field


def _of_sibling(spot: Spot, name: str) -> Any:
    return spot.sibling.now.fields[name] if spot.sibling else None


def _is_story(spot: Spot) -> bool:
    return spot.kind == "story"


def _has_custom_fields(spot: Spot) -> bool:
    return spot.kind in {"epic", "feature", "story"} and spot.planter.has(spot.project, "Initiative")


def _custom(spot: Spot) -> dict[str, Any]:
    choices = spot.planter.world.organization.fields[RISK_LEVEL].picklist
    return {
        RISK_LEVEL: choices[(spot.number + 2) % len(choices)],
        SPONSOR_NOTE: "Sponsor: <Paula> & “Team”",
    }


def _can_be_removed(spot: Spot) -> bool:
    organization = spot.planter.world.organization
    wanted = spot.planter.type_of(spot.project, spot.kind)
    types = organization.process_of(spot.project).types
    return any(one.name == wanted and any(s.name == "Removed" for s in one.states) for one in types)


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _area(spot: Spot) -> str:
    return spot.project.areas.children[-1].path


def _undated(spot: Spot) -> str:
    return spot.project.iterations.children[-1].children[0].path


TEXTS = (
    _title("unicode", titles.UNICODE),
    _title("emoji", titles.EMOJI),
    _title("right-to-left", titles.RIGHT_TO_LEFT),
    _title("markup", titles.MARKUP),
    _title("combining", titles.COMBINING),
    _title("blanks", titles.BLANKS),
    _title("numeric", titles.NUMERIC),
    Decoration("title-255", lambda spot: {TITLE: titles.longest(spot.number)}),
    Decoration("title-repeated", lambda spot: {TITLE: _of_sibling(spot, TITLE)}, _has_sibling),
    _text("markdown", texts.MARKDOWN, markdown=True),
    _text("rich", texts.RICH),
    _text("unsafe", texts.UNSAFE),
    _text("empty-markup", texts.EMPTY_MARKUP),
    Decoration("description-long", lambda spot: {spot.text_field: texts.long_html(spot.number)}),
)
PEOPLE = (
    _assigned("unicode", people.UNICODE, people.RIGHT_TO_LEFT, people.CHINESE),
    _assigned("awkward-name", people.ANGLE_BRACKETS, people.COMMA),
    _assigned("same-name", people.SAME_NAME_1, people.SAME_NAME_2),
    _assigned("no-mail", people.NO_MAIL),
    _assigned("domain-user", people.DOMAIN_USER, people.DOMAIN_MAIL),
    _assigned("inactive", people.INACTIVE),
    _assigned("service", people.SERVICE),
    _assigned("mail-case", people.UPPER_CASE_MAIL),
    _assigned("unknown", people.UNKNOWN_TO_ONEPLAN),
    Decoration("unassigned", lambda _spot: {"System.AssignedTo": None}),
)
VALUES = (
    Decoration("custom-fields", _custom, _has_custom_fields),
    Decoration("effort-zero", lambda spot: {_effort(spot): 0.0}, _is_story),
    Decoration("effort-fraction", lambda spot: {_effort(spot): 0.5}, _is_story),
    Decoration("state-removed", lambda _spot: {"System.State": "Removed"}, _can_be_removed),
    Decoration(
        "dates-reversed", lambda _spot: {START: _day("2026-09-30T00:00:00"), TARGET: _day("2026-09-01T00:00:00")}
    ),
    Decoration("date-start-only", lambda _spot: {START: _day("2026-08-03T00:00:00"), TARGET: None}),
    Decoration(
        "date-fraction", lambda _spot: {START: _day("2026-07-06T07:08:09.23"), TARGET: _day("2026-07-20T21:59:59.837")}
    ),
    Decoration("tags-unicode", lambda _spot: {"System.Tags": "Größe; two words; 🎯; UPPER; 日本"}),
    Decoration("tags-many", lambda _spot: {"System.Tags": "; ".join(f"tag-{n:03}" for n in range(_TAG_LIMIT))}),
    Decoration("area-awkward", lambda spot: {"System.AreaPath": _area(spot)}),
    Decoration("iteration-without-dates", lambda spot: {"System.IterationPath": _undated(spot)}),
    Decoration("order-absent", lambda spot: {_order(spot): None}),
    Decoration("order-equal", lambda spot: {_order(spot): _of_sibling(spot, _order(spot))}, _has_ranked_sibling),
)
