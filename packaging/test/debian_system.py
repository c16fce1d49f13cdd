"""A fresh Debian system in a directory, and commands run in it.

Each command has mounts and processes of its own, which end with it, and no network but a loopback unless it asks for
one. So there is nothing to clean up after a crash, and nothing reaches the computer that the tests run on.
"""

import ast
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from debian_tools import Done, checked, tool

PERSON = "alice"
FRESH_FOR = 24 * 3600
HOST_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# What the windows are driven and looked at with, and what a desktop has: a bus, a keyring, Wayland's libraries. What
# the company needs that stands beside it: tests/support makes certificates, and is written for pytest.
DESK = (
    *("dbus", "at-spi2-core", "python3-gi", "gir1.2-atspi-2.0", "xvfb", "openbox", "xdotool", "x11-utils", "weston"),
    *("gnome-keyring", "libsecret-tools", "libwayland-client0", "libwayland-cursor0", "libwayland-egl1"),
    *("python3-cryptography", "python3-pytest"),
)

# What somebody has who got as far as the README.
NEWCOMER = ("git", "make", "python3")

_ENTER = """
set -e
root=$1 cache=$2 alone=$3 user=$4
shift 4
[ "$alone" = no ] || ip link set lo up
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount --bind "$cache" "$root/var/cache/apt/archives"
# Not exec: with this shell, which dies when its parent does, all that it started dies.
chroot --userspec="$user:$user" "$root" env -i "$@" && status=0 || status=$?
exit "$status"
"""
_PIP = (".index-url", ".trusted-host", ".proxy", ".default-timeout", ".timeout")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class System:
    """The system of `suite` in the directory `root`; `cache` keeps apt's downloads from run to run."""

    suite: str
    root: Path
    cache: Path

    def run(self, *command: str, user: str = PERSON, network: bool = False, limit: float = 600) -> Done:
        """Run `command` as `user` with a clean environment; past `limit` seconds it is killed with all it started."""
        home = "/root" if user == "root" else f"/home/{user}"
        words = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        words |= {"HOME": home, "USER": user, "LOGNAME": user}
        own = ("--mount", "--pid", "--ipc", *(() if network else ("--net",)))
        inner = ("sh", "-c", _ENTER, "enter", str(self.root), str(self.cache), "no" if network else "yes", user)
        settings = (f"{name}={value}" for name, value in words.items())
        return tool("unshare", *own, "--fork", "--kill-child", *inner, *settings, *command, limit=limit)

    def apt(self, *words: str) -> Done:
        """apt-get as an administrator calls it, without questions, and without waiting for the disk."""
        quick = ("-o", "Dpkg::Options::=--force-unsafe-io", "-o", "Dpkg::Use-Pty=0")
        settings = (f"{name}={value}" for name, value in (proxies() | {"DEBIAN_FRONTEND": "noninteractive"}).items())
        return self.run("env", *settings, "apt-get", "-y", "-q", *quick, *words, user="root", network=True)

    def packages(self) -> frozenset[str]:
        """Every package that dpkg knows, with version and state."""
        fields = "${Package} ${Version} ${db:Status-Status}\\n"
        return frozenset(self.run("dpkg-query", "-W", "-f", fields, user="root").output.splitlines())

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


