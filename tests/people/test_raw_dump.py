"""Whoever steals a copy of the database reads nobody's name, address, number, reply or link in it."""

import re

from psycopg import sql

from forecourt.interactions import actions, links, reminders
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.run import database
from tests.accounts.at_home import NEWCOMER, PASSWORD, browser, code_in, mail_codes, sign_in
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
    codes = has_an_account(at.now)

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
    secrets += [*codes, NEWCOMER, NEWCOMER.partition("@")[0], PASSWORD, "not a password"]
    assert "wren-salem-nc" in dumped
    assert "visitor-" in dumped
    assert [secret for secret in secrets if is_in(secret, dumped)] == []


def has_an_account(now) -> list[str]:
    """Somebody registers, chooses a password, mistypes it, has it remembered, and asks for one more code; and so does a stranger."""
    client = browser()
    page = client.post("/account/register/", {"email": NEWCOMER})["Location"]
    mail_codes(now)
    code = code_in(NEWCOMER)
    client.post(page, {"code": code})
    client.post("/account/ways/password/", {"new_password": PASSWORD})
    sign_in(browser(), "not a password", NEWCOMER)
    sign_in(client, PASSWORD, NEWCOMER, remember_login="on")
    for email in (NEWCOMER, "nobody.we.know@post.example"):
        waiting = client.post("/account/code/", {"email": email})["Location"]
    token = client.cookies["account"].value
    assert client.get("/account/").status_code == 200
    return [code, code.replace(" ", ""), token, "nobody.we.know", *(one.rsplit("/", 2)[1] for one in (page, waiting))]


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
