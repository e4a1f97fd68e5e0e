"""Secrets as Key Vault writes and reads them in JSON."""

import re
from collections.abc import Mapping
from typing import Any

from local.vault.errors import bad_parameter
from local.vault.store import DAY_SECONDS, RETENTION_DAYS, Secret, Version

LARGEST_VALUE = 25_600
_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
_TIMES = {"nbf": "not_before", "exp": "expires"}


class Bundles:
    """Writes the answers of a vault at `address`."""

    def __init__(self, address: str, purge_protection: bool) -> None:
        self._address = address
        self._level = "Recoverable" if purge_protection else "Recoverable+Purgeable"

    def bundle(self, secret: Secret, version: Version) -> dict[str, Any]:
        """A version with its value."""
        address = f"{self._address}/secrets/{secret.name}/{version.version}"
        return {"value": version.value, **self._properties(address, version)}

    def item(self, secret: Secret, version: Version | None = None) -> dict[str, Any]:
        """A secret, or one of its versions, without the value."""
        address = f"{self._address}/secrets/{secret.name}" + (f"/{version.version}" if version else "")
        return self._properties(address, version or secret.newest)

    def deleted(self, secret: Secret) -> dict[str, Any]:
        """A deleted secret, without the value."""
        deleted = secret.deleted or 0
        return {
            **self._properties(f"{self._address}/secrets/{secret.name}/{secret.newest.version}", secret.newest),
            "recoveryId": f"{self._address}/deletedsecrets/{secret.name}",
            "deletedDate": deleted,
            "scheduledPurgeDate": deleted + RETENTION_DAYS * DAY_SECONDS,
        }

    def _properties(self, address: str, version: Version) -> dict[str, Any]:
        times = {"nbf": version.not_before, "exp": version.expires}
        attributes = {
            "enabled": version.enabled,
            "created": version.created,
            "updated": version.updated,
            "recoveryLevel": self._level,
            "recoverableDays": RETENTION_DAYS,
            **{name: time for name, time in times.items() if time is not None},
        }
        written = {"id": address, "attributes": attributes, "tags": dict(version.tags)}
        return written if version.content_type is None else {**written, "contentType": version.content_type}


def checked_name(name: str) -> str:
    """The name itself. Raises Refused where Key Vault allows no such name."""
    if not _NAME.fullmatch(name):
        raise bad_parameter("A secret's name has 1 to 127 characters, each a letter, a digit or a dash.")
    return name


def value_of(body: Mapping[str, Any]) -> str:
    """The value to set. Raises Refused where it is missing or over 25 kB."""
    value = body.get("value")
    if not isinstance(value, str):
        raise bad_parameter("The property 'value' must be a text.")
    if len(value.encode()) > LARGEST_VALUE:
        raise bad_parameter(f"A secret's value has at most {LARGEST_VALUE} bytes.")
    return value


def properties_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the body says of a version's properties; what it does not name is not there. Raises Refused."""
    attributes = body.get("attributes") or {}
    found = {ours: attributes[name] for name, ours in _TIMES.items() if attributes.get(name) is not None}
    if any(not isinstance(time, int) for time in found.values()):
        raise bad_parameter("'nbf' and 'exp' are seconds since 1970.")
    if attributes.get("enabled") is not None:
        found["enabled"] = bool(attributes["enabled"])
    if body.get("contentType") is not None:
        found["content_type"] = str(body["contentType"])
    if body.get("tags") is not None:
        found["tags"] = {str(name): str(value) for name, value in body["tags"].items()}
    return found
