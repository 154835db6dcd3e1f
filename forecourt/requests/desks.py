"""The desk at which somebody who has shown who they are says what they want: with an account, or with a code that came back."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from forecourt.accounts import throttle
from forecourt.accounts.views import wait_words
from forecourt.people import contacts
from forecourt.people.addresses import Address
from forecourt.people.models import Contact
from forecourt.requests import actions, corrections, deleting, know, moves, passes, paths
from forecourt.requests.archive import pack
from forecourt.requests.forms import CorrectForm
from forecourt.requests.models import Request
from forecourt.web.forms import takes

PURPOSE = "answer-request"
SAME = "Nothing in it is different from what we have. Change what is wrong, and press the button again."
GONE = (
    "That file is gone: it was taken more than an hour ago, or two weeks have passed. Ask again, and it is made anew."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """`received` is when it was first asked, `base` the frame of the page, `home` the way back."""

    request: HttpRequest
    contact: uuid.UUID
    received: datetime
    base: str
    home: str

    @property
    def now(self) -> datetime:
        return self.request.now

    def masked(self) -> str:
        held = Contact.objects.filter(pk=self.contact, erased_at=None).first()
        return contacts.masked(held, purpose=PURPOSE, who="visitor", now=self.now) if held else ""

    def show(self, template: str, context: dict, *, status: int = 200) -> HttpResponse:
        frame = {"base": self.base, "home": self.home, "masked": self.masked()}
        return render(self.request, f"requests/{template}", frame | context, status=status)


def to_know(desk: Desk) -> HttpResponse:
    if there := actions.under_way(Request.Kind.KNOW, desk.contact, desk.now):
        return to_take(desk, there)
    if desk.request.method != "POST":
        return desk.show("know.html", {})
    return see(know.ask(desk.contact, desk.received, desk.now))


def to_delete(desk: Desk) -> HttpResponse:
    """Asked once more, since nobody can bring it back."""
    if desk.request.method != "POST" or desk.request.POST.get("sure") != "yes":
        return desk.show("delete.html", {"goes": deleting.what_goes(desk.contact)})
    return see(deleting.ask(desk.contact, desk.received, desk.now))


def to_correct(desk: Desk) -> HttpResponse:
    """What we have stands in the form; what is changed in it changes with us."""
    contact = Contact.objects.get(pk=desk.contact)
    address = contacts.address_of(contact, purpose=PURPOSE, who="visitor", now=desk.now)
    held = corrections.held(desk.contact, desk.now)
    fields = {name: held[field] for name, field in CORRECTED.items() if field in held}
    form = CorrectForm(
        desk.request.POST or None,
        kind=contact.kind,
        held=fields,
        initial=fields | {"contact": address.text},
        auto_id="%s",
    )
    if desk.request.method != "POST" or not form.is_valid():
        return desk.show("correct.html", {"form": form}, status=422 if form.is_bound else 200)
    said = {CORRECTED[name]: text for name, text in form.cleaned_data.items() if name in CORRECTED}
    new: Address = form.cleaned_data["contact"]
    if new.comparable == address.comparable and all(held[field] == text for field, text in said.items()):
        return desk.show("correct.html", {"form": form, "problem": SAME}, status=422)
    return corrected(desk, said, new if new.comparable != address.comparable else None)


def corrected(desk: Desk, said: dict[str, str], new: Address | None) -> HttpResponse:
    asked = corrections.ask(desk.contact, said, desk.received, desk.now, waits=new is not None)
    if new is None:
        return see(asked)
    try:
        token = passes.ask_new_address(asked, new, throttle.network(desk.request), desk.now)
    except throttle.TooMany as full:
        return desk.show("over.html", {"problem": wait_words(full, desk.request)}, status=429)
    return HttpResponseRedirect(reverse("requests:code", args=[token]), status=303)


def to_move(desk: Desk, asked: Request | None) -> HttpResponse:
    """The code came back from the new address, whose desk this is."""
    if asked is None or not asked.is_open:
        return desk.show("no_such.html", {}, status=404)
    new = Contact.objects.filter(pk=desk.contact, erased_at=None).first()
    if new is not None:
        try:
            moves.ask(asked, new, desk.now)
        except moves.HasHistory:
            return desk.show("has_history.html", {"page": paths.path_of(asked)}, status=409)
    return see(asked)


def to_take(desk: Desk, asked: Request | None) -> HttpResponse:
    """The file of one request, by a press: a link that is only looked at destroys nothing."""
    if asked is None or asked.contact != desk.contact:
        return desk.show("no_such.html", {}, status=404)
    archive = getattr(asked, "archive", None)
    context = {"asked": asked, "archive": archive, "page": paths.path_of(asked)}
    if desk.request.method != "POST":
        return desk.show("take.html", context)
    content = pack.take(asked, desk.now)
    if content is None:
        return desk.show("take.html", context | {"archive": None, "problem": GONE}, status=410)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="your-data-{asked.case.reference}.zip"'
    return response


CORRECTED = {"name": corrections.NAME, "postal_code": corrections.POSTAL}
Serves = Callable[[Desk], HttpResponse]
# What serves each kind, and the fields that its page sends.
SERVES: dict[str, tuple[Serves, tuple[str, ...]]] = {
    Request.Kind.KNOW: (to_know, ()),
    Request.Kind.CORRECT: (to_correct, (*CORRECTED, "contact")),
    Request.Kind.DELETE: (to_delete, ("sure",)),
}


def serve(kind: str, desk: Desk) -> HttpResponse:
    serves, fields = SERVES[kind]
    return takes(*fields)(lambda _: serves(desk))(desk.request)


def see(asked: Request) -> HttpResponse:
    return HttpResponseRedirect(paths.path_of(asked), status=303)
