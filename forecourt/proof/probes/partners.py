"""The sentences about ad networks: who is counted, who is told of a no, and who can be a recipient at all."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from forecourt.adapters import kept
from forecourt.adapters.links import There
from forecourt.people import browsers
from forecourt.people.models import Contact
from forecourt.policy import limits, sales
from forecourt.policy.policy import Action, Kind, Need, Switch
from forecourt.policy.sales import Disclosure
from forecourt.proof.probes.choices import Chooser, button, confirms
from forecourt.proof.probes.sharing import rehearsal
from forecourt.proof.probes.texts import audited
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import Visitor
from forecourt.rights.ad_views import ELSEWHERE
from forecourt.sharing import audiences, coop, handoff, optouts, outbox, outside_pages, recipients
from forecourt.sharing.models import Lead, LinkCheck, Membership, Outgoing, Receipt, Recipient, Share

ADS = "/privacy/ads/"
BOTH = frozenset({Switch.SALE, Switch.ADS})
State = Outgoing.State


class Willing:
    """A visitor with a browser of their own that said yes to everything, and books with an email address of theirs."""

    def __init__(self, world, visitor: Visitor) -> None:
        self.world, self.visitor = world, visitor
        self.choosers: list[Chooser] = []

    def books_from_a_new_browser(self) -> Chooser:
        chooser = Chooser(self.world)
        chooser.says_yes("all")
        self.choosers.append(chooser)
        self.visitor.browser = chooser.browser
        self.visitor.books_a_test_drive(by="email")
        return chooser

    def says_yes_for_the_address(self) -> None:
        """By the link in the email about the booking."""
        self.visitor.lets_messages_leave()
        emails = self.visitor.emails()
        if not emails:
            raise CouldNotRun("no email came whose link could be followed")
        body = emails[0].get_body(("plain",))
        page = self.visitor.follows_the_link_in(body.get_content() if body else "")
        answer = button(page, "all", "yes").send(self.visitor.browser)
        if confirms(answer):
            answer.form("/yes/", having="confirmed").send(self.visitor.browser)

    def everybody(self) -> list[Contact]:
        """The address and all browsers, as this visitor knows them; our own record of who belongs together is not asked."""
        tokens = [held.value for one in self.choosers if (held := one.browser.jar.get(browsers.COOKIE))]
        found = [self.visitor.contact("email"), *filter(None, map(browsers.find, tokens))]
        self.world.look(len(found))
        return found

    def lets_word_leave(self, everybody: list[Contact]) -> None:
        """Twice, since what takes something back waits until that has left."""
        for _ in range(2):
            for model, hand_over in ((Share, handoff.deliver_share), (Lead, handoff.deliver)):
                for row in model.objects.filter(contact__in=everybody, state__in=outbox.UNSENT).order_by(
                    "requested_at"
                ):
                    self.world.look()
                    hand_over(row.pk, max(row.due, self.world.now))
            self.visitor.waits_for_what_is_in_hand(everybody)


def joined(world, visitor: Visitor, browsers_in_use: int = 2) -> tuple[Willing, list[Contact]]:
    """Somebody whom a network counts, on an address and so many browsers."""
    willing = Willing(world, visitor)
    for _ in range(browsers_in_use):
        willing.books_from_a_new_browser()
    willing.says_yes_for_the_address()
    everybody = willing.everybody()
    willing.lets_word_leave(everybody)
    counted = Receipt.objects.filter(share__contact__in=everybody, share__kind=Share.Kind.JOIN)
    if counted.count() < len(everybody):
        raise CouldNotRun("a yes put nobody into an audience, so there is nobody to take out")
    return willing, everybody


# P-10D-2


@probe("P-10D-2")
def a_no_takes_out_every_browser_and_address(visitor) -> Iterator[str]:
    """Says yes in two browsers and, by the link in an email, for the address that both booked with, until a network counts all three.
    Then says no in one of them, and looks whether each left the audience at once, the network was told to forget each and its
    answer is kept, and whether a careless part of our software could still tell it something."""
    world = visitor.world
    willing, everybody = joined(world, visitor)
    willing.choosers[0].presses("ads", "no")
    if Membership.objects.filter(contact__in=everybody, left_at=None).exists():
        yield "somebody stays in an audience after a no"
    willing.lets_word_leave(everybody)
    for one in everybody:
        removal = Share.objects.filter(contact=one, kind=Share.Kind.REMOVAL).order_by("-requested_at").first()
        if removal is None or removal.state in outbox.UNSENT:
            yield "a network was not told to forget somebody who said no"
        elif removal.state == State.LEFT and not Receipt.objects.filter(share=removal, provider_id__gt="").exists():
            yield "the network’s word was not kept"
    heard = [one.content for one in kept.kept_for(visitor.email, kept.Medium.PARTNER)]
    if heard and b'"removal"' not in heard[-1] and b'"notice"' not in heard[-1]:
        yield "the last that the network heard of an address is no removal"
    network = audiences.networks(world.policy)[0]
    for one in everybody:
        more = outbox.queue_share(f"{network}-audience", Share.Kind.JOIN, one.pk, network, world.now)
        if handoff.deliver_share(more.pk, world.now).state == State.LEFT:
            yield "something reached a network after a no"


@probe("P-10D-2")
def whatever_networks_got_was_permitted(world) -> Iterator[str]:
    """Judges everything that left to a network since the last look again, from the ledger and by rules written a second time."""
    world.look()
    yield from audited(world, "P-10D-2")


@mutant("P-10D-2", seam="forecourt.sharing.audiences.leave", finding="a network was not told to forget somebody")
def nobody_is_told_to_forget(leave):
    def leave_quietly(contact_ids, now):
        Membership.objects.filter(contact__in=contact_ids, left_at=None).update(left_at=now)
        return []

    return leave_quietly


@mutant("P-10D-2", seam="forecourt.people.browsers.linked", finding="somebody stays in an audience after a no")
def only_the_browser_that_said_it_leaves(linked):
    return lambda contact_id: [contact_id]


@mutant("P-10D-2", seam="forecourt.sharing.handoff.settle", finding="the network’s word was not kept")
def answers_of_networks_are_lost(settle):
    def settle_without(row, state, *, reason="", receipt=None):
        said_no = isinstance(row, Share) and row.kind in Share.SAYS_NO
        return settle(row, state, reason=reason, receipt=None if said_no else receipt)

    return settle_without


@mutant("P-10D-2", seam="forecourt.sharing.handoff.gather", finding="something reached a network after a no")
def a_no_is_not_among_the_facts(gather):
    def gather_the_yes(row, contact, now):
        known = gather(row, contact, now)
        if isinstance(row, Share) and row.kind in Share.NEEDS_YES:
            return replace(known, said_yes=BOTH, said_no=frozenset())
        return known

    return gather_the_yes


# L-02


@probe("L-02")
def whoever_has_the_data_hears_of_the_no(visitor) -> Iterator[str]:
    """Books with a yes to ads, so that a dealer and a network have something, says no, and reads what each of them got: the dealer a
    plain sentence, the network a notice, both acknowledged, and our page for the visitor says so."""
    world = visitor.world
    willing, everybody = joined(world, visitor, 1)
    willing.choosers[0].presses("all", "no")
    willing.lets_word_leave(everybody)
    notices = list(Lead.objects.filter(contact__in=everybody, says_no=True))
    told = [item for row in notices for item in kept.kept_about(str(row.pk))]
    if not any(outbox.SAID_NO.encode() in item.content for item in told):
        yield "a dealer that has the booking was not told of the no"
    heard = {share.contact_id for share in of_kind(everybody, Share.Kind.EVENT) if share.state == State.LEFT}
    if heard - {share.contact_id for share in of_kind(everybody, Share.Kind.NOTICE)}:
        yield "a network that heard of a booking was not told of the no"
    rows = [*notices, *of_kind(everybody, Share.Kind.NOTICE)]
    world.look(len(rows))
    if any(row.state == State.LEFT and not Receipt.objects.filter(**{row.NAME: row}).exists() for row in rows):
        yield "an acknowledgement was not kept"
    if heard and "confirmed on" not in willing.choosers[0].opens().text:
        yield "the visitor’s own page does not say who was told"


def of_kind(everybody: list[Contact], kind: str) -> list[Share]:
    return list(Share.objects.filter(contact__in=everybody, kind=kind))


@probe("L-02")
def a_missing_answer_stands_on_the_list(visitor) -> Iterator[str]:
    """Makes up a notice that a dealer refused three weeks of business days ago: it has to stand on the list as overdue, and to be sent
    again. The notice is gone afterwards."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    now = visitor.world.now
    with rehearsal():
        notice = outbox.tell_dealer_of_no(booked.drive.interaction, now)
        if notice is None:
            raise CouldNotRun("the booking did not leave")
        Lead.objects.filter(pk=notice.pk).update(state=State.FAILED, requested_at=now - timedelta(days=40))
        visitor.world.look()
        if notice not in [one.row for one in optouts.overdue(now)]:
            yield "a missing answer is on no list"
        optouts.remind(now)
        notice.refresh_from_db()
        if notice.state == State.FAILED:
            yield "whoever did not answer is not told again"


