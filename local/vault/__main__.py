"""`python -m local.vault [--port P] [--location DIR] [--no-purge-protection]`: a vault until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from local.processes import StartFailed
from local.vault.server import running_vault


def main() -> int:
    """The exit status, once the vault has ended."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        asyncio.run(_serve(_parsed()))
    except StartFailed as error:
        print(f"vault: not started: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running_vault(options.location, options.port, purge_protection=options.purge_protection) as vault:
        print(f"vault: {vault.url} on port {vault.port}, trusting {vault.certificate}", flush=True)
        await stopped.wait()


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.vault", description="Serves a local Key Vault.")
    parser.add_argument("--port", type=int, default=7083, help="0 picks a free one")
    parser.add_argument("--location", type=Path, default=Path(".local/vault"), help="where the secrets are kept")
    parser.add_argument("--no-purge-protection", dest="purge_protection", action="store_false")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
