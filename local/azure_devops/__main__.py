"""Serves the stand-in: `python -m local.azure_devops --port P --size N --seed S`."""

import argparse

from local.azure_devops.app import create_app
from local.azure_devops.seed import organization, populate
from local.azure_devops.world import World
from local.standin.server import main as serve


def main() -> None:
    """Seeds one organization and serves it until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.azure_devops", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--size", type=int, default=300, help="number of work items (default 300)")
    parser.add_argument("--seed", default="default", help="default, failing, or any other word or number")
    parser.add_argument("--time-scale", type=float, default=1.0, help="multiplies the waits between hook retries")
    arguments = parser.parse_args()

    def fill(world: World) -> None:
        world.replace_organization(organization())
        populate(world, arguments.size, arguments.seed)

    world = World(organization())
    world.deliveries.time_scale = arguments.time_scale
    fill(world)
    serve(create_app(world, fill), arguments.port, "azure devops", f"/{world.organization.name}")


if __name__ == "__main__":
    main()
