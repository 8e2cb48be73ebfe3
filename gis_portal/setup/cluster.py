"""The private PostgreSQL cluster of a clone: made, started and stopped without touching the machine's own servers.

It listens on a Unix socket only. The directory around data and socket belongs to the unprivileged owner and is closed
to everyone else except root, which is why the socket needs no password.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gis_portal.setup import postgres
from gis_portal.setup.errors import SetupError

DATABASE = "gis_portal"
ROLE = "gis"
PORT = 5432
# sockaddr_un.sun_path holds 108 bytes with the closing zero (unix(7)).
SOCKET_PATH_BYTES = 107
# PostgreSQL refuses to run as root; this is the user that Debian's package creates.
OWNER_UNDER_ROOT = "postgres"
OURS = "gis-portal.conf"
# For two cores and modest memory. Compiling a query (jit) costs more than a tile takes.
CONFIGURATION = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


def url(var: Path) -> str:
    """The libpq URI of the clone's cluster, made or not yet; `var` is the clone's directory for local state."""
    host = quote(str(Cluster(var).socket), safe="")
    return f"postgresql://{ROLE}@/{DATABASE}?host={host}&port={PORT}"


@dataclass(frozen=True)
class Cluster:
    """The cluster kept under `var`/postgis, or where that symbolic link leads."""

    var: Path

    @property
    def home(self) -> Path:
        return (self.var / "postgis").resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        """Beside the data, unless that path is too long for a socket or libpq would split it at a comma."""
        beside = self.home / "socket"
        fits = len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES
        return beside if fits and "," not in str(beside) else Path("/tmp") / f"gis-portal-{_digest(self.home)}"  # noqa: S108

    @property
    def exists(self) -> bool:
        self._check_owner()
        return (self.data / "PG_VERSION").is_file()

    @property
    def running(self) -> bool:
        return self.exists and self._call("pg_isready", "-q", "-h", self.socket, "-p", PORT).returncode == 0

    @cached_property
    def binaries(self) -> Path:
        """Of the PostgreSQL that made the data: another major version cannot read them."""
        major = int((self.data / "PG_VERSION").read_text()) if self.exists else None
        return postgres.find(major).binaries

    def start(self) -> bool:
        """Make what is missing and start; False when it was running already. Raises SetupError."""
        if self.running:
            return False
        self._settle()
        if not self.exists:
            self._initialise()
        self._configure()
        self._clear_stale_lock()
        self._launch()
        return True

    def stop(self) -> bool:
        """Stop, breaking connections off but losing nothing; False when it was not running."""
        if not self.running:
            return False
        self._must("pg_ctl", "stop", "--pgdata=data", "--mode=fast", "--wait", "--silent")
        return True

    def create_database(self) -> bool:
        """False when the database is there already."""
        query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant of this module
        if self._must("psql", *self._server(), "--dbname=postgres", "-tAc", query).strip():
            return False
        self._must("createdb", *self._server(), DATABASE)
        return True

    def drop_database(self) -> None:
        self._must("dropdb", *self._server(), "--if-exists", "--force", DATABASE)

    def _server(self) -> list[str]:
        return [f"--host={self.socket}", f"--port={PORT}", f"--username={ROLE}"]

    def _check_owner(self) -> None:
        if not self.home.exists():
            return
        expected, found = _owner(), self.home.stat().st_uid
        if found != expected.pw_uid:
            raise SetupError(
                f"The database in {self.home} belongs to user {found}; it would be run as {expected.pw_name} here.",
                hint="Run as the one who made it (root, when it belongs to postgres), or use another clone.",
            )

    def _settle(self) -> None:
        """Make the directories, elsewhere when the owner cannot reach this clone (one below /root, say)."""
        link = self.var / "postgis"
        self.var.mkdir(exist_ok=True)
        if not link.exists() and not _reaches(self.var):
            # A name of its own: a clone that stood here before may have left its database behind.
            elsewhere = Path(tempfile.mkdtemp(prefix="gis-portal-", dir="/var/lib"))
            os.chown(elsewhere, _owner().pw_uid, _owner().pw_gid)
            print(f"  The user {OWNER_UNDER_ROOT} cannot reach {self.var}: the database is kept in {elsewhere}.")
            link.unlink(missing_ok=True)
            link.symlink_to(elsewhere)
        for directory in (self.home, self.socket):
            _private(directory)

    def _initialise(self) -> None:
        """`initdb` beside its place, then a rename: a half-made cluster is never taken for a whole one."""
        half = self.home / "half"
        shutil.rmtree(half, ignore_errors=True)
        # C.UTF-8 sorts by code point in every version of glibc: an upgrade of the machine cannot corrupt indexes.
        self._must(
            "initdb", "--pgdata=half", f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        # Kept besides: what initdb found out about this machine, its kind of shared memory above all.
        with (half / "postgresql.conf").open("a") as configuration:
            configuration.write(f"include '{OURS}'\n")
        half.rename(self.data)

    def _configure(self) -> None:
        """Written at each start: a clone that was moved has another socket."""
        quoted_socket = str(self.socket).replace('"', '""')
        settings = {**CONFIGURATION, "unix_socket_directories": f'"{quoted_socket}"'}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        ours = self.data / OURS
        ours.write_text("# Written by gis_portal/setup/cluster.py\n" + "".join(lines))
        # root may write it under a umask that would close it to the server.
        ours.chmod(0o644)

    def _clear_stale_lock(self) -> None:
        """After a crash another process may have got the number in the lock file; PostgreSQL would not start."""
        lock = self.data / "postmaster.pid"
        if lock.is_file() and not _is_server_of(lock.read_text().partition("\n")[0], self.data):
            lock.unlink()
            (self.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _launch(self) -> None:
        deadline = time.monotonic() + 30
        start = "start", "--pgdata=data", "--log=server.log", "--wait", "--timeout=60", "--silent"
        while True:
            offset = self.log.stat().st_size if self.log.exists() else 0
            if self._call("pg_ctl", *start).returncode == 0:
                return
            said = self.log.read_text(errors="replace")[offset:] if self.log.exists() else ""
            # Processes of a killed server go within seconds, and hold its shared memory until then.
            if "shared memory block" not in said or time.monotonic() > deadline:
                raise SetupError(f"PostgreSQL does not start.\n{said.strip()[-2000:]}", hint=f"Its log is {self.log}.")
            time.sleep(0.5)

    def _must(self, program: str, *arguments: object) -> str:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            raise SetupError(f"{program} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def _call(self, program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return _run([str(self.binaries / program), *map(str, arguments)], self.home)


def _run(command: Sequence[str], cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run as the cluster's owner, without the PG* variables that would redirect it.

    Paths given to `pg_ctl` are relative to `cwd`: it hands them to a shell, and a clone's path may hold any character.
    """
    owner = _owner()
    change: dict[str, Any] = {}
    if os.geteuid() == 0:
        change = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    clean = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": owner.pw_dir}
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False, **change)


def _owner() -> pwd.struct_passwd:
    number = os.geteuid()
    try:
        return pwd.getpwuid(number) if number else pwd.getpwnam(OWNER_UNDER_ROOT)
    except KeyError:
        who = f"user {number} has no name on this machine" if number else f"there is no user {OWNER_UNDER_ROOT}"
        raise SetupError(f"PostgreSQL runs neither as root nor for a user without a name: {who}.") from None


def _reaches(directory: Path) -> bool:
    return _run(["/usr/bin/test", "-x", str(directory)], Path("/")).returncode == 0


def _private(directory: Path) -> None:
    """A directory that only the owner (and root) can enter. Raises SetupError if somebody else made it first."""
    owner = _owner()
    if not directory.exists():
        directory.mkdir(mode=0o700)
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    elif directory.stat().st_uid != owner.pw_uid:
        raise SetupError(f"{directory} does not belong to {owner.pw_name}.", hint="Remove it and start again.")
    directory.chmod(0o700)


def _is_server_of(number: str, data: Path) -> bool:
    """True when the process runs with `data` as its working directory, as a PostgreSQL server does."""
    try:
        return os.path.samefile(f"/proc/{int(number)}/cwd", data)
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
