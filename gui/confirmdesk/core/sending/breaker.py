"""When a run should stop and ask: a row of identical misfortunes is nobody's own."""

from confirmdesk.core.errors import Problem
from confirmdesk.core.sending.outcomes import Outcome, Reply, Verdict

SAME_FAILURES = 5
UNKNOWNS = 2
# For how many seconds a run lets AWS ask it to slow down while nobody at all is served.
THROTTLED_FOR = 120.0

# Good news, or this one person's own limit: neither says anything about the run.
_NO_SIGN = (Outcome.NOT_NEEDED, Outcome.WAITING)


_NOBODY_SERVED = Problem(
    "For two minutes AWS has asked to slow down and served nobody, so the run waits.",
    "Something else takes all that this account may ask of Cognito in this region, perhaps the app itself. Nobody is "
    "lost: resume when it is quieter, or ask an AWS administrator what sends so much.",
)


class Breaker:
    """Counts in the order in which answers come back."""

    def __init__(self) -> None:
        self._key: tuple[Outcome, str, str] | None = None
        self._count = 0
        self._throttled_since: float | None = None

    def reset(self) -> None:
        """Somebody has looked and goes on."""
        self._key, self._count = None, 0
        self._throttled_since = None

    def throttled(self, now: float) -> Problem | None:
        """Why the run should pause after AWS asked it to slow down at `now`, in seconds of any clock; or None."""
        if self._throttled_since is None:
            self._throttled_since = now
        return _NOBODY_SERVED if now - self._throttled_since >= THROTTLED_FOR else None

    def trips(self, verdict: Verdict, reply: Reply) -> Problem | None:
        """Why the run should pause after this answer, or None."""
        if verdict.outcome is not Outcome.UNKNOWN:
            self._throttled_since = None
        if verdict.outcome in _NO_SIGN:
            return None
        if verdict.outcome is Outcome.UNKNOWN:
            key: tuple[Outcome, str, str] = (verdict.outcome, "", "")
            limit = UNKNOWNS
        elif verdict.outcome in (Outcome.FAILED, Outcome.DOUBTFUL):
            key, limit = (verdict.outcome, reply.code, reply.text if reply.code else ""), SAME_FAILURES
        else:
            self.reset()
            return None
        self._count = self._count + 1 if key == self._key else 1
        self._key = key
        return _explain(verdict, self._count) if self._count >= limit else None


def _explain(verdict: Verdict, count: int) -> Problem:
    return Problem(
        f"{count} people in a row: {_within_a_sentence(verdict.cause)}.",
        f"That is rarely chance, so the run waits. {verdict.advice} Resume when it is clear; nobody is lost.",
    )


def _within_a_sentence(cause: str) -> str:
    """Without its capital, unless it begins with an abbreviation: AWS stays AWS."""
    return cause if cause[:2].isupper() else cause[:1].lower() + cause[1:]
