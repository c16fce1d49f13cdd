"""Signing in from within the connection dialog, and what follows from it: accounts, roles, a region to begin with."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from operator import attrgetter

from PySide6.QtCore import QObject

from confirmdesk.core.aws.ways_in import SignedIn, WayIn
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.portal import start_url_problem
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.sign_in.accounts import AccountRole, roles
from confirmdesk.core.sign_in.region import find_region
from confirmdesk.core.text import count
from confirmdesk.core.times import moment
from confirmdesk.ui.connections.form import ConnectionForm
from confirmdesk.ui.connections.questions import DialogQuestions, Subject, unimportant
from confirmdesk.ui.sign_in.flow import SignInFlow

PORTAL: Subject = attrgetter("start_url", "sso_region")
# By what one signs in.
WAY: Subject = attrgetter("profile", "start_url", "sso_region")
NO_REGION = Problem(
    "The page of the portal does not tell its region.",
    "Type it into “Portal region”: it is where your company has its identities, such as eu-west-1. IT knows it.",
)
TO_CHOOSE = "Sign in, and your accounts and roles can be chosen."
NO_ROLES = "You are signed in, but no AWS account is assigned to you in this portal. Ask your IT department for one."


class SigningIn(QObject):
    """Keeps the buttons and the line beside them true, whatever the fields spell."""

    def __init__(self, questions: DialogQuestions, form: ConnectionForm, sign_ins: SignInFlow) -> None:
        super().__init__(questions)
        self._questions = questions
        self._session = questions.session
        self._form = form
        self._fields = form.sign_in
        self._sign_ins = sign_ins
        self._seen: object = None
        # Ends the reading of roles that nobody wants to know any more.
        self._stop = threading.Event()
        form.changed.connect(self._look)
        for signal in (sign_ins.signed_in, sign_ins.signed_out):
            signal.connect(self._look_again)
        self._fields.sign_in.clicked.connect(self._begin)
        self._fields.sign_out.clicked.connect(self._leave)
        self._look()

    def _look(self) -> None:
        """Whether anybody is signed in by what the fields spell now."""
        spelled = self._questions.spelled()
        if self._session.practice or WAY(spelled) == self._seen:
            return
        self._seen = WAY(spelled)
        if spelled.portal:
            # Known at once: whoever has just typed it presses the button.
            self._fields.show_state("", start_url_problem(spelled.start_url) is None, signed_in=False)
        aws = self._session.aws

        def job() -> tuple[WayIn | None, SignedIn | None]:
            return aws.way_in(spelled), aws.sign_in_of(spelled)

        def seen(found: tuple[WayIn | None, SignedIn | None]) -> None:
            if WAY(self._questions.spelled()) == WAY(spelled):
                self._show(spelled, *found)

        self._session.tasks.run(self, job, seen, unimportant)

    def _look_again(self) -> None:
        self._seen = None
        self._look()

    def _show(self, spelled: Connection, way: WayIn | None, signed_in: SignedIn | None) -> None:
        portal = spelled.portal
        possible = way is not None and start_url_problem(way.portal.start_url) is None
        if signed_in:
            words = f"You are signed in{_until(signed_in)}."
        elif portal:
            words = TO_CHOOSE if possible and not spelled.role_name else ""
        else:
            words = f"This profile signs in at {way.portal.start_url}" if way else ""
        self._fields.show_state(words, possible, signed_in is not None)
        if signed_in and portal and way:
            self._load_roles(way)

    # Signing in

    def _begin(self) -> None:
        spelled = self._questions.spelled()
        if spelled.portal and not spelled.sso_region:
            url, aws = spelled.start_url, self._session.aws
            self._questions.say("Finding the region of the portal…", announced=False)
            self._questions.ask(self._fields.sign_in, PORTAL, lambda: find_region(aws, url), self._take_region)
        else:
            self._sign_ins.sign_in(self._form.window(), spelled)

    def _take_region(self, region: str) -> None:
        if region:
            self._questions.say("")
            self._fields.portal_region.setText(region)
            self._sign_ins.sign_in(self._form.window(), self._questions.spelled())
        else:
            self._form.mark("sso_region", NO_REGION.text())
            self._questions.say_problem(NO_REGION)

    def _leave(self) -> None:
        self._sign_ins.sign_out(self._form.window(), self._questions.spelled())

    # What one may take then

    def _load_roles(self, way: WayIn) -> None:
        """Unasked, so it disturbs nobody who has chosen."""
        aws, asked = self._session.aws, PORTAL(self._questions.spelled())
        chosen = bool(self._questions.spelled().account_id)
        if not chosen:
            self._questions.say("You are signed in. Loading your accounts and roles…", announced=False)
        self._stop.set()
        stop = self._stop = threading.Event()
        self.destroyed.connect(stop.set)

        def still(then: Callable[[], None]) -> None:
            if not stop.is_set() and PORTAL(self._questions.spelled()) == asked:
                then()

        self._session.tasks.run(
            self,
            lambda: roles(aws, way, stop.is_set),
            lambda found: still(lambda: self._take_roles(found, chosen)),
            lambda problem: still(lambda: self._say_no_roles(problem, chosen)),
        )

    def _say_no_roles(self, problem: Problem, chosen: bool) -> None:
        if problem.kind in (Kind.EXPIRED, Kind.NO_SIGN_IN):
            self._fields.show_state("Your sign-in has ended.", can_sign_in=True, signed_in=False)
        if not chosen:
            self._questions.say_problem(problem)

    def _take_roles(self, found: list[AccountRole], chosen: bool) -> None:
        self._fields.offer_roles(found)
        spelled = self._questions.spelled()
        if not spelled.region:
            # Most companies have both in one place; where not, there are no pools, which is told.
            self._form.region.setEditText(spelled.sso_region)
        if chosen:
            return
        if not found:
            self._questions.say(NO_ROLES)
        elif len(found) == 1:
            self._questions.say_good("You are signed in; your only account and role is chosen.")
        else:
            accounts = len({role.account_id for role in found})
            many = f"{count(len(found), 'role')} in {count(accounts, 'account')}"
            self._questions.say_good(f"You are signed in. {many}: choose one, or type a part of it.")
            self._fields.role.setFocus()


def _until(signed_in: SignedIn) -> str:
    now, ends = time.time(), signed_in.until.timestamp()
    return f" until {moment(ends, now)}" if ends > now and not signed_in.renews_itself else ""
