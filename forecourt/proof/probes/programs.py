"""The sentences about programs: what somebody shows is looked at once and destroyed, and read for nothing else."""

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from forecourt.adapters import kept
from forecourt.cases import actions as cases
from forecourt.consent.models import RefusedReading
from forecourt.consent.reading import MayNotRead
from forecourt.people import subjects, vault
from forecourt.people.models import Opening
from forecourt.policy.problems import BrokenPack
from forecourt.programs import claims, finance, pack
from forecourt.programs.models import Claim, CreditRequest, Document
from forecourt.programs.pack import Kind, Program
from forecourt.proof.browser import Page
from forecourt.proof.probes.sharing import rehearsal
from forecourt.proof.probes.staff import Desk, at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.sharing import figures
from forecourt.sharing.models import Lead, Receipt
from forecourt.web.templatetags.web import money

CHECK = "check"
HEALTH = "user.health_and_medical"
ADDRESS = "1 Nowhere Lane\nDuluth, MN 55802"
AMOUNT = "18000.00"
UNSAID = """
kind = "protection"
order = 1
menu = "Extras"
title = "Extras"
lead = "Extras."
button = "Ask"
text = "Extras."
claim = { asks = "Which?", decide_days = 1, keep_days = 1 }
[[product]]
slug = "made-up"
name = "Made up"
basis = "once"
covers = ["Everything"]
"""


@dataclass
class Sent:
    """A claim as the visitor sent it; `mark` stands in its document."""

    claim: Claim
    program: Program
    mark: bytes
    own_page: str

    @property
    def document(self) -> Document | None:
        return Document.objects.filter(claim=self.claim).first()


@contextmanager
def sent(visitor, kind: Kind) -> Iterator[Sent]:
    """Sends a claim over the pages, and takes it back at the end, if it is not answered by then."""
    program = pack.of_kind(kind)
    if program is None:
        raise CouldNotRun(f"the brand has no {kind} program")
    page = visitor.sees(program.get_absolute_url())
    form = visitor.sees(page.link("/form/")).form(having="chosen")
    mark = secrets.token_hex(12).encode()
    values: dict[str, str | None] = {
        "chosen": form.options("chosen")[0],
        "name": "Robin Hedgerow",
        "contact": visitor.email,
    }
    if kind is Kind.MOBILITY:
        values |= {"amount": "640.00", "address": ADDRESS}
    shown = {"document": ("proof.pdf", b"%PDF-1.4\n% " + mark + b"\n%%EOF\n")}
    done = form.send(visitor.browser, files=shown, **values)
    visitor.world.look()
    claim = claims.claim_by(done.path.rstrip("/").rsplit("/", 1)[-1])
    if not done.is_fine or claim is None or claim.case.reference not in done.text:
        raise CouldNotRun(f"the claim was answered with {done.status}")
    try:
        yield Sent(claim, program, mark, done.address)
    finally:
        with suppress(Exception):
            visitor.sees(done.address).form("/withdrawal/").send(visitor.browser)


def is_destroyed(keys: list) -> bool:
    return all(subjects.is_erased(key) for key in keys)


def keys_of(one: Sent) -> list:
    document = one.document
    if document is None or one.claim.submission_id is None:
        raise CouldNotRun("the claim came without its document")
    return [document.pk, one.claim.submission_id]


def answered_at_the_desk(one: Sent, desk: Desk) -> Iterator[str]:
    """A member of staff looks, says yes, and everything that was shown has to be gone; only the answer and its end stay."""
    address = f"/staff/claims/{one.claim.case.reference}/"
    keys, untaken = keys_of(one), desk.sees(address)
    if untaken.is_fine or desk.sees(f"{address}document/").is_fine:
        yield "a claim opened for somebody who had not taken it"
    untaken.form("/taking/").send(desk.browser)
    screen = desk.sees(address).must_be_fine()
    if one.mark not in desk.sees(f"{address}document/").must_be_fine().body:
        raise CouldNotRun("the document did not open at the desk")
    if not Opening.objects.filter(subject=keys[0], who=desk.user.username, case=one.claim.case.reference).exists():
        yield "nobody wrote down who looked at a document"
    screen.form("/answer/").send(desk.browser, answer="yes")
    one.claim.refresh_from_db()
    if one.claim.answer != Claim.Answer.YES or one.claim.holds_until is None:
        yield "a yes and its last day did not stay"
    if not is_destroyed(keys) or one.document is not None:
        yield "a document outlived its answer"
    if desk.sees(f"{address}document/").is_fine:
        yield "a document can still be seen after the answer"


