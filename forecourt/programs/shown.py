"""Answers that several of the programs' pages give."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from forecourt.programs.pack import Program
from forecourt.web.private import private

SPENT = "You sent another form with this page before. Press the button again to send this one as well."


@private
def too_young(request: HttpRequest, program: Program) -> HttpResponse:
    return render(request, "programs/too_young.html", {"program": program}, status=403)


def unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "programs/unknown.html", status=404)


def see(path: str) -> HttpResponse:
    response = HttpResponseRedirect(path)
    response.status_code = 303
    return response
