"""What a profile asks on its way to AWS, in the window: the code of an MFA device, patience with a program."""

import json
import sys
import threading
from pathlib import Path

import pytest
from on_screen import LEFT, boxes, is_shown, line, press, said, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from waiting import is_running
from whole_aws import StsWithMfa, told

from confirmdesk.core.aws.questions import CodeQuestion
from confirmdesk.core.connections.connection import Connection

BASE = "[profile base]\naws_access_key_id = AKIASTATIC\naws_secret_access_key = x\n"
ROLE = (
    "role_arn = arn:aws:iam::123456789012:role/support\nsource_profile = base\n"
    f"mfa_serial = arn:aws:iam::123456789012:mfa/jane\n{BASE}"
)
JANE = {"Username": "jane", "UserCreateDate": 1_700_000_000.5, "Enabled": True, "UserStatus": "UNCONFIRMED"}
SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", profile="x", needs_secret=False)

HANGING = """import os, pathlib, subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
new = pathlib.Path(__file__).with_name("new")
new.write_text(f"{os.getpid()} {inner.pid}")
new.rename(pathlib.Path(__file__).with_name("started"))
time.sleep(600)
"""


@pytest.fixture
def open_window(whole_aws, tmp_path, make_session, make_window):
    """A window at AWS with the connections; the lines are those of the profile x."""

    def open_it(lines, *connections):
        (tmp_path / ".aws").mkdir(exist_ok=True)
        (tmp_path / ".aws" / "config").write_text(f"[profile x]\n{lines}")
        whole_aws.answers["cognito-idp"] = told({"Users": [JANE]})
        session = make_session()
        for connection in connections or (SHOP,):
            session.put_connection(connection)
        return make_window(session)

    return open_it


def type_code(qtbot, window, code):
    field = the(window, "MFA code", QLineEdit)
    wait_for(qtbot, field.isEnabled)
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClicks(field, code)


def test_an_mfa_code_is_asked_for_once_though_sts_and_cognito_need_it(qtbot, open_window, whole_aws):
    whole_aws.answers["sts"] = sts = StsWithMfa("123456")
    window = open_window(ROLE)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    assert "wants the code of your MFA device for the profile “x”" in said(window)
    assert "Device: jane" in said(window)
    assert not the(window, "Continue sign-in").isEnabled()
    type_code(qtbot, window, "123 456")
    press(qtbot, window, "Continue sign-in")
    wait_loaded(qtbot, window, "1 loaded")
    wait_for(qtbot, lambda: "support" in line(window, "Connection status"))
    assert boxes(window) == []
    assert sts.codes == ["123456"]


def test_a_wrong_code_is_asked_for_again_in_the_same_dialog(qtbot, open_window, whole_aws):
    whole_aws.answers["sts"] = sts = StsWithMfa("222222")
    window = open_window(ROLE)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    (dialog,) = boxes(window)
    type_code(qtbot, window, "111111")
    qtbot.keyClick(the(window, "MFA code", QLineEdit), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "invalid MFA one time pass code" in line(window, "Sign-in status"))
    assert "wait for the next one" in line(window, "Sign-in status")
    assert the(window, "MFA code", QLineEdit).text() == ""
    assert boxes(window) == [dialog]
    type_code(qtbot, window, "222222")
    qtbot.keyClick(the(window, "MFA code", QLineEdit), Qt.Key.Key_Return)
    wait_loaded(qtbot, window, "1 loaded")
    assert sts.codes == ["111111", "222222"]


@pytest.mark.parametrize("way", ["button", "key"])
def test_who_cancels_is_not_asked_again_before_the_next_attempt(qtbot, open_window, whole_aws, tasks, way):
    whole_aws.answers["sts"] = sts = StsWithMfa("123456")
    window = open_window(ROLE)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    if way == "button":
        press(qtbot, window, "Cancel sign-in")
    else:
        qtbot.keyClick(the(window, "MFA code", QLineEdit), Qt.Key.Key_Escape)
    wait_for(qtbot, lambda: "The sign-in of the profile “x” was cancelled." in said(window))
    wait_for(qtbot, lambda: not tasks.is_busy())
    assert boxes(window) == []
    assert sts.codes == []
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    type_code(qtbot, window, "123456")
    press(qtbot, window, "Continue sign-in")
    wait_loaded(qtbot, window, "1 loaded")


