from pathlib import Path

from confirmdesk.core.other_programs import environment_of_others


def test_where_nothing_was_set_before_nothing_is_set():
    inside = {"LD_LIBRARY_PATH": "/opt/x/_internal", "LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, Path("/opt/x/_internal")) == {"LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, None) == inside
