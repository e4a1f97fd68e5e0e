"""The vault as a server on loopback."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local.http_server import HttpServer
from local.processes import listening_socket
from local.vault.app import vault_app
from local.vault.certificate import certificate_in
from local.vault.store import Store, write_private
from shared.adapters.local_vault import TOKEN_FILE

ADDRESS = "https://local.vault.azure.net"


@dataclass(frozen=True)
class RunningVault:
    """Where a vault listens, what its clients call it, and the certificate they trust."""

    port: int
    certificate: Path
    url: str = ADDRESS

    @property
    def settings(self) -> dict[str, str]:
        """The app settings by which the app finds this vault."""
        return {
            "KEY_VAULT_URL": self.url,
            "LOCAL_VAULT_PORT": str(self.port),
            "LOCAL_VAULT_CERTIFICATE": str(self.certificate),
            "LOCAL_MODE": "true",
        }


@asynccontextmanager
async def running_vault(folder: Path, port: int = 0, *, purge_protection: bool = True) -> AsyncIterator[RunningVault]:
    """A vault that keeps its secrets in the folder, for the length of the block. Raises StartFailed."""
    listener = listening_socket("vault", port)
    certificate = certificate_in(folder)
    store = Store(folder / "secrets.json", purge_protection)
    server = HttpServer(vault_app(store, ADDRESS, _token(folder)), listener, certificate)
    serving = asyncio.create_task(server.serve())
    await server.started()
    try:
        yield RunningVault(server.port, certificate.certificate)
    finally:
        server.stop()
        await serving


def _token(folder: Path) -> str:
    """The token that this folder's vault takes, kept so that a restarted vault knows its clients."""
    file = folder / TOKEN_FILE
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text()
