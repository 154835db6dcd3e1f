"""The sentences about who may look: in whose hands a case is, and what was signed before."""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.urls import reverse

from forecourt.accounts import story
from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import accounts
from forecourt.console.models import Undertaking
from forecourt.people.models import Opening
from forecourt.proof.probes.staff import Desk, at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe

DAY = timedelta(days=1)

# P-3D-4


@probe("P-3D-4", secret=True)
def a_case_opens_for_the_hands_that_it_is_in(visitor):
    """Books a test drive. One made-up member of staff opens a case about the visitor and sees the details; a second one tries the same
    case and is refused, until it is handed over, and from then on the first one is. Who looked has to be written down with the case
    and the purpose, and has to stand among what the visitor's account would show. All of it is taken back."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    address = reverse("console:contact", args=[contact.pk])
    with at_the_desk(visitor.world) as first:
        second = Desk(visitor.world)
        first.signs_in()
        second.signs_in()
        opened = first.sees(address).form("/case/").send(first.browser, kind="question", came_by="phone")
        if visitor.email not in opened.text:
            raise CouldNotRun("the details did not open with a case")
        own = f"{address}?case={opened.address.rpartition('case=')[2]}"
        if visitor.email in second.sees(own).text:
            yield "somebody's details opened with a case in other hands"
            return
        case = first.sees(reverse("console:case", args=[opened.address.rpartition("case=")[2]]))
        case.form("/handover/").send(first.browser, to=second.user.username)
        if visitor.email not in second.sees(own).text:
            raise CouldNotRun("a case that was handed over did not open")
        if visitor.email in first.sees(own).text:
            yield "somebody's details opened for hands that had given the case away"
        looked = Opening.objects.filter(subject=contact.pk, purpose="staff-case-read").exclude(case="")
        handles = {first.user.username, second.user.username}
        if set(looked.values_list("who", flat=True)) != handles:
            yield "nobody wrote down who looked, in which case and why"
        elif not handles <= {one.who for one in story.looked([contact.pk])}:
            yield "the person would not see who looked"


@probe("P-3D-4", secret=True)
def whoever_works_outside_waits_to_be_handed_a_case(visitor):
    """As a made-up person who works for a contractor, looks for a made-up visitor's address, opens a case about them and asks for their
    details: all three have to be refused. Handed a case, the details open. Then looks whether anybody of ours opened something
    during the last day without a case."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    address = reverse("console:contact", args=[contact.pk])
    with at_the_desk(visitor.world) as desk:
        desk.user.groups.set(Group.objects.filter(name=accounts.OUTSIDERS))
        desk.signs_in()
        refused = desk.sees(address)
        if refused.status != 403 or visitor.email in refused.text or refused.has_form("/case/"):
            yield "somebody from outside could open a case by themselves"
        if desk.sees(reverse("console:work")).status != 403:
            yield "somebody from outside reached a screen of our own people"
        case = cases.open_case(
            Case.Kind.QUESTION, came_by=Case.Channel.WEB, contact=contact.pk, by=None, now=visitor.world.now
        )
        cases.hand_over(case, desk.user.username, by="check", now=visitor.world.now)
        if visitor.email not in desk.sees(f"{address}?case={case.reference}").text:
            raise CouldNotRun("a case that was handed over did not open")
    staff = User.objects.filter(is_staff=True).values("username")
    visitor.world.look()
    if Opening.objects.filter(who__in=staff, case="", at__gt=visitor.world.now - DAY).exists():
        yield "somebody of ours looked without a case"


@mutant("P-3D-4", seam="forecourt.cases.actions.is_open_for", finding="opened with a case in other hands")
def whose_case_it_is_does_not_matter(is_open_for):
    def any_hands(reference, contact, who):
        case = cases.find(reference)
        return case is not None and case.contact == contact and case.closed_at is None

    return any_hands


@mutant("P-3D-4", seam="forecourt.people.vault.open_fields", finding="nobody wrote down who looked")
def looks_carry_another_name(open_fields):
    return lambda subject_id, fields, **how: open_fields(subject_id, fields, **{**how, "who": "somebody", "case": ""})


@mutant("P-3D-4", seam="forecourt.accounts.story.looked", finding="the person would not see who looked")
def people_are_not_told(looked):
    return lambda subjects: []


@mutant("P-3D-4", seam="forecourt.console.gate.refuse_outsiders", finding="from outside reached a screen")
def outside_is_inside(refuse_outsiders):
    return lambda request, name: None


# P-3D-5


@probe("P-3D-5", secret=True)
def an_account_opens_once_it_is_signed_for(world):
    """Makes an account for a made-up member of staff and opens it without a signature, once through our software and once past it in the
    database: both have to refuse. Signs for it, and signs in. Then signs for another with a signature that ran out yesterday: its
    password has to open nothing. Looks through all accounts that are open now for one that nobody ever signed for. All of it is
    taken back."""
    with at_the_desk(world) as desk:
        unsigned = accounts.add(desk.password)
        try:
            with transaction.atomic():
                accounts.activate(unsigned, world.now)
            yield "an account opened that nobody had signed for"
        except accounts.NoUndertaking:
            world.look()
        except IntegrityError:
            yield "our software would have opened an account that nobody had signed for"
        try:
            with transaction.atomic():
                User.objects.filter(pk=unsigned.pk).update(is_active=True)
            yield "the database opened an account that nobody had signed for"
        except IntegrityError:
            world.look()
        desk.signs_in()
        past = Desk(world, signed=world.now - 2 * DAY, until=world.now - DAY)
        past.gives_the_password()
        if past.sees("/staff/account/second-factor/app/").is_fine:
            yield "an account let somebody in whose signature had run out"
    signed = Undertaking.objects.values("user")
    world.look()
    if User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=signed).exists():
        yield "an account is open that nobody had signed for"


@mutant("P-3D-5", seam="forecourt.console.accounts.has_undertaking", finding="would have opened an account")
def a_signature_can_follow(has_undertaking):
    return lambda user, now: True


@mutant("P-3D-5", seam="forecourt.console.undertakings.ends", finding="whose signature had run out")
def signatures_last_for_ever(ends):
    return lambda signed: signed.until + timedelta(days=3650)
