"""A program that dies leaves no picture of its memory behind: secrets are in it. The real command, really killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SOURCE = str(Path(__file__).resolve().parents[1] / "gui")
# As much as the system lets anybody have, whatever the tests were started with.
UNLIMITED = """
import os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has its own reports")


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", UNLIMITED, *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": SOURCE}, **pipes)


def may_dump(process: subprocess.Popen[bytes]) -> str:
    limits = Path("/proc", str(process.pid), "limits").read_text(encoding="ascii").splitlines()
    return next(line.split()[4] for line in limits if line.startswith("Max core file size"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_crash_leaves_no_memory_on_the_disk(tmp_path):
    with start(tmp_path, "-m", "confirmdesk", "--practice-server", "5") as program:
        assert program.stdout
        assert program.stdout.readline(), "it did not start"
        limit = may_dump(program)
        program.send_signal(signal.SIGABRT)
        program.communicate(timeout=60)
    assert program.returncode == -signal.SIGABRT
    assert [path.name for path in tmp_path.iterdir() if "core" in path.name] == []
    # No handler that the kernel pipes to is started for a limit of one byte; see core_dumps.py.
    assert limit == "1"


@pytest.mark.parametrize(("soft", "most", "left"), [(0, 0, 0), (0, 4096, 1), (4096, 4096, 1)])
def test_whatever_was_allowed_there_is_none(soft, most, left):
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_CORE, ({soft}, {most}))\n"
        "from confirmdesk.core.computer.core_dumps import leave_no_core_dump\n"
        "leave_no_core_dump(); print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(left), str(most)]
