"""Refusals, with the bodies that Key Vault gives them.

The codes are those that the azure-keyvault-secrets client and Microsoft's error page name; messages are our own.
"""


class Refused(Exception):
    """A request that the vault does not carry out."""

    def __init__(self, status: int, code: str, message: str, inner: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self._code = code
        self._inner = inner

    @property
    def body(self) -> dict[str, object]:
        """The error as Key Vault writes it."""
        error: dict[str, object] = {"code": self._code, "message": str(self)}
        if self._inner:
            error["innererror"] = {"code": self._inner}
        return {"error": error}


def bad_parameter(message: str) -> Refused:
    """The request is wrong in itself."""
    return Refused(400, "BadParameter", message)


def unauthorized() -> Refused:
    """No token, or a wrong one."""
    return Refused(401, "Unauthorized", "AKV10000: the request is missing a bearer token")


def not_found(name: str) -> Refused:
    """There is no such secret, or none that is not deleted."""
    return Refused(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")


def disabled(name: str) -> Refused:
    """The secret exists, but its value may not be read."""
    return Refused(403, "Forbidden", f"Operation get is not allowed on the disabled secret {name}.", "SecretDisabled")


def deleted_but_recoverable(name: str) -> Refused:
    """The name belongs to a deleted secret until that is purged."""
    message = f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused."
    return Refused(409, "Conflict", message, "ObjectIsDeletedButRecoverable")


def purge_protected() -> Refused:
    """The vault keeps deleted secrets for its whole retention."""
    message = "Operation purge is not allowed because purge protection is enabled for this vault."
    return Refused(403, "Forbidden", message, "ForbiddenByPolicy")
