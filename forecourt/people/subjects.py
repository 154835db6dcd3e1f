"""New subjects. The key is made first: a row whose key is missing could never be read, a key without row is swept."""

import uuid
from datetime import datetime

from forecourt.adapters import keystore
from forecourt.people.models import Subject


def add(kind: Subject.Kind, now: datetime) -> Subject:
    subject_id = uuid.uuid4()
    keystore.create(subject_id)
    return Subject.objects.create(id=subject_id, kind=kind, created_at=now)
