"""The notice for California: linked, complete, and made from the list that the software obeys."""

import base64
import html
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_uppercase

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forecourt.agents import actions as agents
from forecourt.agents import business, envelope, wishes
from forecourt.agents.models import Agent, Asked
from forecourt.consent import policies, switches
from forecourt.people import contacts
from forecourt.policy import california
from forecourt.policy.policy import Action, Kind, Need, Policy, Switch, Use
from forecourt.policy.sales import SIGNALLED
from forecourt.proof import california as notices
from forecourt.proof.registry import mutant, probe
from forecourt.web.brand import brand

NOTICE = "/privacy/california/"
MADE_UP = "try out a use that nobody wrote down by hand"


@probe("P-12-5")
def the_notice_says_what_the_list_says(world):
    """Looks for the link on the policy and at the foot of a page. Then reads the notice: each kind of data of the list has to stand
    there with its purposes, how long each is kept, who gets it, and yes or no to sale and sharing; and the rights, the ways to ask,
    the signals, under 16, agents and the day of the last change. Each version has to have an address of its own. Adds a made-up use
    to the list, in memory alone: the notice has to tell of it without anybody writing it down. At last an agent of its own asks for a
    made-up visitor: what was signed for another business, or comes twice, must not count, and a no has to stand at once."""
    for address in ("/privacy/", "/models/"):
        if f'href="{NOTICE}"' not in world.get(address).must_be_fine().body.decode():
            yield "the notice is not linked from the policy and the foot of pages"
    page = world.get(NOTICE).must_be_fine().body.decode()
    said = plain(page)
    for use in world.policy.uses.values():
        world.look()
        if use.purpose not in said:
            yield "a purpose of the list is not in the notice"
        if use.action in california.COLLECTING and use.keep not in said:
            yield "the notice does not say how long something is kept"
    yield from sales_are_told(world, page)
    told = notices.of(world.policy, world.now)
    sentences = [plain(str(one.html)) for one in (*told.how_to_ask, *told.signals, *told.minors)]
    if not all(
        words in said
        for words in (
            *told.rights,
            *sentences,
            told.agents_law,
            told.agents_entry and "Data Rights Protocol",
            told.minors_law,
        )
    ):
        yield "the notice leaves out a right or a way to use it"
    if not all(words in said for words in ("Last updated", brand().place["street"], brand().privacy_email)):
        yield "the notice does not say how new it is or where to ask"
    if MADE_UP not in purposes(notices.of(with_made_up_use(world.policy), world.now)):
        yield "the notice does not follow the list"
    for version in policies.book().versions:
        if version.posted <= world.now and not world.get(f"{NOTICE}{version.version}/").is_fine:
            yield "a version of the notice has no address of its own"
    yield from agents_are_heard(world)


def sales_are_told(world, page: str) -> Iterator[str]:
    """Whatever goes to an ad network is sold and shared, whatever the notice makes of it."""
    networks = {code for code, one in world.policy.recipients.items() if one.kind is Kind.AD_NETWORK}
    uses = [use for use in world.policy.uses.values() if use.to in networks and use.needs is not Need.OPT_OUT]
    for data in {data for use in uses for data in use.data}:
        world.look()
        name = re.escape(html.escape(california.category_of(data, world.now)))
        if not re.search(rf">{name}</a></th><td>[^<]*</td><td>Yes[^<]*</td><td>Yes", page):
            yield "the notice says no where data are sold"


def agents_are_heard(world) -> Iterator[str]:
    """The agent is in nobody's list for longer than this takes."""
    key, code = Ed25519PrivateKey.generate(), f"PROBE_{''.join(secrets.choice(ascii_uppercase) for _ in range(16))}"
    agent = Agent.objects.create(
        code=code,
        name="A check",
        verify_key=key.public_key().public_bytes_raw(),
        web_url=brand().site_url,
        added_at=world.now,
    )
    person = world.visitor().email
    try:
        for wrong in ({"business-id": "SOMEBODY_ELSE"}, {"expires-at": (world.now - timedelta(minutes=1)).isoformat()}):
            world.look()
            if is_taken(agent, signed(key, code, person, world.now) | wrong, key, world.now):
                yield "what an agent signed for another business or another time counts"
        said = signed(key, code, person, world.now)
        if not is_taken(agent, said, key, world.now) or not refused_by(person) >= SIGNALLED:
            yield "a no through an agent does not stand at once"
        if is_taken(agent, said, key, world.now):
            yield "what an agent sent once counts twice"
    finally:
        Asked.objects.filter(agent=agent).delete()
        agent.delete()


def signed(key: Ed25519PrivateKey, code: str, person: str, now: datetime) -> dict[str, str]:
    return {
        "agent-id": code,
        "business-id": business.code(),
        "issued-at": now.isoformat(),
        "expires-at": (now + timedelta(minutes=5)).isoformat(),
        "drp.version": envelope.VERSION,
        "exercise": "sale:opt_out",
        "regime": "ccpa",
        "email": person,
    }


def is_taken(agent: Agent, claims: dict[str, str], key: Ed25519PrivateKey, now: datetime) -> bool:
    content = json.dumps(claims).encode()
    body = base64.b64encode(key.sign(content) + content)
    try:
        message = envelope.check(envelope.open_signed(body, bytes(agent.verify_key)), agent.code, business.code(), now)
        agents.take(agent, message, wishes.read(message.claims, agent), now)
    except envelope.Refused:
        return False
    return True


def refused_by(address: str) -> frozenset[Switch]:
    contact = contacts.find(contacts.read(address))
    return switches.of(contact.pk).said_no if contact else frozenset()


def plain(source: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", source)).split())


def with_made_up_use(policy: Policy) -> Policy:
    use = Use("made-up", MADE_UP, Action.COLLECT, (), data=("user.name",), keep="not kept")
    return replace(policy, uses={**policy.uses, use.id: use})


def purposes(notice: notices.Notice) -> set[str]:
    return {kept.purpose for one in notice.categories for kept in one.category.collected}


@mutant("P-12-5", seam="forecourt.policy.california._given", finding="says no where data are sold")
def nobody_ever_gets_anything(given):
    return lambda policy, use, now: ()


@mutant("P-12-5", seam="forecourt.policy.california.categories", finding="a purpose of the list is not in the notice")
def only_what_sounds_well_is_told(categories):
    return lambda policy, now: categories(policy, now)[:1]


@mutant("P-12-5", seam="forecourt.web.menu.all_links", finding="is not linked from the policy and the foot of pages")
def the_link_is_gone(all_links):
    return lambda **how: [(group, link) for group, link in all_links(**how) if link.href != NOTICE]


@mutant("P-12-5", seam="forecourt.proof.california.of", finding="the notice does not follow the list")
def the_notice_is_written_once(of):
    return lambda policy, now: of(policies.in_force(now), now)


@mutant("P-12-5", seam="forecourt.agents.envelope.check", finding="signed for another business or another time counts")
def whatever_is_signed_counts(check):
    return lambda message, agent, business, now: replace(message, until=now + timedelta(minutes=5))


@mutant("P-12-5", seam="forecourt.agents.actions.opt_out", finding="a no through an agent does not stand at once")
def an_agents_no_waits(opt_out):
    return lambda asked, addresses, now: []


@mutant("P-12-5", seam="forecourt.agents.actions.see", finding="what an agent sent once counts twice")
def nothing_is_remembered(see):
    return lambda message: None
