"""The local Functions host: HTTP, queue and timer triggers around the runtime that Azure itself runs.

`python -m local.host --port 7071` serves the app of the current folder; `FunctionsHost` does so in process.
"""

from local.host.errors import HostFailed, IndexingFailed, SettingMissing, UnservedBinding
from local.host.functions import Function
from local.host.host import FunctionsHost
from local.host.worker import Outcome

__all__ = [
    "Function",
    "FunctionsHost",
    "HostFailed",
    "IndexingFailed",
    "Outcome",
    "SettingMissing",
    "UnservedBinding",
]
