"""How far the audit has come, and which cookies had to be dropped."""

from django.db import models


class Audited(models.Model):
    """One audit of what was new: permits of transactions below `tx` have been judged again."""

    tx = models.BigIntegerField()
    at = models.DateTimeField()
    permits = models.IntegerField()
    findings = models.IntegerField()


class SurplusCookie(models.Model):
    """On that day code of ours tried to set a cookie that the policy does not declare so. Added, never changed."""

    day = models.DateField()
    name = models.CharField(max_length=64)
    says = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="one_alarm_a_day_and_cookie")]
