"""Somebody tells us of a child's data, as their browser sends it."""

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
