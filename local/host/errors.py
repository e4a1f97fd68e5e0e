"""Why the host did not start."""


class HostFailed(Exception):
    """The host cannot serve this app; the message says what to change, the stack trace where, if it is known."""

    def __init__(self, message: str, stack_trace: str = "") -> None:
        super().__init__(message)
        self.stack_trace = stack_trace


class IndexingFailed(HostFailed):
    """The runtime refused the app: an import raised, or a function does not match its declaration.

    In Azure no function is then indexed and every request gets 404.
    """


class UnservedBinding(HostFailed):
    """A function declares a binding that this host does not serve."""


class SettingMissing(HostFailed):
    """host.json or the environment lacks a setting, or holds a wrong one."""