def test_check_connection_asks_over_its_dialog(qtbot, open_window, whole_aws):
    whole_aws.answers["sts"] = StsWithMfa("123456")
    window = open_window(ROLE)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    press(qtbot, window, "Cancel sign-in")
    wait_for(qtbot, lambda: "was cancelled" in said(window))
    press(qtbot, window, "Edit connection")
    press(qtbot, window, "Check connection")
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    type_code(qtbot, window, "123456")
    press(qtbot, window, "Continue sign-in")
    wait_for(qtbot, lambda: "Signed in as support" in line(window, "Connection check"))
    press(qtbot, window, "Discard connection")


def test_a_program_that_takes_its_time_is_named_and_its_keys_are_taken_all_the_same(qtbot, open_window, tmp_path):
    keys = {"Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": "x", "SessionToken": "y"}
    source = tmp_path / "program.py"
    source.write_text(
        "import pathlib, time\n"
        "while not pathlib.Path(__file__).with_name('go').exists(): time.sleep(0.05)\n"
        f"print({json.dumps(keys)!r})\n"
    )
    window = open_window(f"credential_process = {sys.executable} {source}\n")
    wait_for(qtbot, lambda: is_shown(window, "Cancel sign-in"))
    assert line(window, "Sign-in status") == f"Waiting for {Path(sys.executable).name}…"
    # It covers nothing: somebody can do something else.
    press(qtbot, window, "Edit connection")
    press(qtbot, window, "Discard connection")
    (tmp_path / "go").write_text("")
    wait_loaded(qtbot, window, "1 loaded")
    wait_for(qtbot, lambda: boxes(window) == [])


def test_cancel_ends_the_program_and_leaves_no_thread(qtbot, open_window, tmp_path, tasks):
    (tmp_path / "program.py").write_text(HANGING)
    window = open_window(f"credential_process = {sys.executable} {tmp_path / 'program.py'}\n")
    wait_for(qtbot, lambda: is_shown(window, "Cancel sign-in"))
    press(qtbot, window, "Cancel sign-in")
    wait_for(qtbot, lambda: "The sign-in of the profile “x” was cancelled." in said(window))
    started = (tmp_path / "started").read_text().split()
    wait_for(qtbot, lambda: not any(map(is_running, started)) and not tasks.is_busy())
    # Not for the others either that wanted its keys.
    assert (tmp_path / "started").read_text().split() == started
    assert boxes(window) == []
    assert [t.name for t in threading.enumerate() if t.name.partition("-")[0] in ("connect", "bounded")] == []


@pytest.mark.parametrize("lines", [ROLE, "credential_process = sh -c 'sleep 600'\n"], ids=["code", "program"])
def test_a_window_that_closes_leaves_nobody_waiting(qtbot, open_window, whole_aws, tasks, lines):
    whole_aws.answers["sts"] = StsWithMfa()
    window = open_window(lines)
    wait_for(qtbot, lambda: is_shown(window, "Cancel sign-in"))
    window.close()
    wait_for(qtbot, lambda: not tasks.is_busy())


def test_two_devices_are_asked_about_one_after_the_other(qtbot, make_session, make_window):
    session = make_session()
    window = make_window(session)
    questions = [CodeQuestion("x", "arn:aws:iam::123456789012:mfa/jane"), CodeQuestion("y", "GAHT12345678")]
    for question in questions:
        session.aws.questions.ask(question)
    for question, device in zip(questions, ("jane", "GAHT12345678"), strict=True):
        wait_for(qtbot, lambda device=device: f"Device: {device}" in said(window))
        assert len(boxes(window)) == 1
        type_code(qtbot, window, "123456")
        press(qtbot, window, "Continue sign-in")
        assert question.wait() == "123456"
        session.aws.questions.take_back(question)
    wait_for(qtbot, lambda: boxes(window) == [])


def test_a_question_whose_dialog_goes_with_the_one_below_is_answered_with_no(qtbot, make_session, make_window):
    session = make_session()
    window = make_window(session)
    press(qtbot, window, "Create a connection")
    (below,) = boxes(window)
    first, second = CodeQuestion("x", "jane"), CodeQuestion("x", "jane")
    session.aws.questions.ask(first)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    below.close()
    wait_for(qtbot, lambda: not is_shown(window, "MFA code"))
    session.aws.questions.take_back(first)
    session.aws.questions.ask(second)
    wait_for(qtbot, lambda: is_shown(window, "MFA code"))
    assert first.wait() is None
    press(qtbot, window, "Cancel sign-in")
    assert second.wait() is None
