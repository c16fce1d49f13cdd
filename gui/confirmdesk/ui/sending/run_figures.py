"""What a run has come to at a glance: its counters, or in words what came of its one person."""

import time
from collections import deque
from collections.abc import Sequence

from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.results import Result, summary, tally
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.cards import Card, CardRow, TextCard
from confirmdesk.ui.kit.colours import ToneName

TONES = {
    Outcome.ACCEPTED: ToneName.GREEN,
    Outcome.DOUBTFUL: ToneName.AMBER,
    Outcome.WAITING: ToneName.AMBER,
    Outcome.FAILED: ToneName.RED,
    Outcome.UNKNOWN: ToneName.RED,
}
_WORDS = {
    Outcome.ACCEPTED: "A code is on its way to {who} by {channel}.",
    Outcome.DOUBTFUL: "It is doubtful whether a code went to {who}.",
    Outcome.NOT_NEEDED: "{who} needs no code.",
    Outcome.WAITING: "{who} has to wait for another code.",
    Outcome.FAILED: "No code could be sent to {who}.",
    Outcome.UNKNOWN: "A code may be on its way to {who}.",
    Outcome.LEFT: "Nothing was sent to {who}.",
}


class RunFigures(CardRow):
    """Called `Run summary`; its description counts every outcome, also where the screen has words for one person."""

    def __init__(self, people: int) -> None:
        self._cards = {outcome: Card(str(outcome), TONES.get(outcome, ToneName.NEUTRAL)) for outcome in Outcome}
        self._person = TextCard() if people == 1 else None
        super().__init__("Run summary", [self._person] if self._person else self._cards.values())

    def show_results(self, results: Sequence[Result], over: bool) -> dict[Outcome, int]:
        """The counts of all outcomes, which are shown."""
        counts = tally(results)
        if self._person:
            result = results[0]
            tone = TONES.get(result.verdict.outcome, ToneName.NEUTRAL)
            self._person.show_words(in_words(result, over), result.verdict.cause if over or result.at else "", tone)
        else:
            for outcome, card in self._cards.items():
                card.show_number(f"{counts[outcome]:,}")
        self.show_text(summary(counts))
        return counts


def in_words(result: Result, over: bool) -> str:
    """What came of one person in one sentence; `over` where nothing more will."""
    outcome, recipient = result.verdict.outcome, result.recipient
    who = plain(" · ".join(filter(None, (recipient.user.name, recipient.address or recipient.user.label))), 200)
    if outcome is Outcome.LEFT and not over:
        return f"Sending to {who}…"
    channel = str(recipient.channel) if recipient.channel.isupper() else str(recipient.channel).lower()
    return _WORDS[outcome].format(who=who, channel=channel)


class Rate:
    """Answers per second over the last few seconds, so that a pause or a slow start is soon forgotten."""

    SECONDS = 15.0

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def note(self, done: int) -> None:
        now = time.monotonic()
        self._marks.append((now, done))
        while now - self._marks[0][0] > self.SECONDS:
            self._marks.popleft()

    @property
    def per_second(self) -> float:
        """0 until there is enough to tell."""
        if not self._marks:
            return 0.0
        (first, before), (last, after) = self._marks[0], self._marks[-1]
        return (after - before) / (last - first) if last - first > 2 else 0.0
