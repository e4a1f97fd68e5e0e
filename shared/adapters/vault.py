"""The Key Vault client: the managed identity's vault in Azure, the local vault in local mode. One code path."""

from collections.abc import Callable

from azure.core.credentials_async import AsyncTokenCredential
from azure.keyvault.secrets.aio import SecretClient

from shared.adapters.local_vault import LocalCredential, local_vault_transport
from shared.adapters.storage import CONNECT_SECONDS, READ_SECONDS, RETRIES
from shared.settings import Settings

# As for storage: a receiver must answer in time, and its caller comes again.
OPTIONS = {"retry_total": RETRIES, "connection_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS}


def secret_client(settings: Settings, credential: Callable[[], AsyncTokenCredential]) -> SecretClient:
    """Must be called in the running loop, where the local transport's session is made."""
    if not settings.local_mode or settings.local_vault_certificate is None:
        return SecretClient(settings.key_vault_url, credential(), **OPTIONS)
    transport = local_vault_transport(settings.local_vault_port, settings.local_vault_certificate)
    return SecretClient(
        settings.key_vault_url,
        LocalCredential(settings.local_vault_certificate),
        transport=transport,
        **OPTIONS,
    )
