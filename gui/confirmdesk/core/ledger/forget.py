"""Takes one person out of the record, but for a hash by which nobody is sent to twice.

What the hash can do and what it cannot: it is keyed with a random key of this record's own, so it says nothing to
whoever sees it alone, and is another one in another record. The key lies in the record itself. Whoever has both, and
guesses a user name or an address, can find out whether that very one was forgotten; nobody can list who was.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from confirmdesk.core.errors import failure
from confirmdesk.core.ledger.file import LedgerFile, Statement
from confirmdesk.core.ledger.rows import OUTCOME, insertion
from confirmdesk.core.people.users import FORGOTTEN

_ADVICE = "Somebody here had this person forgotten. A hash is kept, so that nobody is sent to twice."
# In an open run the person may still be sent to, and then the name is needed.
_THEIRS = "username=:username AND run IN (SELECT id FROM runs WHERE pool_id=:pool_id AND ended IS NOT NULL)"
_FORGET = f"""
    UPDATE recipients SET outcome={OUTCOME}, at=coalesce(at, intent, 0), cause='Forgotten', advice=:advice,
    again='NEVER', wait=0, code=coalesce(code, ''), text='', status=coalesce(status, 0), request_id='', destination='',
    medium=coalesce(medium, ''), email='', phone='', name='', created=0, put_back='', request=NULL,
    mailbox=forgotten(:pool_id, mailbox), username=forgotten(:pool_id, username)
    WHERE {_THEIRS}"""  # noqa: S608 - our own words
_FORGET_ATTEMPTS = f"UPDATE attempts SET username=forgotten(:pool_id, username) WHERE {_THEIRS}"  # noqa: S608


class Forgetting:
    """The hashes of one record."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def hashed(self, pool_id: str, name: str | bytes) -> str:
        """What stands for a user name or a mailbox of a pool; "" for none. Half characters come as bytes."""
        if not name or (isinstance(name, str) and name.startswith(FORGOTTEN)):
            return str(name or "")
        known = name if isinstance(name, bytes) else name.encode("utf-8", "surrogatepass")
        return FORGOTTEN + hmac.new(self._key, pool_id.encode() + b"\0" + known, hashlib.sha256).hexdigest()[:32]

    def also_forgotten(self, pool_id: str, times: dict[str, float], names: Iterable[str]) -> Mapping[str, float]:
        """`times` by user name or mailbox, which are found by it also where it was forgotten.

        A hundred thousand hashes take a moment: those of `names` are made here, and others when they are asked for.
        """
        if not any(name.startswith(FORGOTTEN) for name in times):
            return times
        made = _AlsoForgotten(self, pool_id, times)
        for name in names:
            made.get(name)
        return made


class _AlsoForgotten(Mapping[str, float]):
    def __init__(self, forgetting: Forgetting, pool_id: str, times: dict[str, float]) -> None:
        self._forgetting = forgetting
        self._pool_id = pool_id
        self._times = times
        self._hashes: dict[str, str] = {}

    def __getitem__(self, name: str) -> float:
        known: float | None = self.get(name)
        if known is None:
            raise KeyError(name)
        return known

    def get(self, name: str, default: Any = None) -> Any:
        """The inherited one raises and catches an exception for each of a hundred thousand who were never sent to."""
        known = self._times.get(name)
        if known is None:
            known = self._times.get(self._hashes.get(name) or self._hash(name))
        return default if known is None else known

    def _hash(self, name: str) -> str:
        self._hashes[name] = made = self._forgetting.hashed(self._pool_id, name)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._times)

    def __len__(self) -> int:
        return len(self._times)


def forgetting_of(file: LedgerFile) -> Forgetting:
    """The hashes of this record, which from now on its SQL knows as `forgotten(pool_id, name)`."""
    [row] = file.read("SELECT key FROM record")
    made = Forgetting(row["key"])
    file.add_function("forgotten", 2, made.hashed)
    return made


def forget(file: LedgerFile, pool_id: str, username: str, who: Mapping[str, str], now: float) -> None:
    """Erase one person of a pool from every run, also from what SQLite keeps beside its file, and record that.

    `who` has the account and computer of whoever wants it. Raises ConfirmdeskError, also while a run of theirs is open.
    """
    person = {"pool_id": pool_id, "username": username}
    theirs = "SELECT 1 FROM recipients JOIN runs ON runs.id=run WHERE pool_id=:pool_id AND username=:username"
    if file.read(f"{theirs} AND ended IS NULL LIMIT 1", person):
        raise failure(
            "This person is in a run that has not ended, so nothing was forgotten.",
            "Resume that run or end it first.",
        )
    file.erase(*_statements(person, who, now))


def _statements(person: Mapping[str, str], who: Mapping[str, str], now: float) -> list[Statement]:
    statement, values = insertion("forgotten", {"at": now, **who, **person})
    noted = statement.replace(":username", "forgotten(:pool_id, :username)"), values
    return [(_FORGET, {**person, "advice": _ADVICE}), (_FORGET_ATTEMPTS, person), noted]
