"""The sentences about looking after a car: recalls by VIN, and what maintenance is still covered."""

import logging
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from django.core.cache import cache

from forecourt.consent import policies
from forecourt.dealers import mine
from forecourt.people import vault
from forecourt.policy import law
from forecourt.proof.browser import Page
from forecourt.proof.probes.tags import ALL_YES, somebody, strangers
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.sweep import columns_with, spellings
from forecourt.vehicles.recalls import actions, campaigns, cars, cover, pack
from forecourt.vehicles.recalls.models import Affected, FirstDay, Loading, Repair
from forecourt.web import cookies
from forecourt.web.templatetags.web import short_day

RECALLS, MAINTENANCE = "/recalls/", "/maintenance/"
# How many recalls one look asks about: those of cars that must not be driven, and of the others some each time.
SAMPLE = 8
HIGHEST = 999_999
DO_NOT_DRIVE = "Do not drive this car"


def ours() -> cars.Vins:
    found = cars.ours()
    if found is None:
        raise CouldNotRun("this brand looks up no VIN")
    return found


def dice(world) -> random.Random:
    return random.Random(world.now.isoformat())  # noqa: S311 (cars, not secrets)


# S-27


@probe("S-27")
def the_list_is_fresh(visitor):
    """Opens the page of recalls and reads how old its list says it is: it has to be the day that the list really has, at most as many
    days ago as the law allows, and an older list has to say so. Also asks the page's own rule about the last day and the next."""
    world, limit = visitor.world, law.value("recall_data_days", visitor.world.now)
    page = visitor.sees(RECALLS)
    loaded = Loading.objects.order_by("-pk").first()
    if loaded is None:
        yield "there is no list of recalls to answer from"
        return
    told = page.tree.xpath("//dt[.='As of']/following-sibling::dd[1]")
    if not told or plain(short_day(loaded.as_of)) not in plain(told[0].text_content()):
        yield "the page tells another day than its list has"
    today = world.now.date()
    if (today - loaded.as_of).days > limit:
        yield "the list of recalls is older than the law allows"
        if "days old" not in page.text:
            yield "an old list does not say that it is old"
    last = today - timedelta(days=limit)
    if campaigns.is_old(last, world.now) or not campaigns.is_old(last - timedelta(days=1), world.now):
        yield "a list that is older than the law allows would pass for fresh"


def plain(words: str) -> str:
    return " ".join(words.split())


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.is_old", finding="would pass for fresh")
def every_list_looks_fresh(is_old):
    return lambda as_of, now: False


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.latest", finding="tells another day than its list has")
def the_day_is_made_up(latest):
    def made_up():
        found = latest()
        found.as_of += timedelta(days=400)
        return found

    return made_up


@mutant("S-27", seam="forecourt.vehicles.recalls.models.Loading.objects", finding="there is no list of recalls")
def the_list_is_lost(objects):
    class Nothing:
        def order_by(self, *fields):
            return Loading._base_manager.none()

    return Nothing()


@probe("S-27")
def each_recall_comes(visitor):
    """Looks up cars that recalls are about, by the list and the maker's serial numbers, without JavaScript and without cookies: the
    answer has to name the recall, and to say first where the car must not be driven. One that was mended, and one number past the
    last, have to come without it."""
    dealt = dice(visitor.world)
    wanted = list(called_back())
    grave = set(Affected.objects.filter(campaign__do_not_drive=True).values_list("campaign", flat=True))
    if not wanted:
        raise CouldNotRun("the list has no recall of ours")
    dealt.shuffle(wanted)
    wanted.sort(key=lambda each: each[0] not in grave)
    for number, line, year, first, last in wanted[:SAMPLE]:
        serial = next(
            (one for one in dealt.choices(range(first, last + 1), k=9) if not mended(line, year, one, number)), None
        )
        if serial is None:
            continue
        answer = looks_up(visitor, ours().vin_of(line, year, serial))
        if number not in answer.text:
            yield "a recall that a car is in did not come"
        if number in grave and DO_NOT_DRIVE not in answer.text:
            yield "an answer does not say that the car must not be driven"
        if last < HIGHEST and number in looks_up(visitor, ours().vin_of(line, year, last + 1)).text:
            yield "a recall came for a car that is not in it"
    if visitor.browser.offered_cookies:
        yield "looking up a VIN sets a cookie"


def called_back() -> Iterator[tuple[str, cars.Line, int, int, int]]:
    """Each recall with a line and year that it is about, and the serial numbers."""
    known = pack.known()
    for affected in Affected.objects.all():
        for line in ours().lines:
            year = affected.year or line.first_year
            if not any(affected.model == name or affected.model.startswith(f"{name} ") for name in line.recalls_as):
                continue
            if not line.first_year <= year <= line.last_year:
                continue
            parts = [
                part
                for part in known.ranges.get(affected.campaign_id, ())
                if (part.letter, part.year) == (line.letter, year)
            ]
            spans = [(part.first, part.last) for part in parts] or [(0, HIGHEST)]
            yield from ((affected.campaign_id, line, year, first, last) for first, last in spans)
    for emission in known.emissions:
        for part in emission.ranges:
            line = next(each for each in ours().lines if each.letter == part.letter)
            yield emission.number, line, part.year, part.first, part.last


