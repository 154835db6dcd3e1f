"""How far the audit has come."""

from django.db import models


class Audited(models.Model):
    """One audit of what was new: permits of transactions below `tx` have been judged again."""

    tx = models.BigIntegerField()
    at = models.DateTimeField()
    permits = models.IntegerField()
    findings = models.IntegerField()
