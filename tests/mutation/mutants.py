"""The mutants that mutmut has made and what became of them, each by a name that outlives a change elsewhere."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path

from tests.mutation.stage import CORE, STAGE

KILLED = ("killed", "timeout", "segfault")
BETWEEN = "ǁ"
LONGEST = 90
AROUND = 24


@dataclass(frozen=True, slots=True)
class Mutant:
    """`name` is mutmut's, `change` is what it changes: the lines before and after."""

    name: str
    module: str
    function: str
    change: str
    status: str

    @property
    def killed(self) -> bool:
        return self.status in KILLED

    @property
    def key(self) -> str:
        """Says which it is as long as the lines that it changes stay as they are, wherever they move to."""
        return f"{self.module}.{self.function}: {self.change}"


def mutants() -> list[Mutant]:
    """All mutants of the core, in the order of the code."""
    found: list[Mutant] = []
    statuses = _statuses()
    for file in sorted((STAGE / "mutants" / CORE).glob("*.py")):
        names = [name for name in statuses if name.split(".")[2] == file.stem]
        found += _numbered(_of_module(file, names, statuses)) if names else []
    return found


def _statuses() -> dict[str, str]:
    command = [sys.executable, "-m", "mutmut", "results", "--all", "1"]
    said = subprocess.run(command, cwd=STAGE, capture_output=True, text=True, check=True).stdout
    rows = (line.strip().rpartition(": ") for line in said.splitlines() if "__mutmut_" in line)
    return {name: status for name, _, status in rows}


def _of_module(file: Path, names: list[str], statuses: dict[str, str]) -> Iterator[Mutant]:
    functions = _functions(file)
    for name in names:
        mangled, _, _ = name.rpartition(".")[2].partition("__mutmut_")
        before, after = functions[f"{mangled}__mutmut_orig"], functions[name.rpartition(".")[2]]
        function = mangled.removeprefix("x" + BETWEEN).removeprefix("x_").replace(BETWEEN, ".")
        yield Mutant(name, file.stem, function, change(before, after), statuses[name])


def _functions(file: Path) -> dict[str, list[str]]:
    """The lines of each function by its name, which they hold no more."""
    source = file.read_text()
    lines = source.splitlines()
    return {
        one.name: [line.strip().replace(one.name, "f") for line in lines[one.lineno - 1 : one.end_lineno]]
        for one in ast.walk(ast.parse(source))
        if isinstance(one, ast.FunctionDef)
    }


def change(before: list[str], after: list[str]) -> str:
    """What differs, as `before → after`, in the lines that are not the same."""
    blocks = [one for one in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if one[0] != "equal"]
    first, last = blocks[0], blocks[-1]
    old, new = " ".join(before[first[1] : last[2]]), " ".join(after[first[3] : last[4]])
    if max(len(old), len(new)) > LONGEST:
        old, new = _parts(old, new)
    return f"`{old}` → `{new}`"


def _parts(old: str, new: str) -> tuple[str, str]:
    """Of two long texts what differs, and a little around it."""
    ahead = _alike(old, new)
    behind = _alike(old[ahead:][::-1], new[ahead:][::-1])
    start = old.rfind(" ", 0, max(0, ahead - AROUND)) + 1

    def shown(text: str) -> str:
        end = text.find(" ", len(text) - behind + AROUND)
        end = end if end >= 0 else len(text)
        part = text[start:end]
        part = part if len(part) <= 2 * LONGEST else f"{part[:LONGEST]} … {part[-LONGEST:]}"
        return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"

    return shown(old), shown(new)


def _alike(one: str, other: str) -> int:
    """How many characters the two begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _numbered(some: Iterator[Mutant]) -> list[Mutant]:
    """Mutants that change two like lines of one function alike have a number."""
    seen: Counter[str] = Counter()
    found: list[Mutant] = []
    for one in some:
        seen[one.key] += 1
        again = f" ({seen[one.key]})" if seen[one.key] > 1 else ""
        found.append(Mutant(one.name, one.module, one.function, one.change + again, one.status))
    return found
