"""Closing the real program while calls hang, from the press to the end of its process."""

import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from book import Book, environment, prepare
from killing import written
from scripted_aws import accepted

PROGRAM = Path(__file__).with_name("program.py")
PEOPLE = 20


class DrippingBook(Book):
    """Serves the first one; everybody else's answer begins, and never comes to an end."""

    def _send(self, connection, seen):
        self.sent.append(seen.body["Username"])
        if len(self.sent) == 1:
            accepted("u***@e***")(connection, seen)
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not self.server.released.wait(0.5):
            connection.sendall(b" ")


def test_the_program_ends_while_calls_hang_and_who_was_in_flight_is_unknown(tmp_path):
    book, data = DrippingBook(PEOPLE, random.Random(1)), tmp_path / "data"
    prepare(data, book.server.endpoint)
    try:
        command = [sys.executable, str(PROGRAM), str(data), str(PEOPLE), "close"]
        # Long before any call is given up.
        assert subprocess.run(command, env=environment(), timeout=50, check=False).returncode == 0
    finally:
        book.server.stop()
    outcomes = written(data)
    assert {name for name, outcome in outcomes.items() if outcome == "accepted"} == {book.sent[0]}
    assert {name for name, outcome in outcomes.items() if outcome == "unknown"} == set(book.sent[1:])
    assert len(book.sent) > 1
