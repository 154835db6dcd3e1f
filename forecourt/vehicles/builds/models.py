"""Cars that somebody saved. A shelf is one browser's, found by its cookie, or one person's, once an account took it over."""

import uuid

from django.db import models
from django.db.models import Q

from forecourt.people.models import Subject

MOST = 12


class Shelf(models.Model):
    """Its subject's key seals the names and links of the builds on it. One of an account has no cookie and no last day."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE)
    index = models.BinaryField(max_length=32, unique=True, null=True, help_text="A keyed digest of the cookie.")
    person = models.UUIDField(null=True, db_index=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shelf_is_a_browsers_or_a_persons",
                condition=Q(index__isnull=False, expires_at__isnull=False, person__isnull=True)
                | Q(index__isnull=True, expires_at__isnull=True, person__isnull=False),
            )
        ]


class SavedBuild(models.Model):
    """`parts` is the whole car in the words of the day on which it was saved, so that it can be read when the rules have changed:
    [slug, name, price], the price "" for what came with something else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="builds")
    place = models.PositiveSmallIntegerField(help_text="On the shelf, from 1 to its end: how many fit is a constraint.")
    line = models.CharField(max_length=64, help_text="The model line's slug in the brand pack.")
    title = models.CharField(max_length=200, help_text="What the car was called when it was saved.")
    wishes = models.TextField(help_text="As an address has them.")
    parts = models.JSONField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    car_digest = models.BinaryField(max_length=32, help_text="The same car twice is one build.")
    name = models.BinaryField(null=True, help_text="The owner's own word for it, sealed.")
    link_digest = models.BinaryField(max_length=32, null=True, unique=True)
    link = models.BinaryField(null=True, help_text="The token of the link that shows it to others, sealed.")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shelf", "place"], name="one_build_a_place"),
            models.UniqueConstraint(fields=["shelf", "car_digest"], name="one_build_a_car"),
            models.CheckConstraint(name="shelf_has_an_end", condition=Q(place__range=(1, MOST))),
            models.CheckConstraint(
                name="link_is_whole",
                condition=Q(link__isnull=True, link_digest__isnull=True)
                | Q(link__isnull=False, link_digest__isnull=False),
            ),
        ]
