"""In which browsers an account of staff is signed in, for its owner's eyes: each can be ended there, and all but this one."""

import uuid
from datetime import timedelta
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from forecourt.console.models import Visit
from forecourt.traffic import notes
from forecourt.web.forms import takes

# So that reading ten pages writes one row.
NOTED = timedelta(minutes=1)


def note(request: HttpRequest) -> None:
    """This browser is signed in and was here now."""
    now, key, user = request.now, request.session.session_key, cast(User, request.user)
    seen = Visit.objects.filter(session_id=key, user=user)
    visit = seen.first()
    if visit is None and Session.objects.filter(pk=key).exists():
        browser = notes.family(request.headers.get("User-Agent", ""))
        Visit.objects.update_or_create(
            session_id=key, defaults={"user": user, "browser": browser, "began_at": now, "seen_at": now}
        )
    elif visit is not None and now - visit.seen_at > NOTED:
        seen.update(seen_at=now)


def of(user: User) -> list[Visit]:
    """Those that still last, the latest first. The framework ends its sessions by the machine's clock, so that one counts."""
    return list(Visit.objects.filter(user=user, session__expire_date__gt=timezone.now()).order_by("-seen_at", "pk"))


def end_all(user: User | None = None, *, but: str = "") -> int:
    """Of one account, or of everybody's. The session goes with its row, so it is over on every server at once."""
    found = Visit.objects.filter(user=user) if user else Visit.objects.all()
    keys = list(found.exclude(session_id=but).values_list("session_id", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    if user is None:
        Session.objects.exclude(pk=but).delete()  # also those that came no further than the password
    return len(keys)


def forget_expired() -> int:
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[1].get("sessions.Session", 0)


@require_safe
def browsers(request: HttpRequest) -> HttpResponse:
    mine = of(cast(User, request.user))
    here = next((visit for visit in mine if visit.session_id == request.session.session_key), None)
    return render(request, "console/browsers.html", {"visits": mine, "here": here})


@reauthentication_required  # whoever ends a session has shown within minutes who they are
@require_POST
@takes("csrfmiddlewaretoken")
def end(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found = Visit.objects.filter(pk=visit_id, user=cast(User, request.user)).values("session_id")
    Session.objects.filter(pk__in=found).delete()
    return HttpResponseRedirect(reverse("console:browsers"))


@reauthentication_required
@require_POST
@takes("csrfmiddlewaretoken")
def end_others(request: HttpRequest) -> HttpResponse:
    end_all(cast(User, request.user), but=request.session.session_key or "")
    return HttpResponseRedirect(reverse("console:browsers"))