@probe("L-02")
def nobody_is_overdue(world) -> Iterator[str]:
    """Counts the recipients that have not acknowledged a no of somebody's after fifteen business days."""
    world.look()
    if optouts.overdue(world.now):
        yield "an answer to a no has been missing for more than fifteen business days"


@mutant("L-02", seam="forecourt.sharing.outbox.tell_dealer_of_no", finding="a dealer that has the booking was not told")
def dealers_are_not_told(tell):
    return lambda interaction, now: None


@mutant(
    "L-02", seam="forecourt.sharing.optouts._networks_that_heard", finding="a network that heard of a booking was not"
)
def networks_are_not_told(heard):
    return lambda contact_ids: set()


@mutant("L-02", seam="forecourt.sharing.handoff.settle", finding="an acknowledgement was not kept")
def acknowledgements_are_lost(settle):
    return answers_of_networks_are_lost(settle)


@mutant("L-02", seam="forecourt.sharing.optouts.missing", finding="a missing answer is on no list")
def nobody_looks_for_missing_answers(missing):
    return lambda now: []


# P-3B-8


@probe("P-3B-8")
def nobody_undeclared_becomes_a_recipient(world) -> Iterator[str]:
    """Tries to enter a made-up company in every role that the law knows, and the ad network that this page names in another role and
    at another address. All have to be refused. Looks through those that are entered as well. What was made up is gone
    afterwards."""
    now, policy = world.now, world.policy
    for kind in set(Kind) - {Kind.DEALER}:
        world.look()
        if is_taken(f"check-{uuid.uuid4().hex[:8]}", kind, "https://check.probe.example/", now):
            yield "a company that the policy does not name became a recipient"
    for code, one in policy.recipients.items():
        world.look()
        if not one.chosen and is_taken(code, Kind.DEALER, one.endpoint, now):
            yield "a company became a recipient in another role than the policy names"
        if one.endpoint and is_taken(code, one.kind, "https://check.probe.example/", now):
            yield "a company became a recipient at another address than the policy names"
    for row in Recipient.objects.exclude(kind=Kind.DEALER):
        declared = policy.recipients.get(row.code)
        world.look()
        if declared is None or declared.kind != row.kind:
            yield "a recipient is entered that the policy does not name in this role"


