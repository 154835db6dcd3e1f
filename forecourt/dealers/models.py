"""The network: dealers as the brand pack names them. A dealer that leaves the pack becomes inactive; bookings keep pointing at it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from forecourt.dealers.hours import Span, Timetable


class Dealer(models.Model):
    """A business of its own that sells our cars. Its slug is its address on the site and its code as a recipient."""

    slug = models.SlugField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=5)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone = models.CharField(max_length=64)
    phone = models.CharField(max_length=16)
    services = ArrayField(models.CharField(max_length=16))
    capacity = models.PositiveSmallIntegerField(help_text="Test drives that can be out at the same time.")
    by_appointment = models.BooleanField(default=False)
    policy_url = models.URLField()
    lead_endpoint = models.URLField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dealer_has_a_car", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="dealer_stands_somewhere",
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)) & ~Q(latitude=0, longitude=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dealers:dealer", args=[self.slug])

    @property
    def timetable(self) -> Timetable:
        weekdays: dict[int, tuple[Span, ...]] = {}
        for row in sorted(self.hours.all(), key=lambda row: (row.weekday, row.opens)):
            weekdays[row.weekday] = (*weekdays.get(row.weekday, ()), Span(row.opens, row.closes))
        return Timetable(
            zone=self.zone,
            weekdays=weekdays,
            closed={row.day: row.why for row in self.closed_days.all()},
            by_appointment=self.by_appointment,
        )


class OpeningHours(models.Model):
    """One stretch of one weekday, in the dealer's own zone. Monday is 0, as Python has it."""

    dealer = models.ForeignKey(Dealer, on_delete=models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hours_of_a_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(name="opens_before_it_closes", condition=Q(opens__lt=F("closes"))),
            models.UniqueConstraint(fields=["dealer", "weekday", "opens"], name="one_opening_at_a_time"),
        ]


class ClosedDay(models.Model):
    """A day on which the dealer does not open, whatever its hours say."""

    dealer = models.ForeignKey(Dealer, on_delete=models.CASCADE, related_name="closed_days")
    day = models.DateField()
    why = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "day"], name="one_closing_a_day")]


class Loading(models.Model):
    """The pack's network was loaded. The newest row tells every process whether what it keeps in memory still holds."""

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, help_text="Of the files that it was loaded from.")
    dealers = models.IntegerField()
    at = models.DateTimeField()