def mended(line: cars.Line, year: int, serial: int, number: str) -> bool:
    return Repair.objects.filter(car=actions.digest_of(ours().vin_of(line, year, serial)), campaign=number).exists()


def looks_up(visitor, vin: str) -> Page:
    return posts(visitor, RECALLS, vin=vin)


def posts(visitor, address: str, **fields: str) -> Page:
    visitor.world.look()
    return visitor.sees(address).form(address, having="vin").send(visitor.browser, **fields).must_be_fine()


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.affecting", finding="a recall that a car is in did not come")
def a_recall_is_dropped(affecting):
    return lambda car, campaigns: affecting(car, campaigns)[:-1]


@mutant("S-27", seam="forecourt.vehicles.recalls.pack.Range.holds", finding="came for a car that is not in it")
def ranges_have_no_end(holds):
    return lambda self, car: self.is_about(car)


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.opened", finding="must not be driven")
def the_warning_is_left_out(opened):
    return lambda *args: replace(opened(*args), do_not_drive=False)


@mutant("S-27", seam="forecourt.vehicles.recalls.views.render", finding="looking up a VIN sets a cookie")
def the_lookup_sets_a_cookie(render):
    def render_and_set(request, *args, **kwargs):
        response = render(request, *args, **kwargs)
        cookies.set_declared(response, mine.COOKIE, "recalls", policies.in_force(request.now))
        return response

    return render_and_set


@probe("S-27")
def the_vin_is_gone(visitor):
    """Looks up a VIN that nobody knows, a second time with a slip in it, and then what maintenance it has left. After that the VIN may
    stand nowhere: in no column of the database, plain or coded or as its digest, in no line of the log, in no cookie, and in no
    address on the pages. The answers have to forbid every cache to keep them, and hold nothing of a partner's, even for somebody
    who allowed partners everything."""
    dealt = dice(visitor.world)
    vin = unknown_vin(dealt)
    slip = vin[:-1] + next(each for each in "0123456789" if each != vin[-1])
    with listening() as heard:
        pages = [
            looks_up(visitor, vin),
            posts(visitor, RECALLS, vin=slip),
            posts(visitor, MAINTENANCE, vin=vin, miles="4100"),
        ]
        willing = somebody(ALL_YES)
        pages.append(willing.post(RECALLS, {"vin": vin}).must_be_fine())
    for page in pages:
        if vin in page.address or any(vin in address for address in addresses(page)):
            yield "the VIN stands in an address"
        if "no-store" not in page.headers.get("Cache-Control", ""):
            yield "a cache may keep an answer about a VIN"
        if strangers(page) or page.foreign_hosts():
            yield "a partner is let into the answer about a VIN"
    if any(vin in line or slip in line for line in heard):
        yield "the VIN stands in a log"
    if any(vin in morsel.value for morsel in (*visitor.browser.offered, *willing.offered)):
        yield "the VIN stands in a cookie"
    digests = {vault.blind_index("vin", each) for each in (vin, slip)}
    wanted = {spelt for each in (vin, slip) for spelt in spellings(each)}
    if any(columns_with({"vin": wanted | digests | {each.hex().encode() for each in digests}}, visitor.world)):
        yield "the VIN stands in the database"


def unknown_vin(dealt: random.Random) -> str:
    line = dealt.choice(ours().lines)
    for _ in range(50):
        year = dealt.randint(max(2010, line.first_year), min(line.last_year, 2039))
        vin = ours().vin_of(line, year, dealt.randint(500_000, HIGHEST))
        digest = actions.digest_of(vin)
        if not Repair.objects.filter(car=digest).exists() and not FirstDay.objects.filter(car=digest).exists():
            return vin
    raise CouldNotRun("no VIN was found that nobody knows")


def addresses(page: Page) -> list[str]:
    return [str(each) for each in page.tree.xpath("//@href | //@src | //@action | //@formaction | //meta/@content")]


