"""Whoever is asked for credentials may hang: that is nobody's trouble but the one's who asked."""

import json
import socket
import sys
import threading
from contextlib import closing

import botocore.loaders
import pytest
from scripted_aws import error, page
from waiting import is_running, until
from whole_aws import LATER, SSO, role

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines, OverdueError
from confirmdesk.core.aws.failures import ProgramOverdueError
from confirmdesk.core.aws.key_program import keys_of
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sending.plan import Request

KEYS = {"Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": "x", "SessionToken": "y"}


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The first of AWS's files, to be written."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    return tmp_path / "config"


def program(folder, source):
    """A profile's line for a program of its own, in Python."""
    (folder / "program.py").write_text(source)
    return f"credential_process = {sys.executable} {folder / 'program.py'}\n"


def at(server, profile=""):
    return Connection("Shop", "eu-west-1", "eu-west-1_A", "client", profile=profile, endpoint=server.endpoint)


def problem_of(call):
    with pytest.raises(ConfirmdeskError) as told:
        call()
    return told.value.problem


HANGING = """import os, pathlib, subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(__file__).with_name("new").write_text(f"{os.getpid()} {inner.pid}")
pathlib.Path(__file__).with_name("new").rename(pathlib.Path(__file__).with_name("started"))
time.sleep(600)
"""


def test_a_program_that_hangs_stops_no_other_connection_and_goes_with_the_window(config, tmp_path, server):
    config.write_text(
        f"[profile slow]\n{program(tmp_path, HANGING)}"
        "[profile quick]\naws_access_key_id = AKIAQUICK\naws_secret_access_key = x\n"
    )
    server.otherwise = page([])
    aws, problems = Aws(), []
    waiting = threading.Thread(
        target=lambda: problems.append(problem_of(lambda: Control(aws, at(server, "slow")).page())), daemon=True
    )
    waiting.start()
    until((tmp_path / "started").exists)
    assert Control(aws, at(server, "quick")).page().users == ()
    assert "AKIAQUICK" in server.seen[0].headers["authorization"]
    open_sender(aws, at(server, "slow"), None).send(Request("jane"))
    assert "eu-west-1" in aws.regions()
    assert server.operations() == ["ListUsers", "ResendConfirmationCode"]
    aws.deadlines.shut_all()
    waiting.join()
    assert problems[0].kind is Kind.UNREACHED
    until(lambda: not any(map(is_running, (tmp_path / "started").read_text().split())))


def test_a_program_has_a_time_of_its_own_and_ends_with_all_that_it_started(tmp_path):
    command = program(tmp_path, HANGING).partition(" = ")[2].strip()
    with pytest.raises(ProgramOverdueError):
        keys_of(command, limit=3.0)
    until(lambda: not any(map(is_running, (tmp_path / "started").read_text().split())))


def test_a_call_that_is_ended_later_leaves_a_program_alone_that_has_ended(tmp_path, monkeypatch):
    command = program(tmp_path, f"print({json.dumps(KEYS)!r})").partition(" = ")[2].strip()
    ended = []
    monkeypatch.setattr("os.killpg", lambda *asked: ended.append(asked))
    deadlines = Deadlines()

    def call():
        with deadlines.within(60):
            assert keys_of(command)["access_key"] == "ASIAPROGRAM"
            deadlines.shut_all()

    with pytest.raises(OverdueError):
        call()
    assert ended == []


COUNTING = """import pathlib
with pathlib.Path(__file__).with_name("runs").open("a") as runs:
    print("run", file=runs)
print({keys!r})
"""


def test_a_program_is_asked_once_for_a_connection_and_again_when_its_keys_are_refused(config, tmp_path, server):
    config.write_text(f"[default]\n{program(tmp_path, COUNTING.format(keys=json.dumps(KEYS)))}")
    server.otherwise = page([])
    aws = Aws()
    for _ in range(2):
        Control(aws, at(server)).page()
    assert "ASIAPROGRAM" in server.seen[0].headers["authorization"]
    assert (tmp_path / "runs").read_text().split() == ["run"]
    server.script = [error("ExpiredTokenException", "The security token included in the request is expired")]
    assert problem_of(Control(aws, at(server)).page).kind is Kind.EXPIRED
    Control(aws, at(server)).page()
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


