"""Deals decorations out: each a set number of times first, then now and then at random."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from local.azure_devops.seed.decorations import Decoration, Spot

_LATER_SHARE = 0.15


class Deck:
    """A group of decorations of which an item carries at most one."""

    def __init__(self, decorations: Sequence[Decoration], rounds: int, random: Random) -> None:
        self._all = decorations
        self._waiting = [one for _ in range(rounds) for one in decorations]
        self._random = random
        self._used: Counter[str] = Counter()

    def number(self, decoration: Decoration) -> int:
        """How often it was dealt before."""
        return self._used[decoration.name]

    def deal(self, spot: Spot) -> Decoration | None:
        """The first one waiting that suits the spot; once none waits, one at random for some spots."""
        dealt = next((one for one in self._waiting if one.suits(spot)), None)
        if dealt:
            self._waiting.remove(dealt)
        elif not self._waiting and self._random.random() < _LATER_SHARE:
            chosen = self._random.choice(self._all)
            dealt = chosen if chosen.suits(spot) else None
        if dealt:
            self._used[dealt.name] += 1
        return dealt
