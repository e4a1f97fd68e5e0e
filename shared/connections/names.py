"""Ids of connections and names of their secrets, which end in a generation (design.md, decision 15)."""

import re
import secrets as random_secrets
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from shared.configuration import Connection
from shared.ports import NameTaken, SecretNames, Secrets

# Generations that a deleted connection may have used up under a name that was never stored.
MOST_TAKEN = 20


def new_id(name: str) -> str:
    """An id of `[0-9a-z-]` only, as secret names need it, that nobody else has."""
    slug = re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-")[:24] or "connection"
    return f"{slug.strip('-')}-{random_secrets.token_hex(4)}"


def secret_names(connection_id: str, generation: int) -> SecretNames:
    return SecretNames(
        pat=f"ado-pat-{connection_id}-{generation}",
        key=f"oneplan-key-{connection_id}-{generation}",
        hook=f"hook-{connection_id}-{generation}",
    )


def next_name(name: str) -> str:
    """The name of the next generation."""
    stem, _, generation = name.rpartition("-")
    return f"{stem}-{int(generation) + 1}"


async def put_secret(secrets: Secrets, name: str, value: str, expires: datetime | None = None) -> str:
    """The value lies in the vault; returns its name: this one, or that of the next generation which is free."""
    for _ in range(MOST_TAKEN):
        try:
            await secrets.set(name, value, expires)
        except NameTaken:
            name = next_name(name)
        else:
            return name
    raise NameTaken(f"{MOST_TAKEN} generations of a secret up to {name} are deleted and not purged")


def new_hook_secret() -> str:
    """Without blanks, and below the 256 characters that a service hook takes (ado-api.md section 10)."""
    return random_secrets.token_urlsafe(32)


def pat_expiry(configuration: Connection) -> datetime:
    return datetime.combine(configuration.azure_dev_ops.pat_expires, time(), tzinfo=UTC)


def join_of(configuration: Connection) -> str:
    """What a connection joins, in one form: organization, OnePlan host and group. No two connections have the same."""
    group = configuration.oneplan
    return f"{_organization(configuration.azure_dev_ops.url)} {_host(group.url)} {group.group.casefold()}"


def systems_of(configuration: Connection) -> tuple[str, str]:
    """The organization and the OnePlan host, in one form each: links lead to these and no others."""
    return _organization(configuration.azure_dev_ops.url), _host(configuration.oneplan.url)


def _organization(url: str) -> str:
    """`https://dev.azure.com/{organization}` and `https://{organization}.visualstudio.com` are one (R2, R9)."""
    host, path = _host(url), urlsplit(url.strip().casefold()).path.strip("/")
    old = host.removesuffix(".visualstudio.com")
    return f"dev.azure.com/{old}" if old != host else f"{host}/{path}"


def _host(url: str) -> str:
    """With its port, where that is not the usual one."""
    parts = urlsplit(url.strip().casefold())
    return parts.netloc.removesuffix(":443" if parts.scheme == "https" else ":80")
