"""The personal access tokens (contracts.md: `demo-pat`). Scopes as the specification names them."""

from local.azure_devops.model import Token
from local.azure_devops.seed.people import ADMIN, SYNC

# R9: Identity read and manage, Work Items read, write and manage: exactly the minimum.
MINIMUM = frozenset({"vso.identity_manage", "vso.work_full"})
READ_ONLY = frozenset({"vso.identity", "vso.work"})
ALL = MINIMUM | {
    "vso.identity",
    "vso.work",
    "vso.work_write",
    "vso.project",
    "vso.project_manage",
    "vso.profile",
    "vso.graph",
    "vso.graph_manage",
}


def tokens() -> list[Token]:
    """One token per situation that a connection may meet."""
    return [
        Token("demo-pat", SYNC, MINIMUM),
        Token("read-only-pat", SYNC, READ_ONLY),
        Token("expired-pat", SYNC, MINIMUM, expired=True),
        Token("no-identity-pat", SYNC, frozenset({"vso.work_full"})),
        Token("all-scopes-pat", ADMIN, ALL),
    ]