def is_taken(code: str, kind: str, endpoint: str, now) -> bool:
    with rehearsal():
        try:
            recipients.register(code, kind, "A company that does not exist", endpoint, now)
        except recipients.Undeclared:
            return False
        return True


@probe("P-3B-8")
def nothing_is_shared_without_a_word_of_the_person(world) -> Iterator[str]:
    """Reads the list of uses: each that passes something on has to rest on what that very person asked for, allowed or refused, so that
    none makes a list of people. Asks whether a company that works for us would count as a buyer once its contract lacked a
    term, whatever our words call it."""
    own_words = (Need.REQUEST, Need.YES, Need.OPT_OUT)
    for use in world.policy.uses.values():
        world.look()
        if use.action is Action.SHARE and use.needs not in own_words:
            yield "something is passed on without a word of the person"
        provider = world.policy.recipients.get(use.through)
        if provider is None or provider.kind is not Kind.SERVICE_PROVIDER:
            continue
        for term in limits.required_terms(Kind.SERVICE_PROVIDER, world.now):
            lacking = {**world.policy.recipients, provider.code: replace(provider, terms=provider.terms - {term})}
            other = replace(world.policy, recipients=lacking)
            if sales.disclosure(other, use, world.now) is Disclosure.SERVICE:
                yield "a company without the terms of a servant counts as one"


