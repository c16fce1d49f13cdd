"""Who is in the practice pools: invented people with reserved addresses and numbers, the same at every start."""

import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
CAST = 240

# Given name, family name, locale. Locale "" is somebody whose app never stored one.
NAMES: tuple[tuple[str, str, str], ...] = (
    ("Amelia", "Hartley", "en-GB"),
    ("Jonas", "Brandt", "de-DE"),
    ("Giulia", "Ferrari", "it-IT"),
    ("Chloé", "Lefèvre", "fr-FR"),
    ("Haruto", "Watanabe", "ja-JP"),
    ("Siobhán", "O'Sullivan", "en-GB"),
    ("Oluwaseun", "Adeyemi", "en-GB"),
    ("Priya", "Raghunathan", "en-GB"),
    ("Łukasz", "Wiśniewski", ""),
    ("Sofía", "Núñez", ""),
    ("Mehmet", "Yılmaz", "de-DE"),
    ("Anneliese", "Großmann", "de-DE"),
    ("Matteo", "D'Angelo", "it-IT"),
    ("Élodie", "Marchand", "fr-FR"),
    ("Sakura", "Tanaka", "ja-JP"),
    ("Callum", "MacLeod", "en-GB"),
    ("Thandiwe", "Nkosi", "en-GB"),
    ("Wei", "Zhang", ""),
    ("Ngọc", "Trần", "fr-FR"),
    ("Jürgen", "Weiß", "de-DE"),
    ("Francesca", "Colombo", "it-IT"),
    ("Benoît", "Dubois", "fr-FR"),
    ("Yuki", "Nakamura", "ja-JP"),
    ("Gwenllian", "Pritchard", "en-GB"),
    ("Arjun", "Mehta", "en-GB"),
    ("Fatoumata", "Diallo", "fr-FR"),
    ("Björn", "Lindqvist", ""),
    ("Katarzyna", "Zielińska", ""),
    ("Lorenzo", "Bianchi", "it-IT"),
    ("Hannah", "Okonkwo", "en-GB"),
    ("Kenji", "Mori", "ja-JP"),
    ("Leila", "Haddad", "fr-FR"),
    ("Tobias", "Schäfer", "de-DE"),
    ("Imogen", "Fairweather", "en-GB"),
    ("Raúl", "Domínguez", ""),
    ("Aoife", "Gallagher", "en-GB"),
    ("Dmitri", "Volkov", ""),
)
FOLDED = str.maketrans({"Ł": "l", "ł": "l", "ß": "ss", "ı": "i", "đ": "d", "'": "", " ": ""})


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is special about somebody; the rest is drawn. `age` is in seconds, None means drawn too."""

    email: str = ""
    phone: str = ""
    name: str = ""
    status: str = "UNCONFIRMED"
    enabled: bool = True
    age: float | None = None
    locale: str = "en-GB"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to put into a pool. `created` is in seconds since the epoch."""

    username: str
    created: float
    status: str
    enabled: bool
    attributes: tuple[tuple[str, str], ...]


