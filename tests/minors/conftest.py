"""Somebody tells us of a child's data, or a child asks that we ask a parent, as their browsers send it."""

import pytest


@pytest.fixture
def tell(db, at, client):
    from forecourt.minors import views
    from forecourt.traffic.pace import Pace
    from forecourt.web import forms

    views.reporting = Pace(most=views.reporting.most)

    def sent(child, **more):
        values = {"nonce": forms.new_nonce("child-report", at.now), "child": child, "told_by": "parent"}
        return client.post("/privacy/children/report/", values | more)

    return sent


@pytest.fixture
def ask(db, at, client):
    from forecourt.minors import consent_views
    from forecourt.traffic.pace import Pace
    from forecourt.web import forms
    from tests.minors.parents import PARENT

    consent_views.asking = Pace(most=consent_views.asking.most)
    client.cookies["age"] = "under-13"

    def sent(parent=PARENT.contact, **more):
        values = {"nonce": forms.new_nonce("ask-parent", at.now), "parent": parent}
        return client.post("/privacy/children/asking/", values | more)

    return sent


@pytest.fixture
def page(ask, at):
    """The address in the first email."""
    from tests.cast import Inbox, work
    from tests.minors.parents import PARENT, link

    ask()
    work(at.now)
    return link(Inbox(PARENT).last)
