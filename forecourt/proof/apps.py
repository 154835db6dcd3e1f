from collections.abc import Iterator
from datetime import datetime

from django.apps import AppConfig

from forecourt.web import sitemap


class Proof(AppConfig):
    name = "forecourt.proof"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sitemap.add_source(addresses)


def addresses(now: datetime) -> Iterator[str]:
    """Of each version of the policy and of California's notice, of what changed between them, and of each check and safeguard."""
    from django.urls import reverse

    from forecourt.consent import policies
    from forecourt.proof import safeguards

    yield reverse("proof:compare")
    if safeguards.register():
        yield reverse("proof:safeguards")
    for found in policies.book().versions:
        yield reverse("proof:version", args=[found.version])
        yield reverse("proof:california_version", args=[found.version])
    yield from (reverse("proof:check", args=[promise]) for promise in policies.in_force(now).sentences)
