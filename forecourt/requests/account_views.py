"""Requests of somebody who is signed in, and has shown a moment ago that it is still them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from forecourt.accounts import gate
from forecourt.requests import actions, desks, paths
from forecourt.requests.desks import Desk
from forecourt.requests.models import Request
from forecourt.requests.views import where_offered
from forecourt.web.forms import takes

BASE = "accounts/base.html"


@where_offered
@gate.signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    asked = actions.of_contact(gate.the_session(request).account.contact_id)
    return render(request, "requests/mine.html", {"asked": [(one, paths.path_of(one)) for one in asked]})


@where_offered
@gate.confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def my_desk(request: HttpRequest, kind: str) -> HttpResponse:
    return desks.serve(kind, desk_of(request))


@where_offered
@gate.confirmed
@require_http_methods(["GET", "HEAD", "POST"])
@takes()
def my_file(request: HttpRequest, number: str) -> HttpResponse:
    return desks.to_take(
        desk_of(request), Request.objects.select_related("case").filter(case__reference=number).first()
    )


def desk_of(request: HttpRequest) -> Desk:
    return Desk(request, gate.the_session(request).account.contact_id, request.now, BASE, "/account/requests/")
