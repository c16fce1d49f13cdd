"""Where an installed program starts, on Linux and macOS."""

import os
import sys

# The bootloader points the dynamic linker at our libraries, and its hook Qt at our plugins. Ours are found without, by
# where they lie; a browser, a file manager or a credential process started from here must find their own.
# https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
OURS = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH") if sys.platform == "linux" else ("DYLD_LIBRARY_PATH",)
for name in OURS:
    os.environ.pop(name, None)
    if original := os.environ.pop(f"{name}_ORIG", None):
        os.environ[name] = original

from confirmdesk.__main__ import main  # noqa: E402 - after the environment is right

sys.exit(main())
