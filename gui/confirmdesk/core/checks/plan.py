"""What a plan itself says before anything is sent: its people, and the client metadata that goes with their codes."""

from collections.abc import Iterator

from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.sending.metadata import secret_like
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.text import count, plain

# As many addresses are named in a sentence; of as many people the metadata is looked at: their keys are the same, and
# their values differ only where a placeholder was filled.
_NAMED, _LOOKED_AT = 2, 200


def checks_of_plan(plan: Plan) -> Iterator[Check]:
    """Only what is worth a warning."""
    yield from _sent_before(plan)
    yield from _put_back(plan)
    yield from _mistyped(plan)
    yield from _secrets(plan)


def too_many(connection: Connection, by_it: bool, people: int) -> str:
    """Why a run of so many people is not sent through `connection`, and what to do; "" where it may be. `by_it` is
    whether IT set the connection, who then has to be asked."""
    largest = connection.largest_run
    if not largest or people <= largest:
        return ""
    ask = "ask your team lead or IT department, who set this limit" if by_it else "raise the limit with “Edit…”"
    allowed = f"In one run this connection sends to {count(largest, 'person', 'people')} at most; here are {people:,}."
    return f"{allowed} Pick fewer people, or {ask}."


def _sent_before(plan: Plan) -> Iterator[Check]:
    """The cool-down leaves people out of a run of several; of a single one this is all that is said."""
    for recipient in plan.recipients[:2]:
        if recipient.last_sent:
            who = plain(recipient.user.label, 80)
            sentence = f"{who} was sent a code {recipient.last_sent}. Ask whether it is there; only the newest counts."
            yield Check(Light.WARN, sentence, "Last sent")


def _put_back(plan: Plan) -> Iterator[Check]:
    people = sum(1 for recipient in plan.recipients if recipient.put_back)
    if people:
        who = count(people, "person is", "people are")
        yield Check(Light.WARN, f"{who} sent to after all, who would have been left out.", "Left out")


def _mistyped(plan: Plan) -> Iterator[Check]:
    found = [recipient for recipient in plan.recipients if recipient.meant_domain]
    if found:
        looks = count(len(found), "address looks", "addresses look")
        named = ", ".join(f"{plain(r.address, 80)} ({r.meant_domain}?)" for r in found[:_NAMED])
        more = ", …" if len(found) > _NAMED else "."
        yield Check(Light.WARN, f"{looks} mistyped: {named}{more}", "E-mail address")


def _secrets(plan: Plan) -> Iterator[Check]:
    warned = set()
    for key, value in dict.fromkeys(pair for r in plan.recipients[:_LOOKED_AT] for pair in r.request.metadata):
        warning = "" if key in warned else secret_like(key, value)
        if warning:
            warned.add(key)
            yield Check(Light.WARN, f"“{plain(key, 40)}”: {warning}", "Client metadata")
