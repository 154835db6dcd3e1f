"""Children that end with their parent, even when the parent is killed and can tell nobody."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(ending: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent ends (prctl(2), PR_SET_PDEATHSIG)."""
    if _libc.prctl(PR_SET_PDEATHSIG, int(ending), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def before_exec(ending: signal.Signals) -> Callable[[], None]:
    """For Popen(preexec_fn=...): it runs after the change of user, which would clear the kernel's note."""
    parent = os.getpid()

    def prepare() -> None:
        end_with_parent(ending)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare
