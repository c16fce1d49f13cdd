"""Where an installed program starts, on Linux and macOS."""

import os
import sys

# The bootloader points the dynamic linker at our libraries. Ours are found by now; a browser, a file manager or
# a credential process started from here must find their own.
# https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    original = os.environ.pop(f"{name}_ORIG", None)
    if original is not None:
        os.environ[name] = original
    elif getattr(sys, "frozen", False):
        os.environ.pop(name, None)

from confirmdesk.__main__ import main  # noqa: E402 - after the environment is right

sys.exit(main())