@mutant(
    "P-3B-8", seam="forecourt.sharing.recipients.register", finding="a company that the policy does not name became"
)
def anybody_is_registered(register):
    def take_anybody(code, kind, name, endpoint, now=None):
        found = {"kind": kind, "name": name, "endpoint": endpoint, "active": True}
        return Recipient.objects.update_or_create(code=code, defaults=found)[0]

    return take_anybody


@mutant("P-3B-8", seam="forecourt.policy.sales.works_for_us_alone", finding="a company without the terms of a servant")
def a_servant_is_whoever_we_call_so(works):
    return lambda provider, now: True


# P-3B-7


@probe("P-3B-7")
def no_list_of_devices_is_made(visitor) -> Iterator[str]:
    """Asks our software, with a browser that said yes to everything, to tell a made-up co-op of its devices: refused. Then imagines a
    policy that names the co-op: it has to count as sale and sharing, and to hear of nobody who said no."""
    world = visitor.world
    Willing(world, visitor).books_from_a_new_browser()
    code = f"check-{uuid.uuid4().hex[:8]}"
    with rehearsal():
        try:
            coop.export_devices(code, world.now)
            yield "a list of devices was made for a co-op that the policy does not name"
        except coop.Off:
            world.look()
    if code in coop.named(world.policy):
        yield "our software takes part in a co-op that the policy does not name"
    imagined = with_coop(world.policy, code)
    use = imagined.uses[f"{code}-audience"]
    if sales.disclosure(imagined, use, world.now) is not Disclosure.SHARING:
        yield "a co-op would not count as sale and sharing"
    if not sales.switches(imagined, use, use.data, world.now) >= sales.SIGNALLED:
        yield "a no would not keep somebody out of a co-op"


def with_coop(policy, code: str):
    """As a brand might write it that takes part in one; nothing on its row says by which switches it can be refused."""
    network = next(one for one in policy.recipients.values() if one.kind is Kind.AD_NETWORK)
    page = "https://coop.example/choices/"
    one = replace(network, code=code, kind=Kind.COOP, preferences=page)
    use = replace(policy.uses[f"{network.code}-audience"], id=f"{code}-audience", to=code, switches=())
    return replace(policy, recipients={**policy.recipients, code: one}, uses={**policy.uses, use.id: use})


@probe("P-3B-7")
def a_dead_page_of_choices_is_noticed(world) -> Iterator[str]:
    """Reads what our weekly look found at the page of each co-op that the policy names, and makes up a page that is gone, to see whether
    that would be noticed. The made-up look is gone afterwards."""
    made_up = "https://coop.probe.example/choices/"
    with rehearsal():
        LinkCheck.objects.create(address=made_up, found=There.GONE, at=world.now)
        world.look()
        if outside_pages.state(made_up, world.now)[0] is not There.GONE:
            yield "a dead page of choices goes unnoticed"
    for one in coop.named(world.policy).values():
        there, _ = outside_pages.state(one.preferences, world.now)
        if there is There.GONE:
            yield "a co-op’s page of choices is gone"
        elif there is There.UNKNOWN:
            raise CouldNotRun("a co-op’s page of choices could not be reached from here")


@mutant("P-3B-7", seam="forecourt.sharing.coop.named", finding="a list of devices was made for a co-op")
def the_switch_is_always_on(named):
    class Everybody(dict):
        def __contains__(self, code):
            return True

    return lambda policy: Everybody()


