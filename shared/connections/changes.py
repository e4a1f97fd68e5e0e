"""What a save changed, for the audit: member paths, never values (R43)."""

from collections.abc import Iterator
from typing import Any

from shared.configuration import Connection, pointer_part


def changed_paths(before: Connection, after: Connection) -> tuple[str, ...]:
    """JSON pointers of the members that differ, and of the secrets that were given."""
    given = {"/oneplan/key": after.oneplan.key, "/azureDevOps/pat": after.azure_dev_ops.pat}
    secrets = [path for path, value in given.items() if value is not None]
    return (*_differing(before.public(), after.public(), ""), *secrets)


def _differing(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from _differing(before.get(name), after.get(name), f"{path}/{pointer_part(name)}")
    elif before != after:
        yield path
