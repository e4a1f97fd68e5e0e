"""Secrets in Key Vault, kept in memory for a short time so that a hook costs no call to the vault."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.keyvault.secrets.aio import SecretClient

from shared.ports import NameTaken, VaultAway

KEPT_SECONDS = 300.0
# A caller with a wrong secret must not be able to make us call the vault as often as he likes.
REFRESH_SECONDS = 5.0
# So long a value does while the vault is away; a secret that was taken back meanwhile is refused by its own system.
AWAY_SECONDS = 3600.0


class VaultSecrets:
    """Fulfils `ports.Secrets`."""

    def __init__(self, client: SecretClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._kept: dict[str, tuple[float, str | None]] = {}
        self._missed: dict[str, float] = {}

    async def get(self, name: str) -> str | None:
        try:
            return await self._younger_than(KEPT_SECONDS, name)
        except VaultAway:
            read, value = self._kept.get(name, (0.0, None))
            if value is None or self._clock() - read > AWAY_SECONDS:
                raise
            return value

    async def refresh(self, name: str) -> str | None:
        return await self._younger_than(REFRESH_SECONDS, name)

    async def set(self, name: str, value: str, expires: datetime | None = None) -> None:
        try:
            with _answering():
                await self._client.set_secret(name, value, expires_on=expires)
        except ResourceExistsError:
            raise NameTaken(f"a deleted secret holds the name {name}") from None
        self._kept[name] = (self._clock(), value)

    async def delete(self, name: str) -> None:
        self._kept.pop(name, None)
        with suppress(ResourceNotFoundError), _answering():
            await self._client.delete_secret(name)

    async def _younger_than(self, seconds: float, name: str) -> str | None:
        kept = self._kept.get(name)
        if kept is None or self._clock() - kept[0] > seconds:
            kept = self._kept[name] = (self._clock(), await self._read(name))
        return kept[1]

    async def _read(self, name: str) -> str | None:
        if self._clock() - self._missed.get(name, -REFRESH_SECONDS) < REFRESH_SECONDS:
            raise VaultAway(AWAY)
        try:
            with _answering():
                return (await self._client.get_secret(name)).value
        except ResourceNotFoundError:
            return None
        except VaultAway:
            self._missed[name] = self._clock()
            raise


AWAY = "the vault does not answer; see whether Key Vault can be reached and the app's identity may read secrets in it"


@contextmanager
def _answering() -> Iterator[None]:
    """VaultAway where the vault says neither yes nor that a name is unknown or taken."""
    try:
        yield
    except (ResourceNotFoundError, ResourceExistsError):
        raise
    except AzureError as error:
        raise VaultAway(AWAY) from error