def test_what_a_program_complains_is_in_the_details_and_what_it_writes_is_not(config, tmp_path, server):
    source = f"import sys; print('SECRETKEY'); sys.stderr.buffer.write(b'f\\xfcr \\x1b[1m' + {'n' * 900!r}.encode()); "
    config.write_text(f"[default]\n{program(tmp_path, source + 'sys.exit(3)')}")
    problem = problem_of(lambda: Control(Aws(), at(server)).page())
    assert "f\N{REPLACEMENT CHARACTER}r ⟨U+001B⟩[1mnnn" in problem.details
    assert 500 < problem.details.count("n") <= 620
    config.write_text(f"[default]\n{program(tmp_path, 'print(chr(123) + chr(34) + chr(86), 4711)')}")
    problem = problem_of(lambda: Control(Aws(), at(server)).page())
    assert "4711" not in problem.text() + problem.details
    assert "SECRETKEY" not in problem.text() + problem.details


def test_what_changes_in_the_files_counts_from_the_next_question_on(config, server):
    server.otherwise = page([])
    aws = Aws()
    for key in ("AKIAFIRST", "AKIASECOND"):
        config.write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = x\n")
        Control(aws, at(server)).page()
    assert [key in seen.headers["authorization"] for key, seen in zip(("FIRST", "SECOND"), server.seen, strict=True)]
    assert "AKIASECOND" in server.seen[1].headers["authorization"]


def test_where_botocore_looks_for_its_descriptions_does_not_grow(monkeypatch, server, aws_keys):
    loader = botocore.loaders.create_loader()
    before = list(loader.search_paths)
    monkeypatch.setattr(botocore.loaders, "create_loader", lambda: loader)
    aws = Aws()
    for profile in range(5):
        Control(aws, Connection("T", f"eu-west-{profile}", "eu-west-1_A", "c", endpoint=server.endpoint))
        open_sender(aws, at(server), None)
    assert loader.search_paths == before


@pytest.mark.parametrize("source", ["config", "credentials", "program", "role", "sso", "web identity"])
def test_each_way_to_sign_in_works_behind_a_proxy_whatever_endpoint_the_environment_names(
    whole_aws, tmp_path, config, monkeypatch, source
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    keys = "aws_access_key_id = AKIASTATIC\naws_secret_access_key = x\n"
    (tmp_path / "token").write_text("token-of-jane")
    written = {
        "config": (keys, "AKIASTATIC"),
        "credentials": ("", "AKIASTATIC"),
        "program": (program(tmp_path, f"print({json.dumps({**KEYS, 'Expiration': LATER})!r})"), "ASIAPROGRAM"),
        "role": (f"role_arn = arn:aws:iam::1:role/r\nsource_profile = base\n[profile base]\n{keys}", "ASIAROLE"),
        "sso": (SSO, "ASIAPORTAL"),
        "web identity": (
            f"role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = {tmp_path / 'token'}\n",
            "ASIAROLE",
        ),
    }
    lines, key = written[source]
    config.write_text(f"[profile x]\n{lines}")
    if source == "credentials":
        (tmp_path / "credentials").write_text(f"[x]\n{keys}")
    if source == "web identity":
        whole_aws.answers["sts"] = role("AssumeRoleWithWebIdentity")
    whole_aws.keep_sign_in()
    Control(Aws(), Connection("T", "eu-west-1", "eu-west-1_A", "c", profile="x")).page()
    assert key in whole_aws.asked[-1].authorization
    assert whole_aws.asked[-1].service == "cognito-idp"


def test_the_portal_has_no_longer_than_others_behind_a_silent_proxy(config, tmp_path, monkeypatch, whole_aws):
    whole_aws.keep_sign_in()
    config.write_text(f"[default]\n{SSO}")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        control = Control(Aws(deadlines=Deadlines(limit=1.5)), Connection("T", "eu-west-1", "eu-west-1_A", "c"))
        problem = problem_of(control.page)
    assert problem.kind is Kind.UNREACHED
    assert problem.sentence == "The network proxy did not answer."
    assert "portal.sso.eu-west-1.amazonaws.com" in problem.details
