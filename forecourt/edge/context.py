"""What every template may know."""

from django.http import HttpRequest

from forecourt.consent.choices import Choices


def choices(request: HttpRequest) -> dict[str, Choices]:
    """Pages of errors that happened before anything was read are shown as to somebody who chose nothing."""
    return {"choices": getattr(request, "choices", Choices())}
