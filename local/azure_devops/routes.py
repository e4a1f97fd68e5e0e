"""All routes of the engine."""

from starlette.routing import Route

from local.azure_devops import (
    attachments,
    batch,
    bin,
    comments,
    discovery,
    notifications,
    reading,
    reporting,
    subscriptions,
    wiql,
    writing,
)
from local.azure_devops.world import World


def routes(world: World) -> list[Route]:
    """Fixed paths come before those with a variable in the same place."""
    parts = (
        discovery,
        batch,
        wiql,
        writing,
        reading,
        bin,
        comments,
        attachments,
        reporting,
        notifications,
        subscriptions,
    )
    return [route for part in parts for route in part.routes(world)]
