"""The practice pool's own process may be killed like any other: then the sentence is about practice, not a network."""

from on_screen import is_shown, opened, press, said, the, wait_for

from confirmdesk.core.sending.campaign import State
from confirmdesk.practice.launch import PracticeServer
from confirmdesk.ui.sending.review_dialog import ReviewDialog


def test_a_pool_that_ends_in_mid_run_is_told_as_such_and_the_run_waits(qtbot, make_session, make_window):
    with PracticeServer.start(60) as server:
        window = make_window(make_session(server))
        model = window.work.users.model
        wait_for(qtbot, lambda: model.users() and not is_shown(window, "Stop loading"))
        # People whom the practice pool serves without ado.
        model.pick([user.username for user in model.users() if user.enabled and user.email.startswith(("a", "c"))])
        press(qtbot, window, "Review and send")
        press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
        wait_for(qtbot, server.outbox)
    wait_for(qtbot, lambda: window.sending.panel.campaign.state is State.PAUSED)
    wait_for(qtbot, lambda: "The practice pool has ended, or it does not answer." in said(window))
    assert not window.sending.panel.campaign.waits_for_network
    assert "VPN" not in said(window)
    assert the(window, "Resume").isEnabled()