class Systems:
    """Makes systems of a suite from tarballs in `work`, which are made anew each day."""

    def __init__(self, work: Path, fresh: bool) -> None:
        self._work = work
        self._fresh = fresh
        self._began = time.time()

    @contextmanager
    def bare(self, suite: str) -> Iterator[System]:
        """The smallest system that Debian calls one, and a person; it is gone at the end."""
        with self._unpacked(suite, self._bare_tarball(suite)) as system:
            yield system

    @contextmanager
    def desk(self, suite: str) -> Iterator[System]:
        """A system that a person can sit in front of; it is gone at the end."""
        with self._unpacked(suite, self._richer_tarball(suite, "desk", DESK)) as system:
            # Where X servers put their sockets, as a system's start makes it.
            (system.root / "tmp" / ".X11-unix").mkdir(exist_ok=True)
            (system.root / "tmp" / ".X11-unix").chmod(0o1777)
            yield system

    @contextmanager
    def newcomer(self, suite: str) -> Iterator[System]:
        """A bare system with git, make and Python, whose pip gets packages as this computer's does; gone at the end."""
        with self._unpacked(suite, self._richer_tarball(suite, "newcomer", NEWCOMER)) as system:
            _set_up_pip(system)
            yield system

    def _system(self, suite: str) -> System:
        system = System(suite, self._work / f"root-{suite}", self._work / f"apt-cache-{suite}")
        system.remove()
        system.cache.mkdir(parents=True, exist_ok=True)
        return system

    @contextmanager
    def _unpacked(self, suite: str, tarball: Path) -> Iterator[System]:
        system = self._system(suite)
        try:
            system.root.mkdir()
            _must("tar", "--numeric-owner", "-xpf", str(tarball), "-C", str(system.root))
            shutil.copy("/etc/resolv.conf", system.root / "etc" / "resolv.conf")
            yield system
        finally:
            system.remove()

    def _bare_tarball(self, suite: str) -> Path:
        tarball = self._work / f"{suite}.tar"
        if not self._usable(tarball):
            system = self._system(suite)
            mirror, security = mirrors()
            _must("debootstrap", "--variant=minbase", suite, str(system.root), mirror)
            _set_up_apt(system, mirror, security)
            for words in (("update",), ("upgrade",)):
                checked(system.apt(*words), f"apt-get {words[0]}")
            checked(system.run("useradd", "--create-home", PERSON, user="root"), "useradd")
            _pack(system, tarball)
            system.remove()
        return tarball

    def _richer_tarball(self, suite: str, name: str, packages: Sequence[str]) -> Path:
        tarball, bare = self._work / f"{suite}-{name}.tar", self._bare_tarball(suite)
        if not self._usable(tarball) or tarball.stat().st_mtime < bare.stat().st_mtime:
            with self._unpacked(suite, bare) as system:
                checked(system.apt("install", "--no-install-recommends", *packages), "apt-get install")
                _pack(system, tarball)
        return tarball

    def _usable(self, tarball: Path) -> bool:
        if not tarball.is_file():
            return False
        age = time.time() - tarball.stat().st_mtime
        # One that this very run made is fresh enough for --fresh.
        return age < (time.time() - self._began if self._fresh else FRESH_FOR)


def mirrors() -> tuple[str, str]:
    """Where this computer's own apt gets Debian from, and Debian's security updates."""
    asked = tool("apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", limit=60)
    known = dict(line.split("|", 1) for line in asked.output.splitlines() if line.count("|") == 1)
    if not {"Debian", "Debian-Security"} <= known.keys():
        raise SystemExit("This computer's apt knows no source of Debian with security updates: run this on Debian.")
    return known["Debian"], known["Debian-Security"]


def proxies() -> dict[str, str]:
    """The variables of this computer's environment without which nothing reaches the network."""
    return {name: os.environ[name] for name in _PROXIES if name in os.environ}


def _set_up_apt(system: System, mirror: str, security: str) -> None:
    apt, suite = system.root / "etc" / "apt", system.suite
    sources = (f"{mirror} {suite}", f"{mirror} {suite}-updates", f"{security} {suite}-security")
    (apt / "sources.list").write_text("".join(f"deb {source} main\n" for source in sources))
    ours = ("Acquire::http", "Acquire::https", "Acquire::Check")
    lines = [line for line in tool("apt-config", "dump", limit=60).output.splitlines() if line.startswith(ours)]
    if urlsplit(mirror).scheme == "https" and HOST_CERTIFICATES.is_file():
        shutil.copy(HOST_CERTIFICATES, apt / "host-certificates.crt")
        lines.append('Acquire::https::CAInfo "/etc/apt/host-certificates.crt";')
    (apt / "apt.conf.d" / "90host").write_text("".join(f"{line}\n" for line in lines))


def _set_up_pip(system: System) -> None:
    """Where this computer's own pip gets packages from, and whom it trusts; directories of this computer stay out."""
    asked = tool(sys.executable, "-m", "pip", "config", "list", limit=60)
    known = (line.partition("=") for line in asked.output.splitlines() if asked.status == 0)
    settings = {name.rpartition(".")[2]: ast.literal_eval(value) for name, _, value in known if name.endswith(_PIP)}
    if HOST_CERTIFICATES.is_file():
        shutil.copy(HOST_CERTIFICATES, system.root / "etc" / "host-certificates.crt")
        settings["cert"] = "/etc/host-certificates.crt"
    lines = ("[global]", *(f"{name} = {value}" for name, value in settings.items()))
    (system.root / "etc" / "pip.conf").write_text("".join(f"{line}\n" for line in lines))


def _must(*command: str) -> None:
    checked(tool(*command, limit=1200), " ".join(command[:2]))


def _pack(system: System, tarball: Path) -> None:
    part = tarball.with_suffix(".part")
    _must("tar", "--numeric-owner", "-cpf", str(part), "-C", str(system.root), ".")
    part.rename(tarball)
