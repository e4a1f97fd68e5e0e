"""Writes the data of the judge from the reference: `python -m tests.judge.build ../shared/reference`."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.judge.openapi import read_document
from tests.judge.swagger import read_areas

DATA = Path(__file__).parent / "data"
WIDTH = 118


def write_data(reference: Path, target: Path = DATA) -> list[Path]:
    """The files are written, the same bytes for the same reference; returns them."""
    documents = [
        read_areas(reference / "ado" / "ado-openapi-7.1"),
        read_document(reference / "oneplan" / "oneplan-openapi.json"),
    ]
    target.mkdir(parents=True, exist_ok=True)
    return [_write(document, target / f"{document['system']}.json") for document in documents]


def _write(document: dict[str, Any], path: Path) -> Path:
    path.write_text(broken(document) + "\n", encoding="utf-8")
    return path


def broken(value: Any, indent: int = 0) -> str:
    """JSON with a line break wherever a value is too long for one line, so that differences can be read."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + len(flat) <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, list):
        rows = [broken(each, indent + 1) for each in value]
        return "[\n" + ",\n".join(inner + row for row in rows) + "\n" + " " * indent + "]"
    rows = [f"{json.dumps(name)}: {broken(each, indent + 1)}" for name, each in value.items()]
    return "{\n" + ",\n".join(inner + row for row in rows) + "\n" + " " * indent + "}"


if __name__ == "__main__":
    for written in write_data(Path(sys.argv[1])):
        sys.stdout.write(f"{written} {written.stat().st_size}\n")
