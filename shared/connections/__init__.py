"""Stored connections: configuration in a table, secrets in the vault, in steps that may be cut off anywhere."""

from shared.connections.names import join_of, new_id, next_name, secret_names
from shared.connections.store import check_unique, create, get, known

__all__ = ["check_unique", "create", "get", "join_of", "known", "new_id", "next_name", "secret_names"]
