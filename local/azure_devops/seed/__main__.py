"""Prints how many of each oddity a seeded organization holds, and what is expected of each."""

import argparse
from collections import Counter
from textwrap import shorten

from local.azure_devops.model import Organization
from local.azure_devops.seed import FAILING, ODDITIES, counted, organization, populate
from local.azure_devops.seed.oddities import Oddity
from local.azure_devops.world import World

_EXPECTED_WIDTH = 100


def table(seeded: Organization) -> str:
    """The oddities as a table: name, count, source, what is expected; then totals."""
    counts = counted(seeded)
    oddities = [*ODDITIES, *(FAILING if seeded.expected_failures else ())]
    width = max(len(oddity.name) for oddity in oddities)
    source = max(len(oddity.source) for oddity in oddities)
    head = f"{'oddity':<{width}}  count  {'source':<{source}}  expected of a first sync"
    rows = [_row(oddity, counts, width, source) for oddity in oddities]
    return "\n".join([head, "-" * len(head), *rows, "", _totals(seeded)])


def _row(oddity: Oddity, counts: Counter[str], width: int, source: int) -> str:
    expected = shorten(oddity.expected, _EXPECTED_WIDTH, placeholder=" …")
    return f"{oddity.name:<{width}}  {counts[oddity.name]:>5}  {oddity.source:<{source}}  {expected}"


def _totals(seeded: Organization) -> str:
    deleted = sum(item.deleted is not None for item in seeded.items.values())
    return (
        f"{len(seeded.items)} work items in {len(seeded.projects)} team projects; "
        f"{deleted} deleted, {len(seeded.unreadable)} unreadable, {len(seeded.oddities)} with an oddity, "
        f"{len(seeded.expected_failures)} expected to fail"
    )


def main() -> None:
    """Reads `--size` and `--seed`, prints the table."""
    parser = argparse.ArgumentParser(prog="python -m local.azure_devops.seed", description=__doc__)
    parser.add_argument("--size", type=int, default=300, help="number of work items (default 300)")
    parser.add_argument("--seed", default="default", help="default, failing, or any other word or number")
    arguments = parser.parse_args()
    world = World(organization())
    populate(world, arguments.size, arguments.seed)
    print(table(world.organization))


if __name__ == "__main__":
    main()
