"""Beacons: one tiny picture of ours in a page, another in an email, each only where it was allowed, and counted only if it
still is."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from forecourt.consent import policies
from forecourt.consent.judge import judge
from forecourt.messaging import beacons as in_emails
from forecourt.policy.policy import Switch
from forecourt.traffic import notes
from forecourt.traffic.places import KINDS, place_of

PAGE = "page-beacon"
# 1 by 1, transparent.
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def address_for(request: HttpRequest) -> str:
    """What this page's beacon is called by, empty where the page may have none."""
    place = place_of(request)
    if place is None or not may_count(request):
        return ""
    told = {"page": place.kind}
    before = notes.host_of(request.headers.get("Referer", ""))
    if before and before != request.get_host().partition(":")[0]:
        told["from"] = before
    return f"{reverse('traffic:page')}?{urlencode(told)}"


def may_count(request: HttpRequest) -> bool:
    return judge(policies.in_force(request.now), PAGE, request.choices, request.now).allowed


def count_page(request: HttpRequest, now: datetime) -> bool:
    """Note one view; without the yes, before anything of the request was read."""
    if not may_count(request):
        return False
    kind = request.GET.get("page", "")
    if kind not in KINDS:
        return False
    notes.note(request, kind, request.GET.get("from", ""), now)
    return True


def count_email(token: str, request: HttpRequest, now: datetime) -> bool:
    """Note that one kind of email was opened, not whose, nor which. A no of the browser that shows it counts as well."""
    message = in_emails.find(token)
    refused = Switch.ANALYTICS in request.choices.said_no
    if message is None or refused or not in_emails.may_count(message, now).allowed:
        return False
    notes.note(request, message.use, notes.host_of(request.headers.get("Referer", "")), now)
    return True
