"""Whether the job was really done: what lies in the practice outbox, against what must lie there."""

from collections import Counter
from collections.abc import Iterator, Sequence

from people import WANTED

from confirmdesk.practice.messages import OutboxMessage


def differences(messages: Sequence[OutboxMessage]) -> list[str]:
    """A sentence for each thing that is wrong; none where the job was done."""
    arrived = Counter(message.destination for message in messages)
    wanted = {person.destination: person for person in WANTED}
    missing = [f"No message for {person.name} at {to}." for to, person in wanted.items() if not arrived[to]]
    strangers = [f"A message to {to}, who was not picked." for to in arrived if to not in wanted]
    twice = [f"{number} messages to {to}." for to, number in arrived.items() if number > 1]
    wrong = [said for m in messages if m.destination in wanted for said in _wrong(m, wanted[m.destination].metadata)]
    return [*missing, *strangers, *twice, *wrong]


def _wrong(message: OutboxMessage, metadata: dict[str, str]) -> Iterator[str]:
    if message.client_metadata != metadata:
        yield f"The message to {message.destination} carries {message.client_metadata}, not {metadata}."
    if message.signed:
        yield f"The request for {message.destination} was signed."
