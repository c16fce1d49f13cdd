"""What the packages say of themselves."""

from datetime import UTC, date, datetime

from project import read_project, read_releases, source_date

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Nobody has this yet.

## [1.2.0] - 2026-03-04

### Added

- The **users** of a pool
  in a `table`.
- Themes.

## [1.1.0] - 2026-01-02

- First.
"""


def test_only_dated_releases_count_and_their_points_are_plain_sentences():
    newest, first = read_releases(CHANGELOG)
    assert (newest.version, newest.day) == ("1.2.0", date(2026, 3, 4))
    assert newest.changes == ("The users of a pool in a table.", "Themes.")
    assert (first.version, first.changes) == ("1.1.0", ("First.",))


def test_the_version_of_pyproject_has_its_section_in_the_changelog():
    project = read_project()
    assert project.version in [release.version for release in project.releases]


def test_every_release_tells_what_is_new():
    assert all(release.changes for release in read_project().releases)


def test_the_id_is_that_of_the_running_program():
    from confirmdesk.core import product

    project = read_project()
    assert (project.app_id, project.name, project.command) == (product.APP_ID, product.NAME, product.COMMAND)


def test_a_given_date_is_every_files_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert source_date() == datetime.fromtimestamp(1700000000, UTC)
