from django.apps import AppConfig


class Minors(AppConfig):
    name = "forecourt.minors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.minors import consents, erasing
        from forecourt.people import retention

        erasing.register()
        retention.add_rule("parents who did not answer", ("ask-parent",), consents.forget_unanswered)