@probe("S-21")
def a_document_is_looked_at_once(visitor):
    """Sends a made-up claim for the military price with a made-up document. A made-up member of staff looks at it, which has to be
    written down, and says yes: the keys of document and form have to be gone in that moment, and the yes with its last day has to
    stay. Then sends one that nobody answers, lets its day come, and looks whether it is gone as well."""
    with sent(visitor, Kind.MILITARY) as one, at_the_desk(visitor.world) as desk:
        desk.signs_in()
        yield from answered_at_the_desk(one, desk)
    with sent(visitor, Kind.MILITARY) as late:
        keys = keys_of(late)
        if late.claim.discard_at != late.claim.made_at + late.program.terms.decide:
            yield "a document may be kept for longer than the page says"
        Claim.objects.filter(pk=late.claim.pk).update(discard_at=visitor.world.now - timedelta(minutes=1))
        claims.discard_overdue(visitor.world.now)
        if not is_destroyed(keys):
            yield "a document was kept past its day"
    overdue = Claim.objects.filter(answer="", discard_at__lt=visitor.world.now - timedelta(hours=3))
    visitor.world.look()
    if overdue.exists():
        yield "a document was kept past its day"


@probe("S-24")
def a_diplomats_document_is_handled_apart(visitor):
    """Sends a made-up claim for diplomatic terms. Reading it as a military claim has to be refused; answered at the desk, document
    and form have to be gone, and the answer has to end on a day of its own."""
    with sent(visitor, Kind.DIPLOMATIC) as one:
        fields = [claims.NAME, claims.CHOSEN[Kind.DIPLOMATIC]]
        with rehearsal():
            cases.take(one.claim.case, CHECK, visitor.world.now)
            if was_read(one, "military-claim-read", fields, visitor):
                yield "a diplomatic claim was read as a military one"
        with at_the_desk(visitor.world) as desk:
            desk.signs_in()
            yield from answered_at_the_desk(one, desk)
            ends = one.claim.holds_until and one.claim.answered_at and one.claim.holds_until - one.claim.answered_at
            if (
                ends != one.program.terms.keep
                or ends == getattr(pack.of_kind(Kind.MILITARY), "terms", one.program.terms).keep
            ):
                yield "a diplomatic answer is not kept for a time of its own"


@probe("S-22")
def adaptive_equipment_is_read_for_the_claim_alone(visitor):
    """Sends a made-up claim for adaptive equipment, and tries to read it under every other use that this page names: each has to be
    refused, and each refusal has to be kept. All notes of it are taken back afterwards."""
    with sent(visitor, Kind.MOBILITY) as one, rehearsal():
        cases.take(one.claim.case, CHECK, visitor.world.now)
        if not was_read(one, claims.READS[Kind.MOBILITY], [HEALTH], visitor):
            raise CouldNotRun("the claim could not be read at all")
        for use in visitor.world.policy.uses:
            if use == claims.READS[Kind.MOBILITY]:
                continue
            before = RefusedReading.objects.filter(contact=one.claim.contact_id).count()
            if was_read(one, use, [HEALTH], visitor):
                yield "adaptive equipment was read for another purpose"
            elif RefusedReading.objects.filter(contact=one.claim.contact_id).count() != before + 1:
                yield "nobody kept a note of a refused reading"


