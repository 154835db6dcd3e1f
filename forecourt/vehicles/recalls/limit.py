"""Slows down a machine that asks for thousands of VINs; see traffic.pace."""

from django.http import HttpRequest

from forecourt.traffic.pace import Pace

MOST = 300
USE = "slow-down-lookups"
lookups = Pace(MOST)


def may_look_up(request: HttpRequest) -> bool:
    return lookups.admits(request)
