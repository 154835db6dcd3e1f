"""The sentences about special offers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from forecourt.policy.problems import BrokenPack
from forecourt.proof.probes.payments import half_up, number
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import ZIP
from forecourt.vehicles import catalogue, offers
from forecourt.vehicles.offers import reader
from forecourt.vehicles.offers.deal import Kind
from forecourt.vehicles.payments import terms

# Read here by another eye than the one that lets offers in.
TRIGGER = re.compile(
    r"\$[\d,.]+ (a month|down|due at signing)|\d+ (months|monthly payments|payments)|nothing down", re.IGNORECASE
)
COMPANIONS = {
    Kind.FINANCE: {"APR", "Down payment", "Repaid in", "Total price"},
    Kind.LEASE: {"What it is", "Due at signing", "Payments", "Security deposit", "At the end", "Total price"},
    Kind.CASH: {"Total price"},
}
NEAR = "NC"  # where the visitor's ZIP is


def running(now) -> list:
    found = offers.running(now)
    if not found:
        raise CouldNotRun("no offer runs at the moment")
    return found


# S-01


@probe("S-01")
def each_term_stands_with_its_companions(visitor):
    """Opens the list and each offer's own page, looks for a payment, a sum down, a number of months or a sum at signing in the words, and
    for all companion terms in the same piece of the page; reckons loans and leases anew from what the page says."""
    page = visitor.sees("/offers/").must_be_fine()
    for offer in running(visitor.world.now):
        own = visitor.sees(f"/offers/{offer.slug}/").must_be_fine()
        visitor.world.look()
        card = page.tree.xpath(f"//article[@aria-labelledby='offer-{offer.slug}']")
        for place in (*card, *own.tree.xpath("//main/article")):
            if TRIGGER.search(own_words(place)) and not COMPANIONS[offer.kind] <= set(facts(place)):
                yield "an offer states a term without its other terms"
                break
        yield from reckoned(offer, facts(own.tree))


def own_words(place) -> str:
    """Without those of other offers that stand below."""
    return " ".join(
        place.xpath(
            ".//text()[count(ancestor::article) = $deep]", deep=int(place.xpath("count(ancestor-or-self::article)"))
        )
    )


def facts(place) -> dict[str, str]:
    return {
        " ".join(row.xpath("string(dt)").split()): " ".join(row.xpath("string(dd)").split())
        for row in place.xpath("(.//dl[contains(@class, 'offer-terms')])[1]/div")
    }


def reckoned(offer, shown: dict[str, str]) -> Iterator[str]:
    """Of an offer that tells all its terms: whatever tells fewer has been looked at before."""
    if not COMPANIONS[offer.kind] <= set(shown):
        return
    if offer.kind is Kind.FINANCE:
        rate = Fraction(shown["APR"].partition("%")[0]) / 1200
        months, payment = int(shown["Repaid in"].split()[0]), number(shown["Repaid in"])
        down = number(shown["Down payment"]) if "$" in shown["Down payment"] else 0
        amount = number(shown["Total price"]) - down
        if payment != half_up(amount * rate / (1 - (1 + rate) ** -months) if rate else amount / months):
            yield "an offer's payment is not the formula's"
    if offer.kind is Kind.LEASE:
        told = re.search(r"(\$\S+) at signing, then (\d+) of (\$\S+\d)", shown["Payments"])
        if told is None:
            yield "an offer's sums do not add up"
            return
        first, others, each = told.groups()
        deposit = number(shown["Security deposit"]) if "$" in shown["Security deposit"] else 0
        paid = number(shown["Due at signing"]) - deposit + int(others) * number(each) + number(shown["At the end"])
        if number(first) != number(each) or paid != number(shown["Total price"].rpartition("lease")[2]):
            yield "an offer's sums do not add up"


@probe("S-01")
def what_lacks_a_term_is_not_published(world):
    """Takes each offer that states its terms, leaves one of them out, or three, or makes one wrong by a dollar, and looks whether the software
    still takes it in."""
    lines = catalogue.lines()
    known = terms.terms()
    for offer in offers.offers():
        source = (Path(settings.BRAND) / "offers" / f"{offer.slug}.toml").read_text(encoding="utf-8")
        if not re.search(r"^payment\s*=", source, re.MULTILINE):
            continue
        world.look()
        lacking = "an offer without its companion terms can be published"
        for broken, finding in (
            (without(source, "down"), lacking),
            (without(source, "down", "months", "payment"), lacking),
            (dearer(source), "an offer whose figures do not agree can be published"),
        ):
            with TemporaryDirectory() as folder:
                (Path(folder) / f"{offer.slug}.toml").write_text(broken, encoding="utf-8")
                try:
                    reader.read(Path(folder), lines, known.delivery if known else None)
                except BrokenPack:
                    continue
            yield finding


def without(source: str, *keys: str) -> str:
    return re.sub(rf"^({'|'.join(keys)})\s*=.*\n", "", source, flags=re.MULTILINE)


def dearer(source: str) -> str:
    """With a payment that is a dollar more in its table, and in the words too."""
    found = re.search(r'^payment\s*=\s*"(\d+)\.', source, re.MULTILINE)
    assert found
    return source.replace(f"{found[1]}.", f"{int(found[1]) + 1}.")


@mutant("S-01", seam="forecourt.vehicles.offers.views.render", finding="states a term without its other terms")
def the_small_print_is_left_out(render):
    def without(*args, **kwargs):
        response = render(*args, **kwargs)
        response.content = re.sub(rb"<dt>(APR|Due at signing)</dt>", b"<dt></dt>", response.content)
        return response

    return without


@mutant(
    "S-01", seam="forecourt.vehicles.offers.law.lease_figures", finding="whose figures do not agree can be published"
)
def nobody_reckons_a_lease(lease_figures):
    return lambda leasing, price: ()


@mutant("S-01", seam="forecourt.vehicles.offers.law.companions", finding="without its companion terms can be published")
def a_missing_down_payment_is_taken_for_none(companions):
    return lambda kind, words, table: ()


# S-18


@probe("S-18")
def an_offer_says_for_whom_where_and_until_when(visitor):
    """Opens each offer that runs and looks for whom and where it holds, what else to know, and its last minute. Asks with a ZIP code, and
    compares what is shown with what holds in that state."""
    for offer in running(visitor.world.now):
        page = visitor.sees(f"/offers/{offer.slug}/").must_be_fine()
        visitor.world.look()
        said = [*offer.eligibility, *offer.disclosures]
        if any(words not in page.text for words in said) or "Who it is for" not in page.text:
            yield "an offer does not say for whom it is, or what else to know"
        when = dict(
            zip(
                page.tree.xpath("//dl[contains(@class, 'offer-when')]//dt/text()"),
                page.tree.xpath("//dl[contains(@class, 'offer-when')]//dd"),
                strict=True,
            )
        )
        if not {"From", "Until", "Where"} <= set(when):
            yield "an offer does not say where and until when it holds"
    page = visitor.sees(f"/offers/?place={ZIP}").must_be_fine()
    shown = {found.get("aria-labelledby").removeprefix("offer-") for found in page.tree.xpath("//article")}
    due = {offer.slug for offer in offers.running(visitor.world.now) if not offer.states or NEAR in offer.states}
    if shown - due:
        yield "an offer is shown where it does not hold"
    if due - shown:
        yield "an offer is not shown where it holds"
    if visitor.browser.offered_cookies:
        yield "looking for offers sets a cookie"


@probe("S-18")
def an_offer_is_gone_at_its_minute(world):
    """Looks at the list and at the page of each offer that has ended or has not begun, and asks for each offer what would run a minute
    before its end, and at its end."""
    page = world.get("/offers/").must_be_fine()
    shown = {found.get("aria-labelledby").removeprefix("offer-") for found in page.tree.xpath("//article")}
    for offer in offers.offers():
        world.look()
        if offer not in offers.running(max(offer.starts, offer.ends - timedelta(minutes=1))):
            yield "an offer ends before its minute"
        if offer in offers.running(offer.ends) or offer in offers.running(offer.starts - timedelta(minutes=1)):
            yield "an offer is shown beyond its minutes"
        if offer.starts <= world.now < offer.ends:
            continue
        status = world.get(f"/offers/{offer.slug}/").status
        if offer.slug in shown or status != (410 if offer.ends <= world.now else 404):
            yield "an offer is shown beyond its minutes"


@mutant("S-18", seam="forecourt.vehicles.offers.deal.Offer.is_running", finding="is shown beyond its minutes")
def offers_never_end(is_running):
    return lambda self, now: self.starts <= now


@mutant("S-18", seam="forecourt.vehicles.offers.deal.Offer.holds_in", finding="is shown where it does not hold")
def every_offer_holds_everywhere(holds_in):
    return lambda self, state: True


@mutant("S-18", seam="forecourt.vehicles.offers.views.render", finding="does not say for whom it is")
def whom_it_is_for_is_left_out(render):
    def without(*args, **kwargs):
        response = render(*args, **kwargs)
        response.content = response.content.replace(b"Who it is for", b"")
        return response

    return without