@mutant("P-3B-7", seam="forecourt.policy.sales._to", finding="a co-op would not count as sale and sharing")
def a_coop_is_called_a_servant(judge):
    def judge_by_our_words(recipient, use, now):
        return Disclosure.SERVICE if recipient.kind is Kind.COOP else judge(recipient, use, now)

    return judge_by_our_words


@mutant("P-3B-7", seam="forecourt.sharing.outside_pages.state", finding="a dead page of choices goes unnoticed")
def nobody_looks_at_the_page(state):
    return lambda address, now: (There.YES, now)


# S-32


@probe("S-32")
def ad_choices_lead_to_a_no_and_to_the_list(world) -> Iterator[str]:
    """Follows the link at the foot of a page, reads the list of companies and compares it with everybody who would get data for ads,
    by role and contract; presses No there, and looks whether it counts."""
    chooser = Chooser(world)
    for address in ("/", "/models/", "/dealers/", "/contact/"):
        world.look()
        if ADS not in chooser.browser.get(address).must_be_fine().link("Ad choices"):
            yield "a page has no link to the ad choices"
    page = chooser.browser.get(ADS).must_be_fine()
    for one in world.policy.recipients.values():
        uses = [use for use in world.policy.uses.values() if one.code in (use.to, use.through)]
        if not any(sales.disclosure(world.policy, use, world.now) in sales.OUTSIDE for use in uses) or one.chosen:
            continue
        world.look()
        facts = (one.name or one.code, one.purpose, "The law calls it a sale", "Last met on our pages", one.member)
        if any(fact.lower() not in page.text.lower() for fact in facts):
            yield "a company that gets data for ads is not on the list, or not with all that it does"
    for switch in (Switch.SALE, Switch.ADS):
        button(page, switch, "no").send(chooser.browser)
    if not chooser.choices.said_no >= BOTH:
        yield "the no on the page does nothing"


@mutant("S-32", seam="forecourt.rights.ad_views.vendors", finding="is not on the list")
def the_list_is_empty(vendors):
    return lambda policy, now: []


@mutant("S-32", seam="forecourt.rights.choosing.refuse_here", finding="the no on the page does nothing")
def the_no_is_for_show(refuse):
    return lambda said, *args, **kwargs: said


@mutant("S-32", seam="forecourt.web.menu.all_links", finding="a page has no link to the ad choices")
def the_link_is_gone_from_the_foot(all_links):
    return lambda **how: (one for one in all_links(**how) if one[1].href != ADS)


# P-10E-2


@probe("P-10E-2")
def the_industrys_page_is_linked_and_not_needed(world) -> Iterator[str]:
    """Reads the page of ad choices: our own no stands before the industry's link, and the page says that it does the job without it.
    What the page says of that link has to be what our weekly look found: where we could not reach it, that we do not know."""
    page = Chooser(world).browser.get(ADS).must_be_fine()
    world.look()
    if not page.link(outside_pages.INDUSTRY):
        yield "the page does not lead to the industry’s page"
        return
    own, theirs = page.body.find(b"/ads/no/"), page.body.find(outside_pages.INDUSTRY.encode())
    if not 0 <= own < theirs or "Your no here does the whole job for us without it." not in page.text:
        yield "the industry’s page comes before our own no"
    looks = LinkCheck.objects.filter(address=outside_pages.INDUSTRY, at__lte=world.now).order_by("-at", "-id")
    last = looks.first()
    if (last is None or last.found != There.YES) and ELSEWHERE[There.YES] in page.text:
        yield "the page says that a link works which nobody reached"
    if last and last.found == There.GONE:
        yield "the industry’s page is gone"


@mutant("P-10E-2", seam="forecourt.sharing.outside_pages.state", finding="a link works which nobody reached")
def the_link_is_called_fine_unseen(state):
    return lambda address, now: (There.YES, now)


@mutant("P-10E-2", seam="forecourt.rights.ad_views.render", finding="the page does not lead to the industry’s page")
def the_industrys_link_is_gone(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(outside_pages.INDUSTRY.encode(), b"/privacy/")
        return response

    return render_without
