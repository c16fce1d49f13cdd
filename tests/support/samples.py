"""People to test with."""

from confirmdesk.core.people.users import UNCONFIRMED, User, make_user

# 12 October 2026, 14:00 UTC.
NOW = 1_791_813_600.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def person(
    username: str, email: str = "", name: str = "", phone: str = "", age: float = HOUR, enabled: bool = True
) -> User:
    """Somebody who signed up `age` seconds before NOW."""
    attributes = [("sub", username), ("email", email), ("name", name), ("phone_number", phone)]
    return make_user(username, NOW - age, enabled, UNCONFIRMED, [(key, value) for key, value in attributes if value])


JANE = person("u-jane", "jane.doe@example.com", "Jane Doe", age=12 * MINUTE)
MARY = person("u-mary", "m.okafor@example.org", "Mary Okafor", "+447700900112", age=25 * MINUTE)
LI = person("u-li", "li.wei@exmaple.com", "Li Wei", age=41 * MINUTE)
SOFIA = person("u-sofia", "sofia@example.net", "Sofia Rossi", age=3 * DAY)
TOM = person("u-tom", "", "Tom Bauer", "+447700900144", age=2 * HOUR)
NOBODY = person("u-nobody", "", "Zoe", age=5 * HOUR, enabled=False)
PEOPLE = (JANE, MARY, LI, SOFIA, TOM, NOBODY)
