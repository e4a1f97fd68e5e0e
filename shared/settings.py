"""Everything the app reads from the environment, declared once (docs/settings.md is generated from it)."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

STORAGE = "AzureWebJobsStorage"


class WrongSetting(Exception):
    """A setting is missing or wrong. The text names it and what is allowed, never its value."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"setting {name}: {problem}")
        self.name = name


def _text(value: str) -> str:
    return value


def _switch(value: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False, "": False}
    if value.lower() not in known:
        raise ValueError("must be true or false")
    return known[value.lower()]


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) <= 65535:
        raise ValueError("must be a port number, 0 to 65535")
    return int(value)


def _scale(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number <= 1000:
        raise ValueError("must be a number above 0 and at most 1000")
    return number


def _seconds(value: str) -> float:
    if not value.isdecimal() or not 3 <= int(value) <= 600:
        raise ValueError("must be a whole number of seconds, 3 to 600")
    return float(value)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _https(value: str) -> str:
    if value and not value.startswith("https://"):
        raise ValueError("must start with https://")
    return value.rstrip("/")


def _address(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("must start with https:// (in LOCAL_MODE http:// will do)")
    return value.rstrip("/").removesuffix("/api")


def _path(value: str) -> Path | None:
    return Path(value) if value else None


def _setting(name: str, meaning: str, read: Callable[[str], Any] = _text, default: Any = "") -> Any:
    return field(default=default, metadata={"name": name, "meaning": meaning, "read": read})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The app's settings, read once. Make it with `Settings.read`; only `shared.bootstrap` does."""

    storage: str = _setting(
        STORAGE,
        "Storage connection string; local runs only (in Azure the identity-based settings below take its place)",
    )
    storage_table_uri: str = _setting(f"{STORAGE}__tableServiceUri", "Table endpoint for identity-based access", _https)
    storage_queue_uri: str = _setting(f"{STORAGE}__queueServiceUri", "Queue endpoint for identity-based access", _https)
    storage_blob_uri: str = _setting(f"{STORAGE}__blobServiceUri", "Blob endpoint for identity-based access", _https)
    identity_client_id: str = _setting(
        f"{STORAGE}__clientId", "Client id of the user-assigned identity; empty for the system-assigned one"
    )
    key_vault_url: str = _setting("KEY_VAULT_URL", "Address of the vault that holds the connections' secrets", _https)
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS",
        "Further hosts that a connection may name, comma-separated: a host name, or an exact scheme://host:port, "
        "which is exempt from the address and port rules",
        _list,
        (),
    )
    rate_scale: float = _setting("RATE_SCALE", "Multiplies every rate budget; 1 but in tests of limits", _scale, 1.0)
    lease_seconds: float = _setting(
        "LEASE_SECONDS",
        "How long a worker that died keeps its pair or page from the others; 60 but in tests of kills",
        _seconds,
        60.0,
    )
    public_url: str = _setting(
        "PUBLIC_URL",
        "Where both remote systems reach this app, without /api; empty: WEBSITE_HOSTNAME over https",
        _address,
    )
    website_hostname: str = _setting("WEBSITE_HOSTNAME", "Set by Azure")
    auth_enabled: bool = _setting(
        "WEBSITE_AUTH_ENABLED",
        "Set by Azure when its sign-in is on; only then a principal header is believed",
        _switch,
        False,
    )
    azure_instance: str = _setting("WEBSITE_INSTANCE_ID", "Set by Azure; LOCAL_MODE is refused where it is")
    local_mode: bool = _setting(
        "LOCAL_MODE", "Everybody on loopback is Administrator, and the vault is the local one", _switch, False
    )
    port_functions: int = _setting(
        "PORT_FUNCTIONS", "Port of the app (LOCAL_MODE): without PUBLIC_URL, hooks come to it on loopback", _port, 0
    )
    local_vault_port: int = _setting("LOCAL_VAULT_PORT", "Port of the local vault (LOCAL_MODE)", _port, 0)
    local_vault_certificate: Path | None = _setting(
        "LOCAL_VAULT_CERTIFICATE", "PEM file of the local vault's certificate (LOCAL_MODE)", _path, None
    )

    @property
    def address(self) -> str:
        """Where both remote systems reach this app, "" where that is not known."""
        if self.public_url or self.website_hostname:
            return self.public_url or f"https://{self.website_hostname}"
        return f"http://127.0.0.1:{self.port_functions}" if self.local_mode and self.port_functions else ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Settings from the environment; WrongSetting names the first one that is missing or wrong."""
        settings = cls(**{entry.name: _value(entry, environment) for entry in fields(cls)})
        _check(settings)
        return settings


def _value(entry: "Field[Any]", environment: Mapping[str, str]) -> Any:
    name = entry.metadata["name"]
    if name not in environment:
        return entry.default if entry.default is not MISSING else ""
    try:
        return entry.metadata["read"](environment[name].strip())
    except ValueError as error:
        raise WrongSetting(name, str(error)) from None


def _check(settings: Settings) -> None:
    if not settings.storage and not settings.storage_table_uri:
        raise WrongSetting(STORAGE, f"is missing; set it, or {STORAGE}__tableServiceUri and its sisters")
    if not settings.storage and not settings.storage_queue_uri:
        raise WrongSetting(f"{STORAGE}__queueServiceUri", "is missing")
    if not settings.storage and not settings.storage_blob_uri:
        raise WrongSetting(f"{STORAGE}__blobServiceUri", "is missing")
    if not settings.key_vault_url:
        raise WrongSetting("KEY_VAULT_URL", "is missing")
    if settings.public_url.startswith("http://") and not settings.local_mode:
        raise WrongSetting("PUBLIC_URL", "must start with https://")
    if settings.local_mode and settings.azure_instance:
        raise WrongSetting("LOCAL_MODE", "must not be true in Azure")
    if settings.local_mode and (not settings.local_vault_port or settings.local_vault_certificate is None):
        raise WrongSetting("LOCAL_VAULT_PORT", "and LOCAL_VAULT_CERTIFICATE are needed where LOCAL_MODE is true")


def documentation() -> str:
    """The text of docs/settings.md."""
    rows = [
        f"| `{entry.metadata['name']}` | {_shown(entry.default)} | {entry.metadata['meaning']} |"
        for entry in fields(Settings)
    ]
    return "\n".join([_HEADING, "| setting | default | meaning |", "|---|---|---|", *rows, ""])


def _shown(default: Any) -> str:
    return "" if default in ("", (), None) else f"`{str(default).lower()}`"


_HEADING = """# Settings

Generated from `shared/settings.py` by `make docs`. A missing or wrong setting lets hooks and health answer 503
and names itself there and in the log; nothing else of the app answers until it is mended.
"""
