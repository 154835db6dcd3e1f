from django.apps import AppConfig


class Rights(AppConfig):
    name = "forecourt.rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.rights import forgetting
        from forecourt.rights.erasure import parts

        parts.register()
        forgetting.register()
