"""`python -m confirmdesk.practice`: serve until stdin ends, so as never to outlive whoever started it."""

import argparse
import gc
import json
import os
import sys
import threading

from confirmdesk.practice.people import CAST


def main(arguments: list[str] | None = None) -> None:
    """Print one JSON line when ready, then serve until stdin reaches its end."""
    parser = argparse.ArgumentParser(prog="confirmdesk.practice")
    parser.add_argument("--users", type=int, default=CAST)
    users = parser.parse_args(arguments).users
    # After the arguments: moto takes a second to import.
    from confirmdesk.practice.server import World, announcement, make_practice_server

    gc.disable()
    world = World(users)
    server = make_practice_server(world)
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
