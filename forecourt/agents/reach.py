"""What agents asked for somebody is in the file of everything that they can ask for; it is found by its cases."""

import uuid

from django.db.models import Q

from forecourt.agents.models import Asked, Permission
from forecourt.cases.models import Case
from forecourt.requests.archive import reach
from forecourt.requests.archive.reach import Person


def register() -> None:
    reach.add_part(reach.Part(Asked, "What somebody asked in your name", lambda one: Q(cases__overlap=cases_of(one))))
    reach.add_part(reach.Part(Permission, "That you let somebody ask", lambda one: Q(pk__in=cases_of(one))))


def cases_of(person: Person) -> list[uuid.UUID]:
    return list(Case.objects.filter(contact=person.contact).values_list("pk", flat=True))
