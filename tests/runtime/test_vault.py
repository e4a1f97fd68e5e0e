"""The local vault through the real SecretClient, its challenge verification on."""

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.keyvault.secrets.aio import SecretClient

from local.parts import start_vault
from local.processes import StartFailed, listening_socket
from local.vault import RunningVault, running_vault
from local.vault import app as vault_app
from shared.adapters.local_vault import LocalCredential, local_vault_transport


@asynccontextmanager
async def _client(vault: RunningVault, url: str | None = None) -> AsyncIterator[SecretClient]:
    transport = local_vault_transport(vault.port, vault.certificate)
    credential = LocalCredential(vault.certificate)
    async with SecretClient(url or vault.url, credential, transport=transport, retry_total=0) as client:
        yield client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[SecretClient]:
    async with running_vault(tmp_path / "vault") as vault, _client(vault) as client:
        yield client


async def test_a_secret_is_set_read_and_listed_without_its_value(client: SecretClient) -> None:
    await client.set_secret("ado-pat-contoso-1", "first", content_type="pat", tags={"side": "ado"})
    await client.set_secret("ado-pat-contoso-1", "second")
    await client.set_secret("hook-contoso-1", "hook")
    assert (await client.get_secret("ado-pat-contoso-1")).value == "second"
    assert [each.name async for each in client.list_properties_of_secrets()] == [
        "ado-pat-contoso-1",
        "hook-contoso-1",
    ]


async def test_every_version_can_be_read_and_names_are_case_insensitive(client: SecretClient) -> None:
    first = await client.set_secret("Name", "first", content_type="pat", tags={"side": "ado"})
    second = await client.set_secret("name", "second")
    versions = [each.version async for each in client.list_properties_of_secret_versions("NAME")]
    assert versions == [first.properties.version, second.properties.version]
    read = await client.get_secret("name", first.properties.version)
    assert (read.value, read.properties.content_type, read.properties.tags) == ("first", "pat", {"side": "ado"})
    with pytest.raises(ResourceNotFoundError):
        await client.get_secret("name", "0" * 32)


async def test_a_long_list_comes_in_pages(client: SecretClient) -> None:
    names = [f"secret-{number:02}" for number in range(30)]
    for name in names:
        await client.set_secret(name, "x")
    assert [each.name async for each in client.list_properties_of_secrets()] == names
    pages = client.list_properties_of_secrets(max_page_size=20).by_page()
    assert [len([each async for each in page]) async for page in pages] == [20, 10]


async def test_an_expiry_is_kept_and_an_expired_secret_can_still_be_read(client: SecretClient) -> None:
    expiry = datetime(2020, 1, 1, tzinfo=UTC)
    await client.set_secret("old", "value", expires_on=expiry)
    read = await client.get_secret("old")
    assert (read.value, read.properties.expires_on) == ("value", expiry)


async def test_properties_change_without_a_new_version_and_a_disabled_secret_is_not_read(
    client: SecretClient,
) -> None:
    expiry = datetime(2030, 1, 1, tzinfo=UTC)
    set_version = (await client.set_secret("name", "value")).properties.version
    changed = await client.update_secret_properties("name", enabled=False, expires_on=expiry)
    assert (changed.version, changed.enabled, changed.expires_on) == (set_version, False, expiry)
    with pytest.raises(HttpResponseError, match="SecretDisabled") as refused:
        await client.get_secret("name")
    assert refused.value.status_code == 403
    await client.update_secret_properties("name", set_version, enabled=True)
    assert (await client.get_secret("name")).value == "value"


async def test_a_deleted_secret_is_listed_refuses_its_name_and_is_recovered(client: SecretClient) -> None:
    await client.set_secret("name", "value")
    deleted = await client.delete_secret("name")
    assert deleted.recovery_id == "https://local.vault.azure.net/deletedsecrets/name"
    assert (deleted.scheduled_purge_date - deleted.deleted_date).days == 90
    with pytest.raises(ResourceNotFoundError):
        await client.get_secret("name")
    assert [each.name async for each in client.list_properties_of_secrets()] == []
    assert [each.name async for each in client.list_deleted_secrets()] == ["name"]
    with pytest.raises(ResourceExistsError, match="ObjectIsDeletedButRecoverable"):
        await client.set_secret("name", "other")
    await client.recover_deleted_secret("name")
    assert (await client.get_secret("name")).value == "value"
    with pytest.raises(ResourceNotFoundError):
        await client.get_deleted_secret("name")


