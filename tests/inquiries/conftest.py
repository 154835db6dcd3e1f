"""Messages as somebody types them, and as their browser sends them."""

import pytest

ADA = "ada.brightwater@post.example"


@pytest.fixture
def send(db, at, client):
    """What a browser would post from the contact page."""
    from forecourt.inquiries import views
    from forecourt.traffic.pace import Pace
    from forecourt.web import forms

    views.sending = Pace(most=views.sending.most)

    def sent(**more):
        values = {"nonce": forms.new_nonce("message", at.now), "topic": "car", "words": "Does it come in green?"}
        return client.post("/contact/", values | more)

    return sent


@pytest.fixture
def written(db, at):
    """A message that reached us, whichever way."""
    import uuid

    from forecourt.cases.models import Case
    from forecourt.inquiries import actions
    from forecourt.inquiries.actions import Said
    from forecourt.people import contacts

    def make(words="Does it come in green?", *, contact="", way="web", **more):
        return actions.take(
            Said(
                words=words,
                way=Case.Channel(way),
                nonce=more.pop("nonce", None) or uuid.uuid4(),
                received_at=more.pop("received_at", at.now),
                address=contacts.read(contact) if contact else None,
                **more,
            ),
            at.now,
        )

    return make
