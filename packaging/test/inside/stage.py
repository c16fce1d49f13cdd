"""What every scene has at hand, and how it tells what it proved."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from picture import take
from screen import NotSeenError, Screen


@dataclass(slots=True)
class Stage:
    """`out` gets pictures and logs; `framebuffer` is the file with the X server's screen, where there is one."""

    out: Path
    framebuffer: Path | None = None
    screen: Screen = field(default_factory=Screen)

    @contextmanager
    def proof(self, name: str) -> Iterator[Callable[[str], None]]:
        """One line of the report: it holds if the block comes to its end. What follows a failure is not played."""
        details: list[str] = []
        try:
            yield details.append
        except Exception as error:
            self.tell(name, False, f"{type(error).__name__}: {error}")
            raise SceneFailedError from error
        self.tell(name, True, "; ".join(details))

    def tell(self, name: str, held: bool, detail: str) -> None:
        """For the program outside, which reads it line by line."""
        print(json.dumps({"proof": name, "held": held, "detail": detail}), flush=True)

    def picture(self, name: str) -> float:
        """Save what is on the screen; its brightness. An empty screen is an error."""
        assert self.framebuffer
        picture = take(self.framebuffer)
        picture.save(self.out / f"{name}.png")
        need(picture.colours > 64, f"picture “{name}” has {picture.colours} colours: nothing is painted")
        return picture.brightness


class SceneFailedError(Exception):
    """The proof is told already."""


def need(held: bool, seen: str) -> None:
    """Raise NotSeenError with what was `seen` instead, unless `held`."""
    if not held:
        raise NotSeenError(seen)
