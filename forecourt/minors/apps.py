from collections.abc import Iterator
from datetime import datetime

from django.apps import AppConfig

from forecourt.web import sitemap


class Minors(AppConfig):
    name = "forecourt.minors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.minors import consents, erasing
        from forecourt.people import retention

        erasing.register()
        sitemap.add_source(addresses)
        retention.add_rule("parents who did not answer", ("ask-parent",), consents.forget_unanswered)


def addresses(now: datetime) -> Iterator[str]:
    from django.urls import reverse

    from forecourt.minors import notices

    if notices.may_report(now):
        yield reverse("minors:report")
