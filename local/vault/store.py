"""The secrets of a vault: versions, soft delete, and a file that only its owner can read."""

import json
import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from local.vault.errors import deleted_but_recoverable, disabled, not_found, purge_protected

RETENTION_DAYS = 90
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Version:
    """One version of a secret; times are seconds since 1970."""

    version: str
    value: str
    created: int
    updated: int
    enabled: bool = True
    not_before: int | None = None
    expires: int | None = None
    content_type: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Secret:
    """A secret with all its versions, the newest last; `deleted` is when it was deleted."""

    name: str
    versions: tuple[Version, ...]
    deleted: int | None = None

    @property
    def newest(self) -> Version:
        """The version that a read without a version gives."""
        return self.versions[-1]

    def version(self, wanted: str) -> Version:
        """The version asked for, the newest for an empty text. Raises Refused."""
        found = [each for each in self.versions if each.version == wanted] if wanted else [self.newest]
        if not found:
            raise not_found(f"{self.name}/{wanted}")
        return found[0]


class Store:
    """The vault's content, on disk after every change. Names are case-insensitive, as in Key Vault."""

    def __init__(self, file: Path, purge_protection: bool, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self.purge_protection = purge_protection
        self._secrets = _load(file)

    def set(self, name: str, value: str, properties: Mapping[str, Any]) -> Secret:
        """The secret has a new version. Raises Refused while a deleted secret holds the name."""
        held = self._secrets.get(name.lower())
        if held and held.deleted is not None:
            raise deleted_but_recoverable(name)
        now = self._now()
        version = Version(uuid.uuid4().hex, value, created=now, updated=now, **properties)
        return self._keep(Secret(held.name if held else name, (*(held.versions if held else ()), version)))

    def get(self, name: str) -> Secret:
        """The secret. Raises Refused where there is none, or it is deleted."""
        found = self._secrets.get(name.lower())
        if found is None or found.deleted is not None:
            raise not_found(name)
        return found

    def read(self, name: str, version: str) -> tuple[Secret, Version]:
        """A version whose value may be read; an expired one may, a disabled one may not (Refused)."""
        secret = self.get(name)
        found = secret.version(version)
        if not found.enabled:
            raise disabled(name)
        return secret, found

    def get_deleted(self, name: str) -> Secret:
        """The deleted secret. Raises Refused where there is none."""
        found = self._secrets.get(name.lower())
        if found is None or found.deleted is None:
            raise not_found(name)
        return found

    def update(self, name: str, version: str, properties: Mapping[str, Any]) -> tuple[Secret, Version]:
        """The version has the given properties, its value unchanged. Raises Refused."""
        secret = self.get(name)
        before = secret.version(version)
        after = replace(before, updated=self._now(), **properties)
        versions = tuple(after if each is before else each for each in secret.versions)
        return self._keep(replace(secret, versions=versions)), after

    def delete(self, name: str) -> Secret:
        """The secret is deleted and can be recovered. Raises Refused."""
        return self._keep(replace(self.get(name), deleted=self._now()))

    def recover(self, name: str) -> Secret:
        """The secret is back with all its versions. Raises Refused."""
        return self._keep(replace(self.get_deleted(name), deleted=None))

    def purge(self, name: str) -> None:
        """The deleted secret is gone for good. Raises Refused, always where the vault is purge protected."""
        secret = self.get_deleted(name)
        if self.purge_protection:
            raise purge_protected()
        del self._secrets[secret.name.lower()]
        self._save()

    def list_secrets(self, *, deleted: bool) -> list[Secret]:
        """The secrets that are, or are not, deleted, by name."""
        return [
            self._secrets[key] for key in sorted(self._secrets) if (self._secrets[key].deleted is not None) == deleted
        ]

    def _keep(self, secret: Secret) -> Secret:
        self._secrets[secret.name.lower()] = secret
        self._save()
        return secret

    def _now(self) -> int:
        return int(self._clock())

    def _save(self) -> None:
        write_private(self._file, json.dumps([asdict(secret) for secret in self._secrets.values()]))


def write_private(file: Path, text: str) -> None:
    """The file holds the text, whole or not at all, and only its owner can read it (0600, its folder 0700)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    unfinished.replace(file)


def _load(file: Path) -> dict[str, Secret]:
    if not file.exists():
        return {}
    rows = json.loads(file.read_text())
    secrets = [Secret(row["name"], tuple(Version(**each) for each in row["versions"]), row["deleted"]) for row in rows]
    return {secret.name.lower(): secret for secret in secrets}
