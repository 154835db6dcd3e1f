"""People who book through the site's own views, one after the other, and write down what they were told.

python -m tests.crashes.visitors book told.txt      until it is ended politely
python -m tests.crashes.visitors deliver told.txt   hands over what waits, again and again
python -m tests.crashes.visitors count told.txt     compares what was told with what the database holds
"""

import itertools
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from forecourt.run import secrets
from forecourt.run.ready import ready

over = False


def main(role: str, told: Path) -> None:
    signal.signal(signal.SIGTERM, finish)
    secrets.make_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    from django.conf import settings

    # Nothing was collected for serving where only the database is of interest.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with ready():
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        {"book": book, "deliver": deliver, "count": count}[role](told)


def finish(*_: object) -> None:
    global over
    over = True


def book(told: Path) -> None:
    from django.db import close_old_connections
    from django.test import Client

    from forecourt.adapters import clock
    from forecourt.dealers import slots
    from forecourt.dealers.models import Dealer
    from forecourt.web import forms
    from tests.cast import make_dealer

    dealer = Dealer.objects.filter(slug="wren-salem-nc").first() or make_dealer(clock.now(), capacity=10_000)
    slot = [slot.starts_at for slot in slots.all_for(dealer, clock.now())][20]
    client = Client(raise_request_exception=False)
    with told.open("a") as lines:
        for number in itertools.count():
            if over:
                return
            contact = f"visitor-{os.getpid()}-{number}@post.example"
            form = {
                "nonce": forms.new_nonce("test-drive", clock.now()),
                "dealer": dealer.slug,
                "car": "pipit",
                "slot": f"{slot:%Y-%m-%dT%H:%MZ}",
                "name": "Ada Brightwater",
                "contact": contact,
            }
            answer = client.post("/test-drive/", form)
            close_old_connections()  # as the server does after a request; the test client does not
            page = " ".join(answer.content.decode().partition("<main")[2].partition("</main>")[0].split())
            lines.write(json.dumps([answer.status_code, contact, answer.get("Location", ""), page[-2000:]]) + "\n")
            lines.flush()


def deliver(told: Path) -> None:
    from django.db import connections
    from django.utils import timezone

    from forecourt.messaging import handoff
    from forecourt.messaging.models import Message

    while not over:
        try:
            for message in Message.objects.filter(state="queued", due__lte=timezone.now()).values_list("pk", flat=True)[
                :20
            ]:
                handoff.deliver(message)
        except Exception:  # the server went away: a worker lives on
            connections.close_all()
            time.sleep(0.05)


def count(told: Path) -> None:
    from forecourt.adapters import kept
    from forecourt.adapters.models import Kept
    from forecourt.consent.models import Entry
    from forecourt.interactions import links
    from forecourt.interactions.models import TestDrive
    from forecourt.messaging import jobs
    from forecourt.messaging.models import Message
    from forecourt.people import contacts
    from forecourt.sharing.models import Lead

    heard = [json.loads(line) for line in told.read_text().splitlines()]
    booked = [line for line in heard if line[0] == 303]
    lost = []
    for _, contact, path, _ in booked:
        drive = links.drive_by(path.split("/")[2])
        found = drive and contacts.find(contacts.read(contact)) == drive.contact
        if not found or not Entry.objects.filter(contact=drive.contact_id, scope=drive.interaction).exists():
            lost.append(contact)
    jobs.give_up_expired_leases()
    references = Counter(Kept.objects.filter(medium=kept.Medium.EMAIL).values_list("reference", flat=True))
    print(
        json.dumps(
            {
                "booked": len(booked),
                "lost": lost,
                "drives": TestDrive.objects.count(),
                "asked": Entry.objects.filter(verb="asked").count(),
                "confirmations": Message.objects.count(),
                "leads": Lead.objects.count(),
                "kept": sum(references.values()),
                "twice": sum(times - 1 for times in references.values()),
                "refusals": Counter(str(status) for status, *_ in heard if status != 303),
                "sentence": next((page for status, _, _, page in heard if status != 303), ""),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
