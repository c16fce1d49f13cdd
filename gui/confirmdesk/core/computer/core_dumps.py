"""No picture of this program's memory is left behind when it dies: client secrets are in it."""

import sys

# Bytes. A limit of 0 keeps Linux from writing a file, but not from handing everything to a program that collects core
# dumps, as systemd and Ubuntu have one. One byte, of all limits, keeps it from both, and is too little elsewhere too.
# https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/fs/coredump.c, "a special value"
_LEAST = 1
# https://learn.microsoft.com/en-us/windows/win32/api/errhandlingapi/nf-errhandlingapi-seterrormode
_NO_ERROR_REPORTING = 0x2


def leave_no_core_dump() -> None:
    """From now on, here and in whatever is started from here."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(ctypes.windll.kernel32.GetErrorMode() | _NO_ERROR_REPORTING)
    else:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        # Nobody but root goes above what somebody allowed at most.
        if most != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (_LEAST, most))
