"""Django's mail setting points here, so that no library can send past the hand-off."""

from django.core.mail.backends.base import BaseEmailBackend


class UndeclaredMail(RuntimeError):
    """A library wanted to send an email that no use of the policy covers."""


class HandoffBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise UndeclaredMail(
            "A library tried to send an email. Messages leave through messaging.outbox.queue with a use of the policy: "
            "add the use to uses.toml and queue it there."
        )
