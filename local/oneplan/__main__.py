"""`python -m local.oneplan --port P [--rate-scale X]`: the stand-in until SIGTERM or Ctrl-C."""

import argparse
import os

from local.oneplan.app import create_app
from local.oneplan.world import World
from local.standin.server import main


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.oneplan", description="A stand-in of OnePlan.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT_ONEPLAN", "7082")), help="0: a free one")
    scale = float(os.environ.get("RATE_SCALE", "1"))
    parser.add_argument("--rate-scale", type=float, default=scale, help="multiplies the request limits")
    return parser.parse_args()


if __name__ == "__main__":
    options = _parsed()
    main(create_app(World(rate_scale=options.rate_scale)), options.port, "oneplan", "/api")
