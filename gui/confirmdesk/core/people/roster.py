"""Everybody loaded: who of them is shown and in what order, and who is picked. The table's memory, without a table."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from confirmdesk.core.people.domains import likely_domain
from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel, User, channel_of
from confirmdesk.core.text import search_key


class SortBy(IntEnum):
    """What people can be put in order by."""

    EMAIL = 0
    NAME = 1
    PHONE = 2
    USERNAME = 3
    SIGNED_UP = 4
    CHANNEL = 5
    LAST_SENT = 6
    NOTES = 7


@dataclass(frozen=True, slots=True)
class Counts:
    loaded: int
    shown: int
    picked: int

    def text(self) -> str:
        return f"{self.loaded:,} loaded · {self.shown:,} shown · {self.picked:,} picked"


class Roster:
    """Rows are kept in the order of arrival; what is shown is a list of indices into them.

    While people arrive they are appended below, whatever the order; `arrange` then sorts once. Picks are usernames and
    outlive filters, orders and reloads; of those picked before a reload the row is kept until its owner arrives again.
    """

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.filter = UserFilter()
        self.sort_by = SortBy.SIGNED_UP
        self.descending = True
        self._users: list[User] = []
        self._keys: list[str] = []
        self._channels: list[Channel] = []
        self._sent: list[float] = []
        self._last_sent: Mapping[str, float] = {}
        self._waiting: dict[str, float] = {}
        self._weights: list[float] = []
        self._index: dict[str, int] = {}
        self._picked: set[str] = set()
        self._awaited: dict[str, User] = {}
        self._auto_verified: frozenset[str] | None = None
        self._orders: dict[tuple[SortBy, bool], list[int]] = {}
        self._in_order = True

    # People

    def users(self) -> Sequence[User]:
        """Everybody loaded, in the order of arrival."""
        return tuple(self._users)

    def user_at(self, row: int) -> User:
        return self._users[self.shown[row]]

    def channel_at(self, row: int) -> Channel:
        return self._channels[self.shown[row]]

    def last_sent_at(self, row: int) -> float:
        """When this computer last sent to the person in `row`, in seconds since the epoch; 0 where it knows of none."""
        return self._sent[self.shown[row]]

    def waits_at(self, row: int) -> float:
        """Until when the person in `row` waits after five codes within the hour; 0 where nothing keeps them."""
        return self._waiting.get(self.user_at(row).username, 0.0)

    def find(self, username: str) -> User | None:
        index = self._index.get(username)
        return None if index is None else self._users[index]

    def matching(self, text: str) -> list[User]:
        """Whom the search box would find by `text` among all that are loaded, whatever the filters hide."""
        return [self._users[i] for i in parse(text).select(range(len(self._users)), self._keys, self._users)]

    def missing(self) -> list[str]:
        """The entries of a pasted list that mean nobody who is shown."""
        return self.filter.needle.missing(self.shown, self._keys, self._users)

    def channel(self, username: str) -> Channel | None:
        index = self._index.get(username)
        return None if index is None else self._channels[index]

    def add(self, users: Iterable[User]) -> list[int]:
        """Takes in those who are not here yet. Returns the new rows that match the filter, not yet shown."""
        first = len(self._users)
        for user in users:
            if user.username not in self._index:
                self._index[user.username] = len(self._users)
                self._users.append(user)
                self._keys.append(user.key())
                self._channels.append(channel_of(user, self._auto_verified))
                self._sent.append(self._last_sent.get(user.username, 0.0))
        if self._awaited:
            for user in self._users[first:]:
                self._awaited.pop(user.username, None)
        if len(self._users) > first:
            self._forget_orders()
            self._in_order = False
        return self._select(range(first, len(self._users)))

    def restart(self) -> None:
        """Nobody is loaded any more; the picks stay, and so does what was sent."""
        self._awaited = {user.username: user for user in self.picked_users()}
        self.shown = []
        for kept in (self._users, self._keys, self._channels, self._sent, self._index):
            kept.clear()
        self._forget_orders()
        self._in_order = True

    def drop_awaited(self) -> int:
        """After a complete list: picks of people who are no longer in it are dropped. Returns how many."""
        gone = {name for name in self._picked if name not in self._index}
        self._picked -= gone
        self._awaited.clear()
        return len(gone)

    def set_channels(self, auto_verified: frozenset[str] | None) -> None:
        """`auto_verified` as in `users.channel_of`."""
        self._auto_verified = auto_verified
        self._channels = [channel_of(user, auto_verified) for user in self._users]
        self._forget_orders()

    # What was sent

    def learn(self, past: Past) -> bool:
        """What the ledger knows of everybody, also of people who are still to arrive; instead of all that was known
        before. Returns whether who is shown, or their order, may be another now."""
        self._last_sent, self._waiting = past.last_sent, dict(past.waiting)
        self._sent = [self._last_sent.get(name, 0.0) for name in self._index]
        self._forget_orders_by(SortBy.LAST_SENT, SortBy.NOTES)
        return self.filter.not_sent_since is not None or self.sort_by in (SortBy.LAST_SENT, SortBy.NOTES)

    def end_waits(self, now: float) -> bool:
        """Forgets the waits that are over. Returns whether the order may be another now."""
        still = {name: until for name, until in self._waiting.items() if now < until}
        if len(still) == len(self._waiting):
            return False
        self._waiting = still
        self._forget_orders_by(SortBy.NOTES)
        return self.sort_by is SortBy.NOTES

    # Picks

    def is_picked(self, username: str) -> bool:
        return username in self._picked

    def picked_users(self) -> list[User]:
        """Those shown first, in their order; then the rest in the order of arrival; then those still awaited."""
        picked = [user for i in self.shown if (user := self._users[i]).username in self._picked]
        if len(picked) < len(self._picked):
            shown = {user.username for user in picked}
            wanted = self._picked - shown
            picked += [self._users[i] for i in sorted(self._index[name] for name in wanted & self._index.keys())]
            picked += [user for name, user in self._awaited.items() if name in wanted]
        return picked

    def pick(self, usernames: Iterable[str], wanted: bool = True) -> tuple[str, ...]:
        """Returns for whom that changed anything. Strangers are not picked."""
        picked, here, awaited = self._picked, self._index, self._awaited
        if wanted:
            changed = tuple([name for name in usernames if name not in picked and (name in here or name in awaited)])
            picked.update(changed)
        else:
            changed = tuple([name for name in usernames if name in picked])
            picked.difference_update(changed)
        return changed

    def shown_usernames(self) -> list[str]:
        return [self._users[i].username for i in self.shown]

    def picked_here(self) -> tuple[bool, bool]:
        """Whether somebody, and whether everybody, of those shown is picked."""
        if not self._picked or not self.shown:
            return False, False
        if len(self._picked) < len(self.shown):
            every = False
        elif len(self.shown) == len(self._users):
            every = self._picked.issuperset(self._index)
        else:
            every = all(self._users[i].username in self._picked for i in self.shown)
        return every or any(self._users[i].username in self._picked for i in self.shown), every

    def await_picks(self, users: Iterable[User]) -> None:
        """Picked is nobody but these, who are still to arrive: another pool, where they were picked before."""
        self._awaited = {user.username: user for user in users}
        self._picked = set(self._awaited)

    def picked_elsewhere(self) -> int:
        """How many of the picked are not shown."""
        if len(self.shown) == len(self._users):
            # Nobody is hidden: only whoever is still to arrive. Looking for 100,000 names takes 75 ms.
            return sum(name in self._picked and name not in self._index for name in self._awaited)
        if len(self._picked) <= len(self.shown):
            here = len(self._select([self._index[name] for name in self._picked if name in self._index]))
        else:
            here = sum(self._users[i].username in self._picked for i in self.shown)
        return len(self._picked) - here

    def picked_by_channel(self) -> Counter[Channel]:
        """How many of the picked get their code by which channel."""
        picked, index, channels = self._picked, self._index, self._channels
        if len(picked) * 2 < len(index):
            found = Counter([channels[index[name]] for name in picked if name in index])
        else:
            # A click among many: all but the few who are not picked.
            found = Counter(channels)
            found.subtract([channels[index[name]] for name in index.keys() - picked])
            found = +found
        late = (user for name, user in self._awaited.items() if name in picked and name not in self._index)
        found.update(channel_of(user, self._auto_verified) for user in late)
        return found

    def clear_picks(self) -> tuple[str, ...]:
        """Returns who was picked. Whoever is awaited still is: the pick can be brought back."""
        changed = tuple(self._picked)
        self._picked.clear()
        return changed

    def counts(self) -> Counts:
        return Counts(len(self._users), len(self.shown), len(self._picked))

    # Who is shown, and in what order

    def shown_under(self, new: UserFilter) -> list[int]:
        """Who is shown under `new`. A filter that narrows the present one looks at nobody else, where those are few."""
        narrower = new.narrows(self.filter)
        self.filter = new
        if narrower and len(self.shown) * 4 < len(self._users):
            return self._select(self.shown)
        return self.reselected()

    def reselected(self) -> list[int]:
        """Who is shown, everybody looked at anew; while people arrive in the order of arrival."""
        return self._selected_in_order() if self._in_order else self._select(range(len(self._users)))

    def arranged(self) -> list[int]:
        """Who is shown, all of them in the current order."""
        self._in_order = True
        return self._selected_in_order()

    def rows_of(self, usernames: Iterable[str]) -> dict[str, int]:
        """The rows where these people are shown now."""
        wanted = {self._index[name]: name for name in usernames if name in self._index}
        if len(wanted) <= 4:
            return {name: self.shown.index(i) for i, name in wanted.items() if i in self.shown}
        return {wanted[i]: row for row, i in enumerate(self.shown) if i in wanted}

    def _select(self, rows: Sequence[int]) -> list[int]:
        return self.filter.select(rows, self._keys, self._users, self._channels, self._sent, self._picked)

    def _selected_in_order(self) -> list[int]:
        """Looks through the keys as they lie in memory and puts the matches in order afterwards: that is three times as
        fast as going through them in order, which misses the processor's cache with each of them."""
        order = self._order()
        if self.filter.is_empty():
            return list(order)
        wanted = bytearray(len(self._users))
        for i in self._select(range(len(self._users))):
            wanted[i] = 1
        return [i for i in order if wanted[i]]

    def _forget_orders(self) -> None:
        self._orders.clear()
        self._weights.clear()

    def _forget_orders_by(self, *which: SortBy) -> None:
        for order in [order for order in self._orders if order[0] in which]:
            del self._orders[order]

    def _order(self) -> list[int]:
        wanted = (self.sort_by, self.descending)
        if wanted not in self._orders:
            self._orders[wanted] = self._sorted(*wanted)
        return self._orders[wanted]

    def _sorted(self, by: SortBy, descending: bool) -> list[int]:
        """Equals stay in the order of arrival, and what is missing comes last, in both directions."""
        keys = self._sort_keys(by)
        present = [i for i, key in enumerate(keys) if key]
        present.sort(key=keys.__getitem__, reverse=descending)
        return present + [i for i, key in enumerate(keys) if not key] if len(present) < len(keys) else present

    def _sort_keys(self, by: SortBy) -> list[str] | list[float]:
        texts: dict[SortBy, Callable[[User], str]] = {
            SortBy.EMAIL: lambda user: user.email.casefold(),
            SortBy.NAME: lambda user: search_key(user.name),
            SortBy.PHONE: lambda user: user.phone,
            SortBy.USERNAME: lambda user: user.username.casefold(),
        }
        if by in texts:
            return list(map(texts[by], self._users))
        if by is SortBy.SIGNED_UP:
            return [user.created for user in self._users]
        if by is SortBy.CHANNEL:
            return ["" if channel is Channel.NONE else channel.value for channel in self._channels]
        if by is SortBy.LAST_SENT:
            return self._sent
        return self._by_notes()

    def _by_notes(self) -> list[float]:
        """The gravest first; then the oldest codes, which have expired. Their age stands in for the expiry, so that the
        order does not depend on the present moment."""
        if not self._weights:
            self._weights = [_weight(user, channel) for user, channel in zip(self._users, self._channels, strict=True)]
        pairs = zip(self._weights, self._sent, strict=True)
        weights = [sent if sent > own >= _CODE else own for own, sent in pairs]
        for name in self._waiting.keys() & self._index.keys():
            weights[self._index[name]] = min(weights[self._index[name]], _WAITING)
        return weights


# From the last one on it is the moment when the code was made, in seconds since the epoch.
_DISABLED, _NO_ADDRESS, _WAITING, _TYPO, _CODE = 1.0, 2.0, 3.0, 4.0, 5.0


def _weight(user: User, channel: Channel) -> float:
    """How grave the notes on `user` are, without what was sent since the sign-up."""
    if not user.enabled:
        return _DISABLED
    if channel is Channel.NONE:
        return _NO_ADDRESS
    if likely_domain(user.email.rpartition("@")[2]):
        return _TYPO
    return max(user.created, _CODE)
