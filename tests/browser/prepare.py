"""What one browser test's database holds: the demo brand, and people who answer the phone."""

import json
from datetime import datetime, timedelta

import django

PASSWORD = "seven small wrens sing"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def until_noon(now: datetime) -> timedelta:
    """Until it is next noon in New York's winter, and a working hour in every zone that these tests text to."""
    noon = now.replace(hour=17, minute=0, second=0, microsecond=0)
    return (noon if noon > now else noon + timedelta(days=1)) - now


def main() -> None:
    django.setup()
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.models import User

    from forecourt.adapters import clock
    from forecourt.console import accounts
    from forecourt.dealers.models import Dealer
    from forecourt.run import load_brand

    now = clock.move(until_noon(clock.now()))  # at night no text leaves, whenever the tests run
    load_brand.load(now)
    handles = []
    for _ in range(4):  # a code counts once, so that each sign-in of these tests needs somebody else
        user = accounts.add(PASSWORD, chosen=True)
        accounts.sign(user, now)
        User.objects.filter(pk=user.pk).update(is_superuser=True)
        TOTP.activate(user, SECRET)
        handles.append(user.username)
    by_form = Dealer.objects.filter(active=True, by_appointment=False, services__contains=["test-drive"])
    dealers = list(by_form.order_by("slug").values_list("slug", "name", "postal_code"))
    print(json.dumps({"handles": handles, "password": PASSWORD, "secret": SECRET, "dealers": dealers}))


if __name__ == "__main__":
    main()
