"""The people of the organization, awkward names first (ado-api.md section 7; R23)."""

from base64 import urlsafe_b64encode

from local.azure_devops.model import Identity
from local.azure_devops.seed.guids import guid


def _person(display: str, unique: str, *, mail: str = "", inactive: bool = False) -> Identity:
    kind = "svc" if unique.startswith("Build\\") else "win" if "\\" in unique else "aad"
    key = guid("identity", unique)
    descriptor = f"{kind}.{urlsafe_b64encode(key.encode()).decode().rstrip('=')}"
    return Identity(key, display, unique, descriptor, mail, inactive)


def _mailed(display: str, unique: str, *, inactive: bool = False) -> Identity:
    return _person(display, unique, mail=unique, inactive=inactive)


SYNC = _mailed("OnePlan Sync", "oneplan.sync@contoso.com")
ADMIN = _mailed("Priya Admin", "priya.admin@contoso.com")
PMO = _mailed("Paula Möller", "pmo@contoso.com")
UNICODE = _mailed("Žofie Dvořáková-Nguyễn", "zofie@contoso.com")
RIGHT_TO_LEFT = _mailed("ليلى حداد", "layla@contoso.com")
CHINESE = _mailed("王 秀英", "xiuying.wang@contoso.com")
ANGLE_BRACKETS = _mailed("Sam <Contractor> O'Neil", "sam.oneil@partner.example")
COMMA = _mailed("García, Ana María (IT)", "ana.garcia@contoso.com")
SAME_NAME_1 = _mailed("Alex Kim", "alex.kim@contoso.com")
SAME_NAME_2 = _mailed("Alex Kim", "alex.kim2@contoso.com")
NO_MAIL = _person("Walk-in Worker", "walkin-worker")
DOMAIN_USER = _person("Dieter Domäne", "CONTOSO\\ddomaene")
DOMAIN_MAIL = _person("Ingrid Intern", "CONTOSO\\iintern", mail="ingrid.intern@contoso.com")
INACTIVE = _mailed("Gone Gunnar", "gunnar@contoso.com", inactive=True)
SERVICE = _person("Contoso Build Service (contoso)", f"Build\\{guid('identity', 'build service')}")
UPPER_CASE_MAIL = _person("Olga Upper", "olga.upper@contoso.com", mail="Olga.UPPER@Contoso.com")
UNKNOWN_TO_ONEPLAN = _mailed("Uwe Unmatched", "uwe.unmatched@elsewhere.example")

AWKWARD = (
    UNICODE,
    RIGHT_TO_LEFT,
    CHINESE,
    ANGLE_BRACKETS,
    COMMA,
    SAME_NAME_1,
    SAME_NAME_2,
    NO_MAIL,
    DOMAIN_USER,
    DOMAIN_MAIL,
    INACTIVE,
    SERVICE,
    UPPER_CASE_MAIL,
    UNKNOWN_TO_ONEPLAN,
)
PLAIN = (
    PMO,
    _mailed("Jamal Hartnett", "jamal@contoso.com"),
    _mailed("Norman Paulk", "norman@contoso.com"),
    _mailed("Christie Church", "christie@contoso.com"),
    _mailed("Chuck Reinhart", "chuck@contoso.com"),
)


def identities() -> list[Identity]:
    """Every identity; the one that the demo's token belongs to comes first."""
    return [SYNC, ADMIN, *PLAIN, *AWKWARD]
