"""Secrets while the vault is away: those that are known go on, the others wait for it."""

from pathlib import Path

import pytest
from azure.keyvault.secrets.aio import SecretClient

from local.vault import RunningVault, running_vault
from shared.adapters.local_vault import LocalCredential, local_vault_transport
from shared.adapters.secrets import AWAY_SECONDS, KEPT_SECONDS, VaultSecrets
from shared.core.errors import Unreachable


def client_of(vault: RunningVault) -> SecretClient:
    transport = local_vault_transport(vault.port, vault.certificate)
    return SecretClient(vault.url, LocalCredential(vault.certificate), transport=transport, retry_total=0)


async def test_a_secret_that_is_known_outlives_an_hour_without_the_vault(tmp_path: Path) -> None:
    now = 1_000.0
    async with running_vault(tmp_path) as vault:
        client = client_of(vault)
        secrets = VaultSecrets(client, lambda: now)
        await secrets.set("known", "value")
        assert await secrets.get("none") is None
    async with client:
        now += KEPT_SECONDS + 1
        assert await secrets.get("known") == "value"
        with pytest.raises(Unreachable, match="vault"):
            await secrets.refresh("known")
        for name in ("none", "other"):
            with pytest.raises(Unreachable, match="vault"):
                await secrets.get(name)
        now += AWAY_SECONDS
        with pytest.raises(Unreachable, match="vault"):
            await secrets.get("known")
        for write in (secrets.set("known", "other"), secrets.delete("known")):
            with pytest.raises(Unreachable, match="vault"):
                await write


async def test_a_vault_that_is_back_is_asked_again_and_not_at_each_call(tmp_path: Path) -> None:
    now = 1_000.0
    async with running_vault(tmp_path) as vault:
        client = client_of(vault)
        secrets = VaultSecrets(client, lambda: now)
        await secrets.set("known", "value")
    now += KEPT_SECONDS + 1
    assert await secrets.get("known") == "value"
    async with client, running_vault(tmp_path, vault.port):
        await client.set_secret("known", "newer")
        assert await secrets.get("known") == "value"
        now += 5
        assert await secrets.get("known") == "newer"
