"""What a child is told, and the page for whoever looks after one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.web.private import private


@private
def refused(request: HttpRequest) -> HttpResponse:
    """In place of every page that asks for something, for a browser that was told an age below 13."""
    return render(request, "minors/refused.html", status=403)


@require_safe
def parents(request: HttpRequest) -> HttpResponse:
    return render(request, "minors/parents.html")
