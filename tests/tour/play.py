"""One look of the tour, in a process of its own: the program as its command puts it together, somebody before it."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import picture
from desk import Desk, NotSeenError
from job import STEPS, Step
from outbox_check import differences

from confirmdesk.ui.application import Application, Options, make_qt


def main() -> int:
    given = _given()
    steps = [(number, step) for number, step in enumerate(STEPS, start=1) if step.name not in given.leave_out]
    app = make_qt([])
    with tempfile.TemporaryDirectory() as folder:
        application = Application(app, Options(True, data_dir=Path(folder), theme=given.look))
        application.open(practice=True)
        try:
            held = play(Desk(), steps, given.out, given.look)
            return 0 if tell_outbox(application) and held else 1
        finally:
            application.close()


def play(desk: Desk, steps: Sequence[tuple[int, Step]], out: Path, look: str) -> bool:
    """A line and a picture for each step, up to the first that fails."""
    for number, step in steps:
        file = out / f"{number:02}-{step.name}-{look}.png"
        try:
            held, seen = True, step.play(desk)
        except NotSeenError as error:
            held, seen = False, f"FAILED: {error}"
        picture.take(desk.windows(), file)
        print(f"{number:02} {step.name:<9}{look:<6}{seen}", flush=True)
        if not held:
            return False
    return True


def tell_outbox(application: Application) -> bool:
    """Whether the job was done, as the practice pool tells over HTTP, whatever the window showed."""
    server = application.session.server if application.session else None
    wrong = differences(server.outbox()) if server else ["The practice pool did not start."]
    for sentence in wrong:
        print(f"OUTBOX: {sentence}", flush=True)
    return not wrong


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("look", choices=("light", "dark"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--leave-out", nargs="+", default=(), choices=[step.name for step in STEPS])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
