"""What Qt says of the system's proxy. On Linux the environment is its system."""

import subprocess
import sys
import threading

import pytest

from confirmdesk.ui.system_proxy import system_proxy

URL = "https://cognito-idp.eu-west-1.amazonaws.com"


def in_a_worker():
    answers = []
    worker = threading.Thread(target=lambda: answers.append(system_proxy(URL)))
    worker.start()
    worker.join()
    return answers


@pytest.mark.skipif(sys.platform != "linux", reason="only here the environment is the system")
@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, ""),
        ({"https_proxy": "http://proxy.example.com:8080"}, "http://proxy.example.com:8080"),
        ({"https_proxy": "socks5://proxy.example.com:1080"}, "socks5://proxy.example.com:1080"),
        ({"https_proxy": "http://[2001:db8::1]:3128"}, "http://[2001:db8::1]:3128"),
        ({"https_proxy": "http://jane:s3cret@proxy.example.com:8080"}, "http://proxy.example.com:8080"),
        ({"https_proxy": "http://proxy.example.com:8080", "no_proxy": "amazonaws.com"}, ""),
    ],
)
def test_it_is_told_as_an_address(monkeypatch, environment, proxy):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert in_a_worker() == [proxy]


def test_qts_network_is_loaded_by_the_first_question_and_not_by_the_start():
    program = (
        "import sys, confirmdesk.ui.application as _; before = 'PySide6.QtNetwork' in sys.modules;"
        "from confirmdesk.ui.system_proxy import system_proxy; system_proxy('https://example.com');"
        "print(before, 'PySide6.QtNetwork' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
