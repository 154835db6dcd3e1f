"""A database with the brand in it, for this folder: the checks commit, and share nothing with other tests."""

from collections.abc import Iterator

import pytest

from forecourt.adapters import clock


@pytest.fixture(scope="module")  # no longer: the files that the same process runs after it have a database of their own
def showroom(django_db_setup, django_db_blocker) -> Iterator[None]:
    from django.db import connections

    from forecourt.run import load_brand
    from forecourt.run.scratch import scratch_database
    from tests.conftest import use_database

    usual = connections["default"].settings_dict["NAME"]
    with scratch_database() as name, django_db_blocker.unblock():
        use_database(name)
        load_brand.load(clock.now(), say=lambda line: None)
        yield
        use_database(usual)
