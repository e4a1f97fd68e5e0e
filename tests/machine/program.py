"""A program: what people, the network and the process do, as data. The same seed is the same program."""

from dataclasses import dataclass
from random import Random

SIDES = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. `number` is unique in its program; the dice choose among what is there by then, so that
    a step means something whatever steps were taken out before it."""

    number: int
    kind: str
    dice: tuple[int, int, int]

    def __str__(self) -> str:
        return f"{self.number}:{self.kind}{self.dice}"


type Program = tuple[Step, ...]

# What people do, with its weight.
EDITS = {
    "devops-title": 6,
    "devops-date": 3,
    "devops-person": 2,
    "devops-reparent": 2,
    "devops-create": 2,
    "oneplan-title": 6,
    "oneplan-date": 3,
    "oneplan-person": 2,
    "oneplan-move": 2,
    "both-title": 2,
    "both-same": 1,
    "devops-delete": 1,
    "devops-restore": 1,
    "devops-iteration": 1,
    "devops-type": 1,
    "oneplan-remove": 1,
    "oneplan-type": 1,
}


@dataclass(frozen=True)
class Profile:
    """How long a program is. A round is some edits, then messages under a weather; a `quiet` ends in the verdict.

    `remaps` is how many of the rounds the mapping changes in, `ends` what a round may end with: messages alone, or with
    a full sync, an incremental one, or both at once.
    """

    quiets: int = 2
    rounds: int = 2
    edits: int = 12
    remaps: float = 0.25
    kinds: tuple[str, ...] = tuple(EDITS)
    ends: tuple[str, ...] = ("deliver", "deliver", "sync")


def generate(seed: int, profile: Profile) -> Program:
    """Edits in rounds: each ends with its messages delivered under a weather, some with a sync besides."""
    random, steps = Random(seed), list[Step]()
    weights = [EDITS[kind] for kind in profile.kinds]

    def add(kind: str) -> None:
        dice = random.randrange(SIDES), random.randrange(SIDES), random.randrange(SIDES)
        steps.append(Step(len(steps), kind, dice))

    for _ in range(profile.quiets):
        for _ in range(profile.rounds):
            for kind in random.choices(profile.kinds, weights, k=profile.edits):
                add(kind)
            if random.random() < profile.remaps:
                add("mapping")
            add("weather")
            add(random.choice(profile.ends))
        add("quiet")
    return tuple(steps)


def shown(program: Program) -> str:
    return " ".join(str(step) for step in program)
