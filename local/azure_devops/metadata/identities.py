"""Identities, graph users, profile and connection data: who there is, and who asks."""

from collections.abc import Callable, Iterable
from typing import Any

from local.azure_devops.model import Identity, Organization
from local.azure_devops.seed.guids import guid

GUESTS = ("partner.example",)
_SEARCH: dict[str, Callable[[Identity], tuple[str, ...]]] = {
    "general": lambda who: (who.display_name, who.unique_name, who.mail, _alias(who)),
    "mailaddress": lambda who: (who.mail,),
    "accountname": lambda who: (who.unique_name,),
    "displayname": lambda who: (who.display_name,),
    "directoryalias": lambda who: (_alias(who),),
}
SEARCH_FILTERS = tuple(_SEARCH)


def search(identities: Iterable[Identity], search_filter: str, value: str) -> list[Identity]:
    """Those whose searched value equals `value` in any letter case; empty values never match."""
    values = _SEARCH[search_filter.casefold()]
    wanted = value.casefold()
    return [who for who in identities if wanted and wanted in (known.casefold() for known in values(who))]


def identity(organization: Organization, who: Identity) -> dict[str, Any]:
    """An Identity of the identities API: properties are pairs of $type and $value (section 7)."""
    properties = {
        "SchemaClassName": "User",
        "Description": "",
        "Domain": domain(organization, who),
        "Account": account(who),
        "DN": "",
        "Mail": who.mail,
        "SpecialType": "Generic",
        "DirectoryAlias": _alias(who),
    }
    return {
        "id": who.id,
        "descriptor": legacy_descriptor(organization, who),
        "subjectDescriptor": who.descriptor,
        "providerDisplayName": who.display_name,
        "isActive": not who.inactive,
        "members": [],
        "memberOf": [],
        "memberIds": [],
        "properties": {name: {"$type": "System.String", "$value": value} for name, value in properties.items()},
        "resourceVersion": 2,
        "metaTypeId": 0,
    }


def legacy_descriptor(organization: Organization, who: Identity) -> str:
    """The descriptor that `descriptors=` asks by; `subjectDescriptor` is another."""
    if who.descriptor.startswith("svc."):
        return f"Microsoft.TeamFoundation.ServiceIdentity;{domain(organization, who)}:{account(who)}"
    return f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{domain(organization, who)}\\{account(who)}"


def domain(organization: Organization, who: Identity) -> str:
    """The Windows domain, else the tenant's id."""
    before, separator, _ = who.unique_name.partition("\\")
    return before if separator else guid("tenant", organization.name)


def account(who: Identity) -> str:
    """The account name without its domain."""
    return who.unique_name.rpartition("\\")[2]


def _alias(who: Identity) -> str:
    return account(who).partition("@")[0]


def graph_user(base: str, organization: Organization, who: Identity) -> dict[str, Any]:
    """A GraphUser (specification's example GetAllUsers)."""
    graph = f"{base}/_apis/Graph"
    service = who.descriptor.startswith("svc.")
    return {
        "subjectKind": "user",
        "metaType": "guest" if who.mail.endswith(GUESTS) else "member",
        "domain": domain(organization, who),
        "principalName": account(who) if service else who.unique_name,
        "mailAddress": who.mail,
        "origin": "vsts" if service else "ad" if who.descriptor.startswith("win.") else "aad",
        "originId": guid("origin", who.id),
        "displayName": who.display_name,
        "_links": {
            "self": {"href": f"{graph}/Users/{who.descriptor}"},
            "memberships": {"href": f"{graph}/Memberships/{who.descriptor}"},
            "membershipState": {"href": f"{graph}/MembershipStates/{who.descriptor}"},
            "storageKey": {"href": f"{graph}/StorageKeys/{who.descriptor}"},
            "avatar": {"href": f"{base}/_apis/GraphProfile/MemberAvatars/{who.descriptor}"},
        },
        "url": f"{graph}/Users/{who.descriptor}",
        "descriptor": who.descriptor,
    }


def profile(who: Identity) -> dict[str, Any]:
    """A profile as in the specification's example of profiles/me."""
    return {
        "displayName": who.display_name,
        "publicAlias": who.id,
        "emailAddress": who.mail,
        "coreRevision": 1,
        "timeStamp": "2026-01-05T09:00:00+00:00",
        "id": who.id,
        "revision": 1,
    }


def connection_data(organization: Organization, who: Identity) -> dict[str, Any]:
    """Connection data (ado-api.md section 1): the usual probe for "does this token work, and as whom"."""
    user = {
        "id": who.id,
        "descriptor": legacy_descriptor(organization, who),
        "subjectDescriptor": who.descriptor,
        "providerDisplayName": who.display_name,
        "isActive": not who.inactive,
        "properties": {"Account": {"$type": "System.String", "$value": who.mail or account(who)}},
        "resourceVersion": 2,
        "metaTypeId": 0,
    }
    return {
        "authenticatedUser": user,
        "authorizedUser": user,
        "instanceId": organization.id,
        "deploymentId": guid("deployment", "stand-in"),
        "deploymentType": "hosted",
        "locationServiceData": {
            "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
            "defaultAccessMappingMoniker": "PublicAccessMapping",
            "lastChangeId": 1,
            "lastChangeId64": 1,
            "clientCacheFreshness": 3600,
            "clientCacheTimeToLive": 3600,
        },
    }
