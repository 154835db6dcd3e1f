"""Messages handed off, each decided under its person's lock: what one core does in a second.

One worker process delivers what waits, through the hand-off as it runs in production: lock, facts, decision, permit, lease,
opening, rendering, signing, outcome. The provider alone is replaced, by one that accepts at once. What is divided by is the
worker's own processor time; the whole machine's wall clock stands beside it.
"""

import time
from contextlib import contextmanager

from bench import crowd, rows

PEOPLE = 3000


class AcceptsAtOnce:
    """A provider without a network: the bytes reach it, and it answers."""

    host = ""

    def __init__(self) -> None:
        self.taken = 0

    def send(self, *handed, **more) -> str:
        self.taken += 1
        return f"taken-{self.taken}"


def measure(people: int = PEOPLE) -> list[rows.Row]:
    texts = deliver_all(people, crowd.TEXT)
    emails = deliver_all(people, crowd.EMAIL)
    return [
        rows.row("texts handed off with the atomic check, per CPU second of a worker", texts.per_cpu_second, "texts/s"),
        rows.row("texts handed off by one worker, on the clock", texts.per_second, "texts/s"),
        rows.row(
            "emails handed off with both DKIM signatures, per CPU second of a worker", emails.per_cpu_second, "emails/s"
        ),
        rows.row("emails handed off by one worker, on the clock", emails.per_second, "emails/s"),
    ]


class Rate:
    """So many things in this much time of the process, and on the clock."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> "Rate":
        self.cpu, self.clock = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *trouble) -> None:
        self.cpu, self.clock = time.process_time() - self.cpu, time.perf_counter() - self.clock

    @property
    def per_cpu_second(self) -> float:
        return round(self.count / self.cpu)

    @property
    def per_second(self) -> float:
        return round(self.count / self.clock)


def deliver_all(people: int, kind: crowd.Kind) -> Rate:
    from forecourt.messaging import handoff
    from forecourt.messaging.models import Message

    crowd.gather(people, kind)
    waiting = list(Message.objects.filter(state="queued", channel=kind.channel).values_list("pk", flat=True))
    warm, timed = waiting[: people // 10], waiting[people // 10 :]
    with provider() as taken:
        for message in warm:
            handoff.deliver(message)
        with Rate(len(timed)) as rate:
            for message in timed:
                handoff.deliver(message)
    left = Message.objects.filter(channel=kind.channel, state="left").count()
    if not left == taken.taken == people:
        raise AssertionError(f"{people} waited, {taken.taken} reached the provider and {left} are noted as left.")
    return rate


@contextmanager
def provider():
    from forecourt.adapters import mail, texts

    ours, theirs = AcceptsAtOnce(), (texts.current, mail.current)
    texts.current = mail.current = lambda: ours
    try:
        yield ours
    finally:
        texts.current, mail.current = theirs
