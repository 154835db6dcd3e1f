"""What the fakes keep instead of sending it. Only the demo and the tests have rows here."""

from django.db import models


class Kept(models.Model):
    """One thing that a fake took, sealed. `person` is a keyed digest of whoever it went to or came from."""

    class Medium(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        LEAD = "lead"
        PARTNER = "partner"

    class Way(models.TextChoices):
        OUT = "out", "from us"
        IN = "in", "to us"

    row = models.UUIDField(unique=True)
    medium = models.CharField(max_length=8, choices=Medium)
    way = models.CharField(max_length=3, choices=Way)
    person = models.BinaryField(max_length=32, db_index=True)
    reference = models.CharField(max_length=200, blank=True, db_index=True)
    sealed = models.BinaryField()
    at = models.DateTimeField()
