"""What is wrong in AWS's files is told with file, line and kind, and costs only the profiles that it touches."""

import codecs
import os

import pytest
from botocore.configloader import load_config, raw_config_parse

from confirmdesk.core.aws.profile_files import Fault, read_profile_files

SOUND = """# ours
[default]
region = eu-west-1

[profile shop]
sso_session = company
sso_account_id = 123456789012
s3 =
  max_concurrent_requests = 3
  addressing_style = path

[profile "two words"]
role_arn : arn:aws:iam::123456789012:role/x
; a remark
source_profile = shop
Region = eu-west-2
  and more

[sso-session company]
sso_region = eu-central-1

[preview]
cloudfront = true
"""
KEYS = "[shop]\naws_access_key_id = AKIA\naws_secret_access_key = a=b:c\n[only]\naws_access_key_id = AKIB\n"


@pytest.fixture
def read(tmp_path):
    def written(config=b"", credentials=b""):
        for name, data in (("config", config), ("credentials", credentials)):
            (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_profile_files(str(tmp_path / "config"), str(tmp_path / "credentials"))

    return written


def test_sound_files_are_read_as_botocore_reads_them(read, tmp_path):
    files = read(SOUND, KEYS)
    assert files.settings == load_config(str(tmp_path / "config"))
    assert files.keys == raw_config_parse(str(tmp_path / "credentials"))
    assert files.flaws == ()
    assert list(files.profiles) == ["default", "shop", "two words", "only"]
    assert files.profiles["shop"]["aws_secret_access_key"] == "a=b:c"


def test_files_that_are_not_there_are_empty(tmp_path):
    files = read_profile_files(str(tmp_path / "gone"), "~/nowhere/credentials")
    assert read_profile_files("", "") == files
    assert (files.profiles, files.flaws) == ({}, ())


GOOD = "[profile good]\nregion = eu-west-1\n"


@pytest.mark.parametrize(
    ("config", "line", "fault", "lost"),
    [
        (codecs.BOM_UTF8 + GOOD.encode(), 1, Fault.BYTE_ORDER_MARK, ""),
        (GOOD.encode("utf-16"), 0, Fault.UTF_16, ""),
        (b"# nothing\n# f\xfcr alle\n" + GOOD.encode(), 2, Fault.NOT_UTF_8, ""),
        (GOOD + "[profile shop]\na = 1\n[profile shop]\na = 2\n", 5, Fault.SECTION_TWICE, "shop"),
        ("[profile shop]\na = 1\nb = 2\nA = 2\n" + GOOD, 4, Fault.KEY_TWICE, "shop"),
        (GOOD + "[profile shop\na = 1\n", 3, Fault.BROKEN_HEADER, "shop"),
        ("[[[\n" + GOOD, 1, Fault.BROKEN_HEADER, ""),
        ("a = 1\n" + GOOD, 1, Fault.NO_SECTION, ""),
        ("[profile shop]\n\nnonsense\n" + GOOD, 3, Fault.NO_SETTING, "shop"),
        ("[profile shop]\ns3 =\n  nonsense\n" + GOOD, 1, Fault.NO_SETTING, "shop"),
        ("[sso-session shop]\na = 1\na = 2\n" + GOOD, 3, Fault.KEY_TWICE, "sso-session shop"),
        ("[sso-session good]\na = 1\na = 2\n" + GOOD, 3, Fault.KEY_TWICE, "sso-session good"),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_flaw_is_told_with_its_line_and_costs_only_what_it_touches(read, config, line, fault, lost, tmp_path):
    files = read(config, KEYS.replace("[shop]", "[other]"))
    (flaw,) = files.flaws
    assert (flaw.file, flaw.line, flaw.fault, flaw.section) == (tmp_path / "config", line, fault, lost)
    assert list(files.profiles) == ["good", "other", "only"]
    assert files.flaw_of("good") is None
    assert str(tmp_path / "config") in str(flaw)
    assert bool(flaw.cost) is (lost != "")
    assert lost.removeprefix("sso-session ") in flaw.cost


def test_a_profile_whose_keys_are_in_doubt_is_not_used_with_half_of_its_settings(read):
    files = read("[profile shop]\nregion = eu-west-1\n", "[shop]\nx = 1\n[shop]\nx = 2\n")
    assert "shop" not in files.profiles
    assert files.flaw_of("shop").fault is Fault.SECTION_TWICE


def test_what_a_profile_stands_on_counts_as_its_own(read):
    broken = "[sso-session company]\na = 1\na = 2\n"
    role = "[profile role]\nrole_arn = r\nsource_profile = shop\n"
    files = read(broken + role + "[profile shop]\nsso_session = company\n" + GOOD)
    assert files.flaw_of("role").section == "sso-session company"
    assert files.flaw_of("shop").section == "sso-session company"
    assert files.flaw_of("good") is None


def test_profiles_that_stand_on_each_other_end_nowhere(read):
    files = read("[profile a]\nsource_profile = b\n[profile b]\nsource_profile = a\n")
    assert files.flaw_of("a") is None


def test_a_profile_that_is_not_found_may_stand_where_nobody_can_tell(read):
    files = read("[[[\nregion = x\n" + GOOD)
    assert files.flaw_of("gone").fault is Fault.BROKEN_HEADER
    assert read(GOOD).flaw_of("gone") is None


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    files = read_profile_files(str(tmp_path), str(tmp_path / "gone"))
    assert [(flaw.fault, flaw.line) for flaw in files.flaws] == [(Fault.UNREADABLE, 0)]


def test_a_pipe_or_a_device_in_place_of_a_file_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    files = read_profile_files(str(tmp_path / "pipe"), os.devnull)
    assert (files.profiles, files.flaws) == ({}, ())
