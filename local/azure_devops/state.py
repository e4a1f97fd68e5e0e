"""The whole model as JSON, for the control route `state`; tokens' values and passwords are not part of it."""

from collections.abc import Mapping
from typing import Any

from local.azure_devops.model import WorkItem
from local.azure_devops.values import Shape, instant
from local.azure_devops.world import World


def state(world: World) -> Mapping[str, Any]:
    """Projects, items with what is in the bin, subscriptions with their notifications."""
    organization = world.organization
    shape = Shape(world, f"https://dev.azure.com/{organization.name}", text_identities=True)
    return {
        "organization": {"name": organization.name, "id": organization.id, "watermark": organization.watermark},
        "projects": [{"id": one.id, "name": one.name} for one in organization.projects],
        "items": [_item(shape, one) for one in organization.items.values()],
        "destroyed": sorted(organization.destroyed),
        "unreadable": sorted(organization.unreadable),
        "oddities": {str(id_): names for id_, names in organization.oddities.items()},
        "expectedFailures": {str(id_): name for id_, name in organization.expected_failures.items()},
        "subscriptions": [one.describe() for one in world.deliveries.subscriptions.values()],
        "pendingDeliveries": world.deliveries.pending,
    }


def _item(shape: Shape, item: WorkItem) -> dict[str, Any]:
    return {
        **shape.item(item, relations=True),
        "project": item.project_id,
        "deleted": instant(item.deleted) if item.deleted else None,
        "updates": len(item.updates),
        "comments": [
            {"id": one.id, "text": one.text, "by": shape.value(one.created_by), "deleted": one.deleted}
            for one in item.comments
        ],
    }
