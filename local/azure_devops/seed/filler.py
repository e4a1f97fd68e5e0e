"""Ordinary work: trees of epics, features, stories, tasks and bugs over all projects, decorated."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.azure_devops.model import Project, WorkItem
from local.azure_devops.seed import decorations
from local.azure_devops.seed.deck import Deck
from local.azure_devops.seed.decorations import Decoration, Spot
from local.azure_devops.seed.planter import Kind, Planter

_BELOW: dict[Kind, Kind] = {"epic": "feature", "feature": "story", "story": "task"}
_CHILDREN = {"epic": (2, 3), "feature": (2, 4), "story": (0, 4)}
_BUG_SHARE = 0.3


class Filler:
    """Plants ordinary trees until the given number of items stands."""

    def __init__(self, planter: Planter, rounds: int) -> None:
        self._planter = planter
        groups = (decorations.TEXTS, decorations.PEOPLE, decorations.VALUES)
        self._decks = [Deck(group, rounds, planter.random) for group in groups]
        self.planted: list[WorkItem] = []

    def fill(self, projects: list[Project]) -> None:
        """Trees in one project after another until nothing is left to plant."""
        turn = 0
        while self._planter.room > 0:
            self._grow(projects[turn % len(projects)], "epic", None, {})
            turn += 1

    def _grow(self, project: Project, kind: Kind, parent: WorkItem | None, siblings: dict[Kind, WorkItem]) -> None:
        if self._planter.room <= 0:
            return
        item = self._plant(project, kind, parent, siblings.get(kind))
        siblings[kind] = item
        self.planted.append(item)
        below = self._below(project, kind)
        if below is None:
            return
        family: dict[Kind, WorkItem] = {}
        for _ in range(self._planter.random.randint(*_CHILDREN[kind])):
            self._grow(project, self._or_bug(project, below), item, family)

    def _below(self, project: Project, kind: Kind) -> Kind | None:
        """Basic has no features: its stories (Issues) stand under epics."""
        below = _BELOW.get(kind)
        return "story" if below == "feature" and not self._planter.has(project, "Feature") else below

    def _or_bug(self, project: Project, kind: Kind) -> Kind:
        may_be = kind == "task" and self._planter.has(project, "Bug")
        return "bug" if may_be and self._planter.random.random() < _BUG_SHARE else kind

    def _plant(self, project: Project, kind: Kind, parent: WorkItem | None, sibling: WorkItem | None) -> WorkItem:
        spot = Spot(self._planter, project, kind, sibling, 0)
        fields: dict[str, Any] = {}
        formats: dict[str, str] = {}
        dealt = [(deck, one) for deck in self._decks if (one := deck.deal(spot))]
        for deck, one in dealt:
            made = one.fields(replace(spot, number=deck.number(one)))
            fields |= made
            formats |= _formats(one, made)
        names = [one.name for _, one in dealt]
        return self._planter.plant(project, kind, *names, parent=parent, fields=fields, formats=formats)


def _formats(decoration: Decoration, made: Mapping[str, Any]) -> dict[str, str]:
    return dict.fromkeys(made, "markdown") if decoration.markdown else {}
