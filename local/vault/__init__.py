"""A Key Vault for local runs: HTTPS, challenge, soft delete and purge protection as the service has them."""

from local.vault.server import RunningVault, running_vault

__all__ = ["RunningVault", "running_vault"]
