"""Whoever steals a copy of the database reads nobody's name, address, number, reply or link in it."""

import re

from psycopg import sql

from forecourt.interactions import actions, links, reminders
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.run import database
from tests.cast import ADA, BRUNO, CHEN, booked, first_slot, make_dealer, path, texted, work

REPLY = "Zebrafinch please leave me alone"


def test_a_dump_after_every_flow_holds_nothing_readable(fresh_database, at, client):
    dealer = make_dealer(at.now)
    drives = {
        person: booked(person, dealer, at.now, first_slot(dealer, at.now, days))
        for person, days in ((ADA, 3), (BRUNO, 4), (CHEN, 6))
    }
    work(at.now)
    client.get(path(drives[BRUNO]))
    client.post(f"{path(drives[BRUNO])}texts/", {"texts": "yes"})
    actions.reschedule(drives[ADA], first_slot(dealer, at.now, 7), at.now)
    work(at.now)
    stop = outbox.open_body(Message.objects.filter(contact=drives[ADA].contact).first()).link
    client.post(f"/m/{stop.rsplit('/', 2)[1]}/stop/", {"scope": "everything"})
    texted(client, CHEN, REPLY)
    actions.cancel(drives[BRUNO], at.now)
    drives[CHEN].refresh_from_db()
    reminders.remind_all(drives[CHEN].remind_at)
    work(at.now)

    dumped = dump(fresh_database)
    secrets = [REPLY, "Zebrafinch", *re.findall(r"/m/([^/]+)/", stop)]
    for person in drives:
        secrets += [
            person.name,
            person.name.split()[1],
            person.contact,
            person.address,
            person.address.lstrip("+"),
            person.address.lstrip("+1"),
        ]
        secrets.append(links.token_of(drives[person]))
    secrets += ["ada.brightwater", "post.example", "555-0117", "5550117", "555-0142"]
    assert "wren-salem-nc" in dumped
    assert [secret for secret in secrets if is_in(secret, dumped)] == []


def is_in(secret: str, dumped: str) -> bool:
    """In clear, or as the hex in which a dump writes bytes."""
    return secret.casefold() in dumped or secret.encode().hex() in dumped


def dump(name: str) -> str:
    """Every row of every table, the libraries' and the queue's included, as a backup would copy them."""
    with database.connect("owner", name) as owner:
        tables = owner.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        copied = bytearray()
        for table in tables:
            with owner.cursor().copy(
                sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(*table))
            ) as rows:
                for row in rows:
                    copied += row
    return copied.decode().casefold()
