from django.apps import AppConfig


class People(AppConfig):
    name = "forecourt.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.people import erasing, memory, retention

        erasing.register()
        retention.add_rule("what forms remember", ("remember-for-next-time",), memory.forget_expired)
