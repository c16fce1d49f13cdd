from ui_fixtures import theme  # noqa: F401
from windows import desk, host, make_window, make_world, practice_world, tasks, told  # noqa: F401
