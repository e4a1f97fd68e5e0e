"""What docs/mutation.md says: the figures of each module, and why each mutant that lives may live."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.stage import ROOT

REASONS = Path(__file__).with_name("survivors.toml")
ABOUT = Path(__file__).with_name("about.md")
DOCUMENT = ROOT / "docs" / "mutation.md"
LEAST = 0.9


def reasons() -> Mapping[str, str]:
    """The reason of each survivor that has one, by its key."""
    listed = tomllib.loads(REASONS.read_text())["reason"]
    found = {mutant: one["why"] for one in listed for mutant in one["mutants"]}
    if len(found) != sum(len(one["mutants"]) for one in listed):
        raise ValueError(f"{REASONS.name} has two reasons for one mutant")
    return found


def share(mutants: Iterable[Mutant]) -> float:
    """How many of the mutants were killed, of one."""
    killed = [one.killed for one in mutants]
    return sum(killed) / len(killed)


def problems(mutants: list[Mutant], why: Mapping[str, str]) -> list[str]:
    """What keeps the result from being good: too many survivors, or one without a reason."""
    found = [] if share(mutants) >= LEAST else [f"{share(mutants):.1%} killed; {LEAST:.0%} are wanted"]
    found += [f"survived without a reason: {one.key}" for one in mutants if not one.killed and one.key not in why]
    return found


def outlived(mutants: list[Mutant], why: Mapping[str, str]) -> list[str]:
    """Reasons of mutants that are killed now, or exist no more."""
    living = {one.key for one in mutants if not one.killed}
    return [key for key in why if key not in living]


def document(mutants: list[Mutant], why: Mapping[str, str]) -> str:
    """docs/mutation.md as it is with these results."""
    return "\n".join([ABOUT.read_text().rstrip(), "", *_figures(mutants), "", *_survivors(mutants, why), ""])


def _figures(mutants: list[Mutant]) -> list[str]:
    by_module: dict[str, list[Mutant]] = defaultdict(list)
    for one in mutants:
        by_module[one.module].append(one)
    rows = [("all", mutants), *sorted(by_module.items())]
    return ["## Figures", "| module | mutants | killed | survived | share |", "|---|---|---|---|---|"] + [
        f"| {name} | {len(some)} | {sum(one.killed for one in some)} | {sum(not one.killed for one in some)} "
        f"| {share(some):.1%} |"
        for name, some in rows
    ]


def _survivors(mutants: list[Mutant], why: Mapping[str, str]) -> list[str]:
    living = [one for one in mutants if not one.killed]
    counted = Counter(why[one.key] for one in living)
    lines = ["## Survivors", "Each is listed: its function, and its lines before and after.", ""]
    for reason in dict.fromkeys(why.values()):
        if counted[reason]:
            lines += [f"### {reason}", ""]
            lines += [f"- {one.key}" for one in living if why[one.key] == reason]
            lines.append("")
    return lines[:-1]