async def test_purge_protection_refuses_a_purge_and_the_name_stays_taken(client: SecretClient) -> None:
    properties = (await client.set_secret("name", "value")).properties
    assert properties.recovery_level == "Recoverable"
    await client.delete_secret("name")
    with pytest.raises(HttpResponseError) as refused:
        await client.purge_deleted_secret("name")
    assert refused.value.status_code == 403
    assert (await client.get_deleted_secret("name")).name == "name"


async def test_without_purge_protection_a_purge_frees_the_name(tmp_path: Path) -> None:
    async with running_vault(tmp_path, purge_protection=False) as vault, _client(vault) as client:
        await client.set_secret("name", "value")
        await client.delete_secret("name")
        await client.purge_deleted_secret("name")
        await client.set_secret("name", "other")
        assert (await client.get_secret("name")).value == "other"


@pytest.mark.parametrize(("name", "value"), [("under_score", "x"), ("n" * 128, "x"), ("name", "x" * 25_601)])
async def test_what_key_vault_would_refuse_is_refused(client: SecretClient, name: str, value: str) -> None:
    with pytest.raises(HttpResponseError, match="BadParameter") as refused:
        await client.set_secret(name, value)
    assert refused.value.status_code == 400


async def test_secrets_survive_a_restart_of_the_vault(tmp_path: Path) -> None:
    async with running_vault(tmp_path) as vault, _client(vault) as client:
        await client.set_secret("name", "value")
        await client.set_secret("gone", "value")
        await client.delete_secret("gone")
    async with running_vault(tmp_path) as vault, _client(vault) as client:
        assert (await client.get_secret("name")).value == "value"
        assert (await client.get_deleted_secret("gone")).name == "gone"


async def test_only_the_owner_can_read_what_is_on_disk(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    async with running_vault(folder) as vault, _client(vault) as client:
        await client.set_secret("name", "value")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert modes == dict.fromkeys(("secrets.json", "token", "key.pem", "certificate.pem"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_challenge_for_another_resource_is_refused_by_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = vault_app.CHALLENGE.replace("vault.azure.net", "vault.example.org")
    monkeypatch.setattr(vault_app, "CHALLENGE", foreign)
    other = "https://other.vault.azure.net"  # the client keeps challenges by host for the whole process
    async with running_vault(tmp_path) as vault, _client(vault, other) as client:
        with pytest.raises(ValueError, match="does not match the requested domain"):
            await client.get_secret("name")


async def test_the_transport_reaches_nothing_but_the_local_vault(tmp_path: Path) -> None:
    async with running_vault(tmp_path) as vault, _client(vault, "https://vault.example.org") as client:
        with pytest.raises(ServiceRequestError):
            await client.get_secret("name")


async def test_a_wrong_token_gets_the_challenge_and_nothing_else(tmp_path: Path) -> None:
    async with running_vault(tmp_path / "mine") as vault:
        stranger = tmp_path / "stranger" / "certificate.pem"
        stranger.parent.mkdir()
        stranger.with_name("token").write_text("guessed")
        transport = local_vault_transport(vault.port, vault.certificate)
        async with SecretClient(vault.url, LocalCredential(stranger), transport=transport) as client:
            with pytest.raises(ClientAuthenticationError):
                await client.set_secret("name", "value")
        async with _client(vault) as client:
            assert [each.name async for each in client.list_properties_of_secrets()] == []


def test_a_vault_process_answers_stops_cleanly_and_names_a_taken_port(tmp_path: Path) -> None:
    running = start_vault(tmp_path / "vault", log=tmp_path / "log")
    with pytest.raises(StartFailed, match=f"vault: port {running.vault.port} is not free"):
        listening_socket("vault", running.vault.port)
    assert running.child.stop() == 0
    assert running.child.output().startswith("vault: https://local.vault.azure.net on port")
