"""Who gets a code on the tour, and with what metadata."""

from dataclasses import dataclass

TICKET = "HD-4711"
REASON = "mail-outage"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that must arrive. `name` is what the person's row can be found by, `locale` what the pool knows."""

    name: str
    destination: str
    locale: str

    @property
    def metadata(self) -> dict[str, str]:
        return {"reason": REASON, "locale": self.locale, "ticket": TICKET}


WANTED = (
    Wanted("Justine Now", "just.now@example.com", "en-GB"),
    Wanted("Jonas Brandt", "+447700900212", "de-DE"),
    Wanted("Maurice Moments", "+447700900010", "fr-FR"),
    Wanted("Chloé Lefèvre", "+447700900140", "fr-FR"),
    Wanted("Anneliese Großmann", "+447700900148", "de-DE"),
    Wanted("Giulia Ferrari", "giulia.ferrari76@example.org", "it-IT"),
)
# Picked like the others: this one's address refuses mail, and the other one's account is disabled.
BOUNCING = "Barnaby Bounce"
DISABLED = "Dora Disabled"