def was_read(one: Sent, use: str, fields: list[str], visitor) -> bool:
    visitor.world.look()
    try:
        return bool(claims.read(one.claim, use, fields, visitor.world.now, who=CHECK))
    except (MayNotRead, vault.NotForThis):
        return False


@probe("S-23")
def extras_say_first_what_they_leave_out(world):
    """Opens the page of the optional products and the form that asks about them: each has to be called optional, with its price and
    everything that it does not cover before any field. Offers a made-up product without a price, and without what it leaves out,
    to the software that reads them: both have to be refused."""
    program = pack.of_kind(Kind.PROTECTION)
    if program is None:
        raise CouldNotRun("the brand has no such products")
    page = world.get(program.get_absolute_url()).must_be_fine()
    if page.has_form(having="contact"):
        yield "the page of the products asks before it tells"
    form = world.get(page.link("/form/")).must_be_fine()
    for shown in (page.body.decode(), form.body.decode().partition('name="contact"')[0]):
        said = shown.replace("’", "'").replace("&#x27;", "'").replace("&amp;", "&")
        if said.count(">Optional<") < len(program.products):
            yield "a product is not called optional"
        for product in program.products:
            world.look()
            if money(product.price) not in said:
                yield "a product's price is not shown before the form"
            if not all(line.replace("’", "'") in said for line in product.excludes):
                yield "what a product does not cover is not shown before the form"
    for more in ("", 'price = "100"', 'excludes = ["Nothing at all"]'):
        world.look()
        if is_taken(UNSAID + more):
            yield "a product without its price or its exceptions was taken"


def is_taken(source: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "made-up.toml").write_text(source, "utf-8")
        try:
            pack.read(Path(folder))
        except BrokenPack:
            return False
        return True


@mutant("S-21", seam="forecourt.programs.claims.destroy", finding="a document outlived its answer")
def documents_are_kept_in_case(destroy):
    return lambda subject_ids: None


@mutant("S-21", seam="forecourt.programs.claims.discard_overdue", finding="was kept past its day")
def nobody_looks_at_the_day(discard_overdue):
    return lambda now: 0


@mutant("S-21", seam="forecourt.people.vault.log_opening", finding="nobody wrote down who looked at a document")
def looks_leave_no_trace(log_opening):
    return lambda *args, **kwargs: None


@mutant("S-24", seam="forecourt.programs.claims.read", finding="a diplomatic claim was read as a military one")
def any_desk_reads_any_claim(read):
    return lambda claim, use, *args, **kwargs: read(claim, claims.READS[Kind(claim.program)], *args, **kwargs)


@mutant("S-24", seam="forecourt.people.subjects.erase", finding="a document outlived its answer")
def only_the_row_goes(erase):
    from forecourt.people.models import Subject

    return lambda subject_id: Subject.objects.filter(pk=subject_id).delete()


@mutant("S-22", seam="forecourt.programs.claims.read", finding="adaptive equipment was read for another purpose")
def whoever_asks_may_read(read):
    return lambda claim, use, *args, **kwargs: read(claim, claims.READS[Kind(claim.program)], *args, **kwargs)


@mutant("S-22", seam="forecourt.consent.reading.note", finding="nobody kept a note of a refused reading")
def refusals_are_not_noted(note):
    return lambda *args, **kwargs: None


