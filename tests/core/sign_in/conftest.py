import threading

import pytest

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.sign_in.flow import SignIn


@pytest.fixture
def aws(whole_aws):
    return Aws()


@pytest.fixture
def way(access_portal):
    return WayIn(Portal(access_portal.start_url, "eu-west-1"))


class Run:
    """A sign-in in a worker of its own. `steps` are what was told."""

    def __init__(self, aws, way, open_browser, **more):
        self.steps = []
        self.told = threading.Condition()
        self.sign_in = SignIn(aws, way, open_browser, self._tell, **more)
        self.problem = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _tell(self, step):
        with self.told:
            self.steps.append(step)
            self.told.notify_all()

    def _run(self):
        try:
            self.sign_in.run()
        except ConfirmdeskError as error:
            self.problem = error.problem

    def until(self, stage):
        """The step of that stage, once it is told."""
        with self.told:
            assert self.told.wait_for(lambda: stage in self.stages, 60), self.steps
        return self.steps[self.stages.index(stage)]

    @property
    def stages(self):
        return [step.stage for step in self.steps]

    def end(self):
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self.problem


@pytest.fixture
def start(aws, way, browser):
    """Begins one, with the browser where nothing else is said."""
    begun = []

    def begin(open_browser=browser.open, way=way, aws=aws, **more):
        begun.append(Run(aws, way, open_browser, **more))
        return begun[-1]

    yield begin
    for run in begun:
        run.sign_in.cancel()
        run.end()