@contextmanager
def listening() -> Iterator[list[str]]:
    """What every logger of this process says meanwhile, before anything is taken out of it."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"{record.getMessage()} {record.exc_info or ''}")

    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(ear)


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.open_for", finding="the VIN stands in a log")
def lookups_are_logged(open_for):
    def open_and_log(vin):
        logging.getLogger("forecourt.recalls").error("looked up %s", vin)
        return open_for(vin)

    return open_and_log


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.open_for", finding="the VIN stands in the database")
def lookups_are_kept_for_a_while(open_for):
    def open_and_keep(vin):
        cache.set("last-lookup", {"vin": vin})
        return open_for(vin)

    return open_and_keep


@mutant("S-27", seam="forecourt.vehicles.recalls.campaigns.open_for", finding="the VIN stands in the database")
def lookups_are_counted_by_car(open_for):
    def open_and_count(vin):
        Repair.objects.get_or_create(car=actions.digest_of(vin), campaign="LOOKED-UP")
        return open_for(vin)

    return open_and_count


@mutant("S-27", seam="forecourt.vehicles.recalls.views.render", finding="the VIN stands in an address")
def the_dealer_link_takes_it_along(render):
    def render_with_link(request, *args, **kwargs):
        response = render(request, *args, **kwargs)
        typed = request.POST.get("vin", "").encode()
        response.content = response.content.replace(b'href="/dealers/"', b'href="/dealers/?vin=' + typed + b'"')
        return response

    return render_with_link


# S-14


@probe("S-14")
def what_is_left_is_told(visitor):
    """Types model, year, miles and first day for cars of several ages, without JavaScript and without cookies, and reckons by itself
    from the list on the page: the miles that are left and the last day have to be those, and a cover past either has to be called
    over."""
    covers = cover.covers()
    if not covers:
        raise CouldNotRun("this brand includes no maintenance")
    dealt, today = dice(visitor.world), visitor.world.now.date()
    for age, miles in enumerate((11_999, 23_999, dealt.randint(0, 35_999), 36_000, 100, dealt.randint(0, 120_000))):
        year = today.year - age
        made = [line for line in ours().lines if line.first_year <= year <= line.last_year]
        if not made:
            continue
        line = dealt.choice(made)
        first_day = min(date(year, 1, 1) + timedelta(days=dealt.randint(-90, 300)), today)
        page = posts(
            visitor,
            MAINTENANCE,
            car=f"{line.letter}{year}",
            miles=f"{miles:,}",
            first_day=first_day.isoformat(),
        )
        for each in covers:
            if each.whose in ("all", line.power) and year >= each.first_year:
                yield from told(page, each, miles, first_day, today)
    if visitor.browser.offered_cookies:
        yield "asking what is covered sets a cookie"


def told(page: Page, each: cover.Cover, miles: int, first_day: date, today: date) -> Iterator[str]:
    shown = page.tree.xpath("//*[@id=$id]/..", id=f"cover-{each.slug}")
    if not shown:
        yield "a cover that the car came with is not told"
        return
    words = " ".join(shown[0].text_content().split())
    ends = anniversary(first_day, each.years)
    left = each.miles - miles
    if left <= 0 or ends < today:
        if "Over" not in words:
            yield "a cover that is over is told as if it were not"
        return
    found = re.search(r"([\d,]+) miles", words)
    if "Over" in words or not found or int(found[1].replace(",", "")) != left:
        yield "other miles are told than are left"
    if plain(short_day(ends)) not in words:
        yield "another last day is told"


def anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@mutant("S-14", seam="forecourt.vehicles.recalls.cover.Left.is_over", finding="told as if it were not")
def no_cover_ends(is_over):
    return property(lambda self: False)


@mutant("S-14", seam="forecourt.vehicles.recalls.cover.left", finding="other miles are told than are left")
def miles_do_not_count(left):
    return lambda cover, line, miles, first_day, today: left(cover, line, min(miles, 1), first_day, today)


@mutant("S-14", seam="forecourt.vehicles.recalls.cover.after", finding="another last day is told")
def the_last_day_is_a_month_late(after):
    return lambda day, months: after(day, months + (months % 12 == 0))


@probe("S-14")
def what_was_typed_is_gone(visitor):
    """Asks what is covered for a VIN that nobody knows, and looks for it in every column of the database, in the log, in cookies and
    in the addresses on the page. The answer has to forbid every cache to keep it."""
    vin = unknown_vin(dice(visitor.world))
    with listening() as heard:
        page = posts(visitor, MAINTENANCE, vin=vin, miles="4100")
    if "What is still covered" not in page.text:
        yield "a VIN of ours is not answered"
    if vin in page.address or any(vin in address for address in addresses(page)):
        yield "the VIN stands in an address"
    if "no-store" not in page.headers.get("Cache-Control", "") or visitor.browser.offered_cookies:
        yield "an answer is kept in the browser"
    if any(vin in line for line in heard):
        yield "the VIN stands in a log"
    wanted = spellings(vin) | {vault.blind_index("vin", vin)}
    if any(columns_with({"vin": wanted}, visitor.world)):
        yield "the VIN stands in the database"


@mutant("S-14", seam="forecourt.vehicles.recalls.views.covered", finding="the VIN stands in the database")
def the_answer_is_kept(covered):
    def covered_and_kept(form):
        cache.set("last-cover", dict(form.cleaned_data))
        return covered(form)

    return covered_and_kept
