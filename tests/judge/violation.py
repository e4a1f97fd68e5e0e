"""What a judge finds."""

from dataclasses import dataclass
from typing import Literal

type Part = Literal["request", "response", "hook"]


@dataclass(frozen=True)
class Violation:
    """One place where an exchange differs from the reference."""

    part: Part
    operation: str
    rule: str
    where: str
    message: str

    def __str__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        return f"{self.operation}: {self.part} {self.rule}{place}: {self.message}"
