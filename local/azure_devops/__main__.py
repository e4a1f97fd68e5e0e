"""Serves the stand-in: `python -m local.azure_devops --port P --size N --seed S`."""

import argparse

from local.azure_devops.app import create_app
from local.azure_devops.organizations import Organizations
from local.azure_devops.seed import organization, populate
from local.azure_devops.world import World
from local.standin.server import main as serve


def main() -> None:
    """Seeds the organizations and serves them until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.azure_devops", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--size", type=int, default=300, help="number of work items (default 300)")
    parser.add_argument("--seed", default="default", help="default, failing, or any other word or number")
    parser.add_argument("--time-scale", type=float, default=1.0, help="multiplies the waits between hook retries")
    parser.add_argument("--organization", action="append", help="name; several may be given (default contoso)")
    arguments = parser.parse_args()

    def fill(world: World) -> None:
        world.replace_organization(organization(world.organization.name))
        populate(world, arguments.size, arguments.seed)

    apps = {}
    for name in arguments.organization or ["contoso"]:
        world = World(organization(name))
        world.deliveries.time_scale = arguments.time_scale
        fill(world)
        apps[name] = create_app(world, fill)
    serve(Organizations(apps), arguments.port, "azure devops", f"/{next(iter(apps))}")


if __name__ == "__main__":
    main()
