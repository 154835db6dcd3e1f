"""The worker: jobs, and what time does. In the demo with the tour's switches in, as the site has them."""

import sys

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    django.setup()
    if settings.DEMO:
        from forecourt.run.tour import breaks

        breaks.install()
    from forecourt.run import jobs

    jobs.check_what_was_not()
    call_command("procrastinate", "worker", *sys.argv[1:])


if __name__ == "__main__":
    main()
