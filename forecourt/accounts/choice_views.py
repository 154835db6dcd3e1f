"""The five switches for the account's own address: what is said here counts for it, and a no for every browser that signs in."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from forecourt.accounts import gate, offer
from forecourt.consent import switches
from forecourt.consent.choices import Choices
from forecourt.policy.policy import Switch
from forecourt.rights import asking, choice_views, choosing
from forecourt.rights.asking import Told
from forecourt.sharing import optouts
from forecourt.web.forms import takes

ACCOUNT = "account"
shown = choice_views.shown


class AccountChooser(choice_views.Chooser):
    """Its address was proven, so a yes to it is its owner's, as much as one behind a message's link."""

    @property
    def base(self) -> str:
        return "accounts/base.html"

    @property
    def whose(self) -> str:
        return str(self.contact)

    @property
    def contact(self) -> uuid.UUID:
        return gate.the_session(self.request).account.contact_id

    def state(self) -> Choices:
        here = self.request.choices
        return replace(switches.remembered(self.contact), sent=here.sent, age=here.age)

    def known(self) -> list[uuid.UUID]:
        return [self.contact]

    def refuse(self, wanted: Collection[Switch]) -> None:
        choosing.refuse([self.contact], wanted, ACCOUNT, self.request.now)
        optouts.settled([self.contact])

    def allow(self, wanted: Collection[Switch], response: HttpResponse) -> None:
        choosing.allow(self.contact, wanted, ACCOUNT, self.request.now)

    def home(self, told: Told | None = None) -> str:
        return f"{offer.HOME}?{urlencode({'told': told.seal()})}#choices" if told else f"{offer.HOME}#choices"

    def page(self, name: str, which: str, **query: str) -> str:
        path = reverse(f"accounts:{name}", args=[which])
        return f"{path}?{urlencode(query)}" if query else path


def of_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, which: str) -> HttpResponse:
        if not asking.named(which):
            raise Http404("There is no such switch.")
        return view(AccountChooser(request), which)

    return wrapped


@gate.signed_in
@require_POST
@of_account
def no(chooser: AccountChooser, which: str) -> HttpResponse:
    return choice_views.take_no(chooser, which)


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@takes("confirmed")
@of_account
def yes(chooser: AccountChooser, which: str) -> HttpResponse:
    return choice_views.take_yes(chooser, which)


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@takes("age")
@of_account
def age(chooser: AccountChooser, which: str) -> HttpResponse:
    return choice_views.take_age(chooser, which)