SPECIAL: tuple[Sketch, ...] = (
    # Addresses that make the practice pool refuse, each for a lesson.
    Sketch("bounce.barnaby@example.com", name="Barnaby Bounce", age=3 * HOUR),
    Sketch("bounce.beatrix@example.net", name="Beatrix Bounce", age=6 * DAY),
    Sketch("pending.pauline@example.org", name="Pauline Pending", age=5 * HOUR),
    Sketch("pending.percival@example.com", name="Percival Pending", age=2 * DAY),
    Sketch("disabled.desmond@example.com", name="Desmond Disabled", enabled=False, age=4 * DAY),
    Sketch("disabled.dora@example.org", name="Dora Disabled", enabled=False, age=30 * DAY),
    Sketch(phone="+447700900004", name="Dilys Disabled", enabled=False, age=9 * DAY),
    Sketch(name="Nobody Reachable", age=12 * DAY),
    Sketch(name="No Address Either", age=70 * DAY, locale=""),
    # Typing errors in the domain.
    Sketch("edith.archer@exmaple.com", name="Edith Archer", age=50 * MINUTE),
    Sketch("felix.baumann@example.con", name="Felix Baumann", age=20 * HOUR, locale="de-DE"),
    Sketch("greta.conti@exampel.org", name="Greta Conti", age=3 * DAY, locale="it-IT"),
    Sketch("hugo.duval@exmple.com", name="Hugo Duval", age=8 * DAY, locale="fr-FR"),
    Sketch("iris.egan@example.ne", name="Iris Egan", age=15 * DAY),
    # One address, two people; and one address that somebody else has confirmed already.
    Sketch("twice@example.com", name="Robin Twice", age=40 * HOUR),
    Sketch("twice@example.com", name="Robin Twice", age=41 * HOUR),
    Sketch("taken@example.org", name="Morgan Taken", age=7 * HOUR),
    Sketch("taken@example.org", name="Morgan Taken", status="CONFIRMED", age=90 * DAY),
    Sketch("shared.phone.one@example.com", "+447700900007", "Sam Shared", age=11 * HOUR),
    Sketch("shared.phone.two@example.net", "+447700900007", "Sasha Shared", age=10 * HOUR),
    # Names that try something.
    Sketch("html@example.com", name="<img src=x onerror=alert(1)>", age=2 * HOUR),
    Sketch("bold@example.com", name="<b>Not</b> &amp; bold", age=26 * HOUR),
    Sketch("formula@example.com", name="=cmd()|'/c calc'!A0", age=4 * HOUR),
    Sketch("sum@example.net", "+447700900009", name="@SUM(1+1)*cmd", age=28 * HOUR),
    Sketch("o'quote@example.org", name='Robert "Bobby" O\'Quote; DROP TABLE users;--', age=6 * HOUR),
    Sketch("newline@example.com", name="Ursula\nNewline\r\nBcc: everyone@example.com", age=DAY),
    Sketch("bidi@example.com", name="\u202emoc.elpmaxe@nimda\u202c Bidi", age=13 * HOUR),
    Sketch("long@example.com", name=("Hubert Blaine Wolfeschlegel " * 74)[:2048], age=5 * DAY),
    Sketch("emoji@example.net", name="👩‍👩‍👧‍👦 Zoë 🎉", age=33 * HOUR, locale=""),
    Sketch("arabic@example.org", name="محمد العلي", age=3 * DAY, locale="ar"),
    Sketch("japanese@example.com", name="田中 さくら", age=7 * DAY, locale="ja-JP"),
    Sketch("braces@example.com", name="{username} {attr:locale} {####}", age=9 * HOUR),
    # Signed up a moment ago: their first code is still on its way.
    Sketch("just.now@example.com", name="Justine Now", age=3 * MINUTE),
    Sketch("moments.ago@example.org", "+447700900010", "Maurice Moments", age=11 * MINUTE, locale="fr-FR"),
    # Not people for this call.
    *(Sketch(f"google.{n}@example.com", name=f"Google Guest {n}", status="EXTERNAL_PROVIDER") for n in range(1, 5)),
)


def statuses() -> Iterator[str]:
    """The statuses of the drawn part of the cast: with `SPECIAL` they make 200 unconfirmed of 240."""
    counts = {"FORCE_CHANGE_PASSWORD": 8, "RESET_REQUIRED": 6, "CONFIRMED": 21}
    for status, number in counts.items():
        yield from [status] * number
    yield from ["UNCONFIRMED"] * (CAST - len(SPECIAL) - sum(counts.values()))


def shop(number: int, now: float) -> Iterator[Person]:
    """`number` people for the shop: the cast, then as many plain unconfirmed people as it takes."""
    # The numbers are drawn to look random, not to keep anything secret.
    rng = Random("Practice shop")  # noqa: S311
    cast = [_from_sketch(rng, sketch, now) for sketch in SPECIAL]
    cast += [_drawn(rng, place, status, now) for place, status in enumerate(statuses())]
    rng.shuffle(cast)
    yield from cast[:number]
    for place in range(CAST, number):
        yield _plain(rng, place, now)


