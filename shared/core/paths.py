"""Area and iteration paths: as Azure DevOps writes them, `Project\\Release 1\\Sprint 2`, in any letter case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shared.core.model import Canonical, Raw, Side, Unconvertible, Worded

NO_EMPTY_PATH = "a work item is always somewhere in the tree; name a path"


@dataclass(frozen=True, slots=True)
class Iteration:
    """An iteration of OnePlan. `path` is that of its counterpart in Azure DevOps, which it holds as its ExternalId."""

    id: str
    name: str
    path: str = ""


@dataclass(frozen=True)
class Iterations:
    """Which iteration is which. Without any, a task names its iteration by the path of Azure DevOps.

    `paths` are the iteration paths of Azure DevOps: a name leads to the only path that ends in it.
    """

    known: tuple[Iteration, ...] = ()
    paths: tuple[str, ...] = ()

    def match(self, path: str) -> str | None:
        """The id of OnePlan's iteration for a path: by the path it holds, then by a name that only one has."""
        wanted = _folded(path)
        by_path = next((one.id for one in self.known if one.path and _folded(one.path) == wanted), None)
        return by_path or self._by_name.get(_last(wanted))

    def path(self, named: str) -> str | None:
        """The path for what a task names: an iteration's id, a path, or a name that only one path ends in."""
        found = self._by_id.get(named.casefold())
        if found is not None:
            return found.path or self._by_last.get(found.name.casefold())
        whole = not self.paths or any(_folded(one) == _folded(named) for one in self.paths)
        return named if whole or "\\" in named else self._by_last.get(named.casefold())

    @cached_property
    def _by_id(self) -> Mapping[str, Iteration]:
        return {one.id.casefold(): one for one in self.known}

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """Those without a path only: one that has a path belongs to that one."""
        return _only((one.name.casefold(), one.id) for one in self.known if not one.path)

    @cached_property
    def _by_last(self) -> Mapping[str, str]:
        return _only((_last(_folded(one)), one) for one in self.paths)


def _only(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, one in pairs:
        found[name].append(one)
    return {name: ones[0] for name, ones in found.items() if len(ones) == 1}


def canonical(raw: Raw) -> Canonical:
    """A path; letter case and outer backslashes do not count."""
    return Worded(_folded(str(raw)), str(raw).strip().strip("\\"))


def written(side: Side, value: Canonical) -> Raw | Unconvertible:
    if isinstance(value, Worded):
        return value.words
    return None if side is Side.ONEPLAN else Unconvertible(NO_EMPTY_PATH)


def iteration(side: Side, raw: Raw, iterations: Iterations) -> Canonical | Unconvertible:
    """The path of the iteration, whichever way a side names it."""
    if side is Side.AZURE_DEVOPS:
        return canonical(raw)
    path = iterations.path(str(raw).strip())
    if path is None:
        return Unconvertible(f"no iteration of Azure DevOps, or more than one, is called {raw!r}; write its path")
    return canonical(path)


def iteration_written(side: Side, value: Canonical, iterations: Iterations) -> Raw | Unconvertible:
    """Azure DevOps' path; in OnePlan the id of the iteration where it has any."""
    if side is Side.AZURE_DEVOPS or not iterations.known or not isinstance(value, Worded):
        return written(side, value)
    found = iterations.match(str(value.words))
    return found or Unconvertible(f"no iteration of OnePlan matches {value.words}; create it there, or name it alike")


def is_name(raw: Raw, project: str) -> bool:
    """Whether this is the name of an iteration rather than its path; the project's own name is its root's path."""
    named = _folded(str(raw or ""))
    return named not in ("", project.casefold()) and "\\" not in named


def _folded(path: str) -> str:
    return path.strip().strip("\\").casefold()


def _last(path: str) -> str:
    return path.rpartition("\\")[2]
