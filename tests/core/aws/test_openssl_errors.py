import socket
import ssl
import struct
import threading
from contextlib import suppress

from certificates import Authority

from confirmdesk.core.aws.openssl_errors import forget_errors


def encrypted_pair(authority):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = socket.create_connection(listener.getsockname())
        called, _ = listener.accept()
    there = {}

    def greet():
        there["end"] = authority.server_side().wrap_socket(called, server_side=True)

    greeting = threading.Thread(target=greet)
    greeting.start()
    trusting = ssl.create_default_context(cafile=str(authority.bundle))
    here = trusting.wrap_socket(caller, server_hostname="127.0.0.1")
    greeting.join()
    here.settimeout(30)
    return here, there["end"]


def test_a_broken_connection_does_not_break_the_next_one_of_its_thread(tmp_path):
    """Red without a word to OpenSSL where it is 3.4 or later and Python 3.13: as in a bare Debian 13."""
    authority = Authority(tmp_path)
    here, there = encrypted_pair(authority)
    sound_here, sound_there = encrypted_pair(authority)
    there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    there.close()
    # The first may still be told of the reset, those after it of a broken pipe.
    for _ in range(3):
        with suppress(OSError):
            here.send(b"request")
    # The answer comes when somebody already waits for it: reading what is there would not ask OpenSSL for its word.
    sound_here.settimeout(0)
    forget_errors()
    with suppress(ssl.SSLWantReadError):
        sound_here.read(5)
    sound_here.settimeout(30)
    sound_there.send(b"answer")
    assert sound_here.read(6) == b"answer"
    for end in (here, sound_here, sound_there):
        end.close()
