from pathlib import Path

from confirmdesk.core.other_programs import environment_of_others


def test_where_nothing_was_set_before_nothing_is_set():
    inside = {"LD_LIBRARY_PATH": "/opt/x/_internal", "LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, Path("/opt/x/_internal")) == {"LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, None) == inside


def test_what_somebody_set_for_themselves_is_kept():
    own = {"LD_LIBRARY_PATH": "/opt/own/lib", "PATH": "/opt/x-tools/bin:/usr/bin", "EMPTY": ""}
    assert environment_of_others(own, Path("/opt/x")) == own


def test_another_frozen_program_learns_nothing_of_this_one():
    inside = {"_PYI_PARENT_PROCESS_LEVEL": "1", "_PYI_LINUX_PROCESS_NAME": "x", "LANG": "C.UTF-8"}
    assert environment_of_others(inside, Path("/opt/x")) == {"LANG": "C.UTF-8"}


def test_of_a_list_of_folders_only_those_of_this_program_are_left_out():
    inside = {"LD_LIBRARY_PATH": "/opt/x/_internal:/opt/own/lib", "PATH": "/usr/bin:/opt/x"}
    outside = {"LD_LIBRARY_PATH": "/opt/own/lib", "PATH": "/usr/bin"}
    assert environment_of_others(inside, Path("/opt/x")) == outside
