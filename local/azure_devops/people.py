"""Identities as answers and events write them."""

from typing import Any

from local.azure_devops.model import Identity


def identity_ref(identity: Identity, base: str) -> dict[str, Any]:
    avatar = f"{base}/_apis/GraphProfile/MemberAvatars/{identity.descriptor}"
    return {
        "displayName": identity.display_name,
        "url": f"{base}/_apis/Identities/{identity.id}",
        "_links": {"avatar": {"href": avatar}},
        "id": identity.id,
        "uniqueName": identity.unique_name,
        "imageUrl": avatar,
        "descriptor": identity.descriptor,
        **({"inactive": True} if identity.inactive else {}),
    }


def identity_text(identity: Identity) -> str:
    """An identity as events of version 1.0 and feeds write it: "Name <mail>" (section 10 [AGG])."""
    return f"{identity.display_name} <{identity.unique_name}>"
