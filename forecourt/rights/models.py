"""Fresh codes: what shows that whoever holds a message's link also reads that mailbox or phone now."""

import uuid

from django.db import models

from forecourt.people.models import Contact


class Code(models.Model):
    """Six digits, sent to the contact, good for a few minutes and a few tries. Kept as a keyed digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE)
    digest = models.BinaryField(max_length=32)
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "sent_at"])]

    @property
    def interaction(self) -> str:
        """Asking for a code is an interaction of its own, so that its message rests on that and on nothing else."""
        return f"interaction:{self.pk}"
