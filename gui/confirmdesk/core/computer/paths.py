"""Where the program's files are: its own data, and the resources it ships with."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from confirmdesk.core import product
from confirmdesk.core.computer.files import make_private_directory
from confirmdesk.core.errors import failure


@dataclass(frozen=True, slots=True)
class Places:
    """One world of settings, ledger and log, all in one directory of this computer (never a roaming profile)."""

    data: Path

    @property
    def settings_file(self) -> Path:
        return self.data / "settings.json"

    @property
    def ledger_file(self) -> Path:
        return self.data / "ledger.sqlite3"

    @property
    def log_file(self) -> Path:
        return self.data / "confirmdesk.log"

    def create(self) -> None:
        """Makes the directory, 0700, and proves that a file can be written there. Raises ConfirmdeskError."""
        try:
            make_private_directory(self.data)
            with tempfile.TemporaryFile(dir=self.data):
                pass
        except OSError as error:
            raise failure(
                f"{product.NAME} cannot write to its data directory {self.data}.",
                "Make it writable for this account, or start the program with --data-dir and another directory.",
                f"{type(error).__name__}: {error.strerror}",
            ) from None


def find_places(data_dir: Path | None = None, practice: bool = False) -> Places:
    """The world to work in: `data_dir` where one was given, else this account's own; practice has a world of its own
    inside. Creates nothing."""
    data = data_dir.expanduser().absolute() if data_dir else _own_directory()
    return Places(data / "practice" if practice else data)


def _own_directory() -> Path:
    import platformdirs  # slow, and not needed by who names a directory

    return Path(platformdirs.user_data_dir(product.COMMAND, appauthor=False, roaming=False))


def resource(name: str) -> Path:
    """The path of a shipped file such as "icons/confirmdesk.svg". Raises ConfirmdeskError where it is missing.

    A wheel and an installer carry resources/ inside the package; a source tree has it at its top.
    """
    package = Path(__file__).resolve().parents[2]
    for root in (package / "resources", package.parents[1] / "resources"):
        if (root / name).is_file():
            return root / name
    raise failure(f"A part of {product.NAME} is missing: {name}.", "Install the program again.")
