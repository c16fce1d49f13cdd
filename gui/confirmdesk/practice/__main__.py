"""`python -m confirmdesk.practice`: serve until stdin ends, so as never to outlive whoever started it."""

import argparse
import gc
import json
import os
import sys
import threading
from typing import NoReturn

from confirmdesk.practice.people import CAST


def main(arguments: list[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="confirmdesk.practice")
    parser.add_argument("--users", type=int, default=CAST)
    serve(parser.parse_args(arguments).users)


def serve(users: int) -> NoReturn:
    """Print one JSON line when ready, then serve `users` people until stdin reaches its end."""
    # moto would invite the pages of others to read its answers.
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
    # After the arguments: moto takes a second to import.
    from confirmdesk.practice.server import PracticeHttpServer, World, announcement

    gc.disable()
    world = World(users)
    server = PracticeHttpServer(world)
    gc.freeze()
    gc.enable()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(announcement(server, world)), flush=True)
    while sys.stdin.buffer.read(4096):
        pass
    # Request threads may sit on open connections; nothing here is worth a goodbye.
    os._exit(0)


if __name__ == "__main__":
    main()
