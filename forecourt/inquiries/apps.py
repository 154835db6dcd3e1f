from django.apps import AppConfig

from forecourt.web import sitemap


class Inquiries(AppConfig):
    name = "forecourt.inquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.inquiries import actions, erasing, notices
        from forecourt.people import retention

        erasing.register()
        sitemap.add_source(notices.public_addresses)
        retention.add_rule("words of messages to us", ("answer-inquiry", "staff-case-keep"), actions.forget_words)
        retention.add_rule("messages to us", ("answer-inquiry", "staff-case-keep"), actions.forget_past)
