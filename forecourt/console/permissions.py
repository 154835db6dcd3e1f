"""Somebody writes in a person's name and encloses what the person signed: whoever has the case reads it and notes its day."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from forecourt.agents import actions as agents
from forecourt.cases import actions as cases
from forecourt.console import views
from forecourt.console.forms import Permission
from forecourt.console.views import StaffRequest

NOT_YOURS = "Only whoever has this case notes a permission."


@require_POST
def record(request: StaffRequest, reference: str) -> HttpResponse:
    case, me = views.case_called(reference), request.user.get_username()
    if cases.holder(case) != me:
        return views.show_case(request, case, problem=NOT_YOURS, status=403)
    if case.closed_at:
        return views.show_case(request, case, problem="This case is closed.", status=409)
    form = Permission(request.POST, now=request.now)
    if not form.is_valid():
        return views.show_case(request, case, signed=form, status=422)
    agents.permit(case, form.cleaned_data["signed_on"], by=me, now=request.now)
    return redirect("console:case", case.reference)
