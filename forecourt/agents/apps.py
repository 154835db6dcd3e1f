from django.apps import AppConfig


class Agents(AppConfig):
    name = "forecourt.agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.agents import actions, reach
        from forecourt.people import retention
        from forecourt.requests import offer

        reach.register()
        retention.add_rule("records of what agents asked", (offer.USE,), actions.forget_old)
        retention.add_rule("permissions that people signed for others", (offer.USE,), actions.forget_permissions)
        retention.add_rule("messages of agents that came once", (offer.USE,), actions.forget_seen)