def newsletter(now: float) -> Iterator[Person]:
    """Six people with names of their own choice as usernames."""
    rng = Random("Practice newsletter")  # noqa: S311
    for place, username in enumerate(("amelia.h", "Jonas_B", "giulia+news", "chloé", "渡辺", "o'sullivan")):
        given, family, locale = NAMES[place]
        email = f"{ascii_name(given)}.{ascii_name(family)}@example.net"
        yield _person(rng, Sketch(email, name=f"{given} {family}", locale=locale), now - (place + 1) * DAY, username)


def quiet(now: float) -> Iterator[Person]:
    """Three people, all confirmed."""
    rng = Random("Practice quiet")  # noqa: S311
    for place, (given, family, locale) in enumerate(NAMES[6:9]):
        sketch = Sketch(f"{ascii_name(given)}@example.org", "", f"{given} {family}", "CONFIRMED", locale=locale)
        yield _person(rng, sketch, now - (place + 20) * DAY)


def ascii_name(text: str) -> str:
    """`text` as people write it in an address."""
    folded = unicodedata.normalize("NFKD", text.translate(FOLDED))
    return folded.encode("ascii", "ignore").decode().lower()


def _from_sketch(rng: Random, sketch: Sketch, now: float) -> Person:
    age = rng.uniform(10 * DAY, 200 * DAY) if sketch.age is None else sketch.age
    external = f"Google_{rng.randrange(10**20, 10**21)}" if sketch.status == "EXTERNAL_PROVIDER" else ""
    return _person(rng, sketch, now - age, external)


def _drawn(rng: Random, place: int, status: str, now: float) -> Person:
    """Somebody ordinary: one in eight has a phone beside the address, one in twenty-four has only that."""
    given, family, locale = NAMES[place % len(NAMES)]
    phone = f"+447700900{100 + place}" if place % 8 == 0 else ""
    serial = "" if place < len(NAMES) else str(place)
    domain = rng.choice(("com", "com", "org", "net"))
    email = "" if place % 24 == 0 else f"{ascii_name(given)}.{ascii_name(family)}{serial}@example.{domain}"
    sketch = Sketch(email, phone, "" if place % 5 else f"{given} {family}", status, locale=locale)
    return _person(rng, sketch, _signed_up(rng, place, now), names=(given, family))


def _signed_up(rng: Random, place: int, now: float) -> float:
    """When the person at `place` signed up: the last sixty did so on yesterday's bad morning, 09:00 to 13:00 UTC."""
    if place >= CAST - len(SPECIAL) - 60:
        yesterday = now // DAY * DAY - DAY
        return yesterday + 9 * HOUR + rng.uniform(0, 4 * HOUR)
    shortest, longest = ((6 * MINUTE, 2 * HOUR), (2 * HOUR, DAY), (DAY, 7 * DAY), (7 * DAY, 200 * DAY))[place % 4]
    return now - rng.uniform(shortest, longest)


def _plain(rng: Random, place: int, now: float) -> Person:
    given, family, locale = NAMES[place % len(NAMES)]
    email = f"{ascii_name(given)}.{ascii_name(family)}{place}@example.{('com', 'org', 'net')[place % 3]}"
    sketch = Sketch(email, locale=locale)
    return _person(rng, sketch, now - rng.uniform(HOUR, 200 * DAY), names=(given, family))


def _person(
    rng: Random, sketch: Sketch, created: float, username: str = "", names: tuple[str, str] = ("", "")
) -> Person:
    sub = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    verified = "false" if sketch.status == "UNCONFIRMED" else "true"
    attributes = {
        "sub": sub,
        "email": sketch.email,
        "email_verified": verified if sketch.email else "",
        "phone_number": sketch.phone,
        "phone_number_verified": verified if sketch.phone else "",
        "name": sketch.name,
        "given_name": "" if sketch.name else names[0],
        "family_name": "" if sketch.name else names[1],
        "locale": sketch.locale,
    }
    present = tuple((name, value) for name, value in attributes.items() if value)
    return Person(username or sub, created, sketch.status, sketch.enabled, present)
