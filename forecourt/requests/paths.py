"""The address at which a request can be followed. Whoever has it sees when and how it is answered, and nothing about the person."""

import uuid

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from forecourt.cases.models import Case
from forecourt.requests.models import Request


def path_of(request: Request) -> str:
    """Where it can be followed, by whoever has the address of the page. It tells nothing about the person."""
    return reverse("requests:case", args=[_signer("case").sign(str(request.pk))])


def by_token(token: str) -> Request | None:
    case_id = _read("case", token)
    return Request.objects.select_related("case").filter(pk=case_id).first() if case_id else None


def path_of_leaving(case: Case) -> str:
    return reverse("requests:left", args=[_signer("left").sign(str(case.pk))])


def left_by_token(token: str) -> Case | None:
    case_id = _read("left", token)
    return Case.objects.filter(pk=case_id, kind=Case.Kind.NOT_INTERESTED).first() if case_id else None


def _read(what: str, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(_signer(what).unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer(what: str) -> Signer:
    return Signer(salt=f"forecourt.requests.{what}", sep=".")
