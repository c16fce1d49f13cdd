"""Plays one scene: `dbus-run-session -- python3 play.py SCENE OUT`, as the person who sits there, inside the system.

Prints a line of JSON for each proof. Exit status 1 if one failed.
"""

import sys
import traceback
from contextlib import ExitStack
from pathlib import Path

from desk import ask_for_accessibility, runtime_directory, unlock_keyring, wayland_screen, x_screen
from program import end_processes
from scenes import SCENES
from stage import SceneFailedError, Stage


def main() -> int:
    name, out = sys.argv[1], Path(sys.argv[2])
    scene = SCENES[name]
    with ExitStack() as ends:
        runtime = ends.enter_context(runtime_directory())
        stage = Stage(out)
        if scene.keyring:
            unlock_keyring()
        if scene.wayland:
            ends.enter_context(wayland_screen(runtime, scene.size))
        else:
            stage.framebuffer = ends.enter_context(x_screen(scene.size))
        ask_for_accessibility()
        try:
            scene.play(stage)
        except Exception as error:
            if not isinstance(error, SceneFailedError):
                stage.tell(f"scene {name}", False, traceback.format_exc())
            (out / f"{name}-failed.txt").write_text(stage.screen.tree())
            if stage.framebuffer:
                stage.picture(f"{name}-failed")
            return 1
        finally:
            end_processes()
    return 0


if __name__ == "__main__":
    sys.exit(main())
