"""The database server of an installation, whatever ends around it."""

import os
import signal
import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from forecourt.run import postgres
from tests.run.installation import Installation, children_of, lives, wait_until


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    made = Installation()
    yield made
    made.remove()


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """For a test that spoils it for others."""
    made = Installation()
    yield made
    made.remove()


@pytest.fixture
def held(installation: Installation) -> Iterator[subprocess.Popen]:
    """Somebody uses the database."""
    holder = installation.start("db", "start")
    wait_until(lambda: "is up" in holder.output.read_text())
    yield holder
    holder.terminate()
    holder.wait(30)


@pytest.fixture
def stopped(installation: Installation) -> None:
    """It was used, and nobody uses it now."""
    assert installation.sql("SELECT 1") == "1"
    installation.wait_until_stopped()


def test_a_killed_server_is_started_again(installation, held):
    first = installation.postmaster()

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: "The server is gone" in installation.log())

    assert installation.sql("SELECT 1") == "1"
    assert installation.postmaster() != first


def test_what_was_committed_survives_the_server_being_killed(installation, held):
    installation.run("db", "psql", "--owner", "-c", "CREATE TABLE kept (word text)")
    installation.run("db", "psql", "--owner", "-c", "INSERT INTO kept VALUES ('here')")

    os.kill(installation.postmaster(), signal.SIGKILL)

    assert installation.run("db", "psql", "--owner", "-Atc", "SELECT word FROM kept").stdout == "here\n"


def test_a_killed_keeper_takes_its_server_along_and_the_next_command_starts_another(installation, held):
    keeper, server = installation.keeper(), installation.postmaster()

    os.kill(keeper, signal.SIGKILL)
    wait_until(lambda: not lives(server))

    assert installation.sql("SELECT 1") == "1"


def test_the_server_stops_when_its_last_user_is_killed(installation, held):
    server = installation.postmaster()

    os.killpg(held.pid, signal.SIGKILL)

    wait_until(lambda: not lives(server))
    assert "Nobody uses it any more: stopped." in installation.log()


def test_a_server_that_another_command_uses_stays_up(installation, held):
    server = installation.postmaster()

    assert installation.sql("SELECT 1") == "1"

    assert lives(server)


def test_an_orphaned_server_is_stopped_before_a_new_one_starts(installation, stopped):
    place = postgres.find_place(installation.var)
    orphan = subprocess.Popen(
        [
            place.binaries / "postgres",
            "-D",
            place.data,
            "--listen_addresses=",
            f"--unix_socket_directories={place.data}",
        ],
        stderr=subprocess.DEVNULL,
        **place.child,
    )
    wait_until(lambda: len(children_of(orphan.pid)) > 3)

    answer = installation.sql("SELECT 1")

    assert answer == "1"
    assert orphan.wait(1) == 0
    assert "of an earlier run" in installation.log()


def test_a_lock_file_that_names_some_other_process_after_a_reboot_does_not_matter(installation, stopped):
    lock = installation.var / "postgres" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n1\n5432\n\n\n")

    assert installation.sql("SELECT 1") == "1"


def test_a_data_folder_that_was_cut_off_while_it_was_made_is_made_anew(fresh):
    (fresh.var / "postgres").mkdir()
    (fresh.var / "postgres" / "PG_VERSION").write_text("")

    assert fresh.sql("SELECT 1") == "1"


def test_the_wheels_server_works_too(fresh):
    fresh.environment["FORECOURT_POSTGRES"] = "wheel"

    version = fresh.sql("SHOW server_version")

    assert version.startswith("17.")


def test_durability_is_on(installation):
    shown = installation.sql("SHOW fsync; SHOW full_page_writes; SHOW synchronous_commit")

    assert shown.split() == ["on", "on", "on"]


def test_data_of_a_durable_server_is_never_run_without_durability(installation, stopped):
    with pytest.raises(postgres.Trouble, match="made durable"):
        postgres.make_cluster(postgres.find_place(installation.var), durable=False)


def test_nothing_listens_on_a_port(installation, held):
    assert installation.sql("SHOW listen_addresses") == ""


def test_data_is_private_to_the_servers_user_and_no_folder_above_was_touched(fresh):
    before = fresh.var.stat()

    assert fresh.sql("SELECT 1") == "1"

    assert (fresh.var / "postgres").stat().st_mode & 0o777 == 0o700
    assert (fresh.var.stat().st_mode, fresh.var.stat().st_uid) == (before.st_mode, before.st_uid)


def test_failed_statements_leave_no_data_in_the_log(installation):
    installation.run("db", "psql", "-c", "SELECT 'ada@example.com'::int", check=False)

    assert "ada@example.com" not in installation.log()


def test_a_lost_secret_is_told_and_not_replaced(fresh):
    assert fresh.sql("SELECT 1") == "1"
    fresh.wait_until_stopped()
    (fresh.var / "secrets" / "postgres-superuser").unlink()

    refused = fresh.run("migrate", check=False)

    assert refused.returncode == 1
    assert "put back the one from your backup" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_of_somebody_elses_that_does_not_answer_is_told_in_a_sentence(installation):
    refused = installation.run("migrate", check=False, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert refused.returncode == 1
    assert refused.stderr.startswith("The database of DATABASE_URL does not answer")


@pytest.mark.slow
def test_one_login_of_somebody_elses_database_still_runs_as_the_lesser_role(installation, held):
    """A server with one login that may migrate: the application takes the lesser role on each connection."""
    secret = (installation.var / "secrets" / "postgres-superuser").read_text().strip()
    socket = postgres.socket_folder(installation.var)
    with psycopg.connect(
        host=str(socket), user="postgres", password=secret, dbname="postgres", autocommit=True
    ) as server:
        server.execute("CREATE ROLE tenant LOGIN CREATEROLE PASSWORD 'x'")
        server.execute("CREATE DATABASE theirs OWNER tenant")
        server.execute("GRANT forecourt_app TO tenant")
    url = f"postgresql://tenant:x@/theirs?host={socket}"

    installation.run("migrate", DATABASE_URL=url)

    question = "SELECT current_user, has_table_privilege('auth_user', 'TRUNCATE')"
    told = installation.run("db", "psql", "-Atc", question, DATABASE_URL=url)
    assert told.stdout.strip() == "forecourt_app|f"
