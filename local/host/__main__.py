"""`python -m local.host [--port P] [--app DIR] ...` (all options: --help).

Prints one line when the app answers. Ends with status 0 on SIGTERM or Ctrl-C, after what was running has
ended, and with status 1 and the reason where the app cannot be served: Azure would start all the same and
answer every request with 404, which helps nobody on a developer's machine.
"""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from local.host.errors import HostFailed
from local.host.host import FunctionsHost
from local.host.queues import INVISIBILITY_SECONDS
from local.processes import StartFailed

# These print addresses with their query strings, or what the runtime thinks of each invocation.
QUIET = ("azure", "httpx", "httpcore", "aiohttp", "uvicorn", "asyncio")


def main() -> int:
    """The exit status, once the host has ended."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        asyncio.run(_serve(_parsed()))
    except (HostFailed, StartFailed) as error:
        print(getattr(error, "stack_trace", ""), file=sys.stderr)
        print(f"functions: not started: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        # The app's clients live until the process ends, as in Azure, where no hook lets an app close them.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return 0


async def _serve(options: argparse.Namespace) -> None:
    host = FunctionsHost(
        options.app,
        options.port,
        specialize=options.specialize,
        timers=options.timers,
        queues=options.queues,
        invisibility=options.invisibility,
    )
    stopped = asyncio.create_task(_signalled().wait())
    async with host:
        print(f"functions: {len(host.functions)} functions on {host.url}", flush=True)
        failed = asyncio.create_task(host.failed())
        await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
        if failed.done():
            failed.result()
        failed.cancel()


def _signalled() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set."""
    event = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description="Serves a Python Azure Functions app.")
    parser.add_argument("--port", type=int, default=7071, help="0 picks a free one")
    parser.add_argument("--app", type=Path, default=Path.cwd(), help="the folder of function_app.py and host.json")
    parser.add_argument("--specialize", action="store_true", help="start as a waiting worker in Azure is given the app")
    parser.add_argument("--no-timers", dest="timers", action="store_false", help="run timers by hand only")
    parser.add_argument("--no-queues", dest="queues", action="store_false", help="do not listen to queues")
    parser.add_argument(
        "--invisibility",
        type=float,
        default=INVISIBILITY_SECONDS,
        help="seconds that a taken message stays hidden when this process is killed",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