@mutant("S-23", seam="forecourt.programs.views.render", finding="what a product does not cover is not shown")
def only_the_merits_are_shown(render):
    def render_merits(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        start, mark, rest = response.content.partition(b'<ul class="product-excludes">')
        response.content = start + rest.partition(b"</ul>")[2] if mark else response.content
        return response

    return render_merits


@mutant(
    "S-23",
    seam="forecourt.programs.pack.ProgramReader.dollars",
    finding="without its price or its exceptions was taken",
)
def a_price_can_come_later(dollars):
    from decimal import Decimal

    return lambda self, *args, **kwargs: Decimal(1)


# S-20


@dataclass
class Asked:
    request: CreditRequest
    page: Page
    form: Page


@contextmanager
def asks_for_credit(visitor) -> Iterator[Asked]:
    """Sends a request for credit over the pages, and takes it back at the end."""
    program = pack.of_kind(Kind.FINANCE)
    if program is None:
        raise CouldNotRun("the brand has no lender")
    page = visitor.sees(program.get_absolute_url())
    before = visitor.sees(page.link("/form/"))
    form = before.form(having="months")
    done = form.send(
        visitor.browser,
        car=form.options("car")[0],
        amount=AMOUNT,
        months=form.options("months")[0],
        name="Robin Hedgerow",
        contact=visitor.email,
    )
    visitor.world.look()
    request = finance.request_by(done.path.rstrip("/").rsplit("/", 1)[-1])
    if not done.is_fine or request is None or request.reference not in done.text:
        raise CouldNotRun(f"the request was answered with {done.status}")
    try:
        yield Asked(request, page, before)
    finally:
        with suppress(Exception):
            visitor.sees(done.address).form("/withdrawal/").send(visitor.browser)
            visitor.lets_messages_leave()


@probe("S-20")
def credit_figures_are_kept_apart(visitor):
    """Sends a made-up request for credit, after looking whether the notice of its own stands before the first field, and whether any
    field asks for a Social Security number. Tries to read the figures under every use that this page names: each has to be refused,
    and each refusal kept. Then lets it leave: the lender alone may get it, once, with a receipt, and the figures have to be
    destroyed."""
    with asks_for_credit(visitor) as asked:
        program, lead = pack.of_kind(Kind.FINANCE), asked.request.lead
        said = asked.form.body.decode().partition('name="amount"')[0].replace("’", "'").replace("&#x27;", "'")
        if not program or not all(words.replace("’", "'") in said for _, words in program.notice):
            yield "the notice about financial data does not stand before the form"
        if re.search(r"name=.[^>]*(ssn|social)", asked.form.body.decode(), re.IGNORECASE):
            yield "the form asks for a Social Security number"
        held = figures.of(lead)
        if held is not None:
            yield from refused_to_everybody(lead, visitor)
        elif lead.state not in figures.OVER:
            raise CouldNotRun("the request came without its figures")
        visitor.lets_messages_leave()
        lead.refresh_from_db()
        if lead.state != Lead.State.LEFT:
            raise CouldNotRun(f"the request is {lead.state}")
        figures.destroy_settled()
        if figures.of(lead) is not None or (held is not None and not subjects.is_erased(held.pk)):
            yield "the figures outlived their way to the lender"
        took = {item.recipient for item in kept.kept_about(str(lead.pk))}
        theirs = visitor.world.policy.recipients[lead.recipient_id].endpoint
        if took - {theirs} or not Receipt.objects.filter(lead=lead, recipient=lead.recipient_id).exists():
            yield "a request went elsewhere than to the lender, or left no receipt"


def refused_to_everybody(lead: Lead, visitor) -> Iterator[str]:
    with rehearsal():
        for use in visitor.world.policy.uses:
            visitor.world.look()
            before = RefusedReading.objects.filter(contact=lead.contact_id).count()
            try:
                figures.read(lead, use, visitor.world.now, who=CHECK)
            except (MayNotRead, vault.NotForThis):
                if RefusedReading.objects.filter(contact=lead.contact_id).count() != before + 1:
                    yield "nobody kept a note of a refused reading"
            else:
                yield "figures were read for another purpose"


@mutant("S-20", seam="forecourt.sharing.figures.read", finding="figures were read for another purpose")
def marketing_reads_figures(read):
    return lambda lead, use, now, *, who: figures.open_at_the_door(lead, now)


@mutant(
    "S-20", seam="forecourt.sharing.figures.destroy_settled", finding="the figures outlived their way to the lender"
)
def figures_are_kept_in_case(destroy_settled):
    return lambda: 0


@mutant("S-20", seam="forecourt.programs.finance.notice", finding="does not stand before the form")
def the_notice_is_left_out(notice):
    return lambda program, now: ()
