"""Identifiers that are the same in every run."""

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1f0c1e-6f5b-4e0a-9d7e-2f6d3b1f7a10")


def guid(kind: str, name: str) -> str:
    """A GUID that depends only on what it names."""
    return str(uuid5(_NAMESPACE, f"{kind}:{name}"))
