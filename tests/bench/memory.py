"""How much memory this process has."""

import os
import sys
from pathlib import Path


def resident_bytes() -> int:
    """Resident at this moment; where the system does not tell, the most there ever was."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
