"""What agents asked for somebody is in the file of everything that they can ask for; it is found by its cases."""

from django.db.models import Q

from forecourt.agents.models import Asked
from forecourt.cases.models import Case
from forecourt.requests.archive import reach
from forecourt.requests.archive.reach import Person


def register() -> None:
    reach.add_part(reach.Part(Asked, "What somebody asked in your name", of_cases))


def of_cases(person: Person) -> Q:
    return Q(cases__overlap=list(Case.objects.filter(contact=person.contact).values_list("pk", flat=True)))
