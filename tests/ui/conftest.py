from ui_fixtures import theme  # noqa: F401
