"""The embedded cluster survives what happens to the databases of people who are not administrators."""

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gis_portal.setup.cluster import SOCKET_PATH_BYTES, Cluster, url
from gis_portal.setup.errors import SetupError
from tests.gis_portal.setup.conftest import place


def running(cluster: Cluster) -> Cluster:
    cluster.start()
    cluster.create_database()
    return cluster


def ask(cluster: Cluster, query: str) -> Any:
    with psycopg.connect(url(cluster.var), autocommit=True) as connection:
        result = connection.execute(query)
        return result.fetchone()[0] if result.description else None


def server_number(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().partition("\n")[0])


def test_its_address_answers_and_has_postgis(fresh):
    running(fresh)
    ask(fresh, "CREATE EXTENSION postgis")
    assert ask(fresh, "SELECT postgis_lib_version()").startswith("3.")


def test_starting_twice_starts_once(cluster):
    assert cluster.start() is True
    assert cluster.start() is False


def test_creating_the_database_twice_creates_it_once(fresh):
    fresh.start()
    assert fresh.create_database() is True
    assert fresh.create_database() is False


def test_dropping_the_database_breaks_connections_off(cluster):
    running(cluster)
    with psycopg.connect(url(cluster.var)):
        cluster.drop_database()
    assert cluster.create_database() is True


def test_only_its_owner_may_enter(fresh):
    running(fresh)
    assert [path.stat().st_mode & 0o077 for path in (fresh.home, fresh.socket, fresh.data)] == [0, 0, 0]


def test_it_listens_on_no_network(cluster):
    assert ask(running(cluster), "SHOW listen_addresses") == ""


def test_it_does_not_run_as_root(cluster, root_only):
    running(cluster)
    assert Path(f"/proc/{server_number(cluster)}").stat().st_uid != 0


def test_a_killed_server_starts_again_with_its_data(cluster):
    running(cluster)
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(server_number(cluster), signal.SIGKILL)
    assert cluster.start() is True
    assert ask(cluster, "SELECT answer FROM kept") == 42


def test_a_lock_whose_number_went_to_another_process_is_cleared(cluster):
    running(cluster)
    held = (cluster.data / "postmaster.pid").read_text()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(held.replace(held.partition("\n")[0], str(os.getpid()), 1))
    assert cluster.start() is True


def test_half_made_data_are_made_anew(fresh):
    running(fresh)
    fresh.stop()
    half = fresh.home / "half"
    fresh.data.rename(half)
    (half / "PG_VERSION").unlink()
    running(fresh)
    assert ask(fresh, "SELECT 1") == 1
    assert not half.exists()


def test_a_clone_deeper_than_a_socket_path_works(var, pristine):
    deep = var.parent / ("d" * 60) / ("e" * 60) / "var"
    place(pristine, deep)
    cluster = Cluster(deep)
    try:
        assert ask(running(cluster), "SELECT 1") == 1
        assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket)


@pytest.mark.parametrize("name", ["with space", "with'quote", "with,comma", "$(touch x)`id`", 'with"double', "зона"])
def test_a_clone_with_an_odd_name_works(var, pristine, name):
    odd = var.parent / name / "var"
    place(pristine, odd)
    cluster = Cluster(odd)
    try:
        assert ask(running(cluster), "SELECT 1") == 1
    finally:
        cluster.stop()
        if not cluster.socket.is_relative_to(cluster.home):
            shutil.rmtree(cluster.socket)


def test_a_moved_clone_starts_where_it_is_now(var, pristine):
    place(pristine, var)
    first = running(Cluster(var))
    first.stop()
    moved = var.rename(var.with_name("moved"))
    second = Cluster(moved)
    try:
        second.start()
        assert ask(second, "SELECT 1") == 1
    finally:
        second.stop()


def test_data_are_kept_elsewhere_when_the_owner_cannot_reach_the_clone(fresh, root_only):
    fresh.var.parent.chmod(0o700)
    assert ask(running(fresh), "SELECT 1") == 1
    assert fresh.home.is_relative_to("/var/lib")


def test_a_clone_in_the_place_of_a_former_one_has_a_database_of_its_own(fresh, root_only):
    fresh.var.parent.chmod(0o700)
    former = running(fresh).home
    fresh.stop()
    (fresh.var / "postgis").unlink()
    try:
        assert running(Cluster(fresh.var)).home != former
    finally:
        shutil.rmtree(former)


def test_a_root_who_closes_new_files_to_others_can_start_it(fresh, root_only):
    before = os.umask(0o077)
    try:
        assert ask(running(fresh), "SELECT 1") == 1
    finally:
        os.umask(before)


def test_the_cluster_of_another_user_is_refused(cluster, root_only):
    running(cluster)
    cluster.stop()
    os.chown(cluster.home, 0, 0)
    try:
        with pytest.raises(SetupError, match="belongs to user 0") as refusal:
            cluster.start()
        assert "another clone" in refusal.value.hint
    finally:
        shutil.chown(cluster.home, "postgres", "postgres")


def test_a_socket_directory_that_somebody_else_made_is_refused(cluster, root_only):
    cluster.start()
    cluster.stop()
    os.chown(cluster.socket, 0, 0)
    with pytest.raises(SetupError, match="does not belong to"):
        cluster.start()


def test_a_server_that_cannot_start_tells_what_its_log_says(cluster):
    running(cluster)
    cluster.stop()
    (cluster.data / "pg_hba.conf").write_text("nonsense\n")
    with pytest.raises(SetupError, match="pg_hba"):
        cluster.start()


def test_stopping_what_is_not_there_does_nothing(fresh):
    assert fresh.stop() is False


def test_stray_variables_of_libpq_do_not_redirect_it(cluster, monkeypatch):
    monkeypatch.setenv("PGHOST", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    assert ask(running(cluster), "SELECT 1") == 1


def test_no_process_outlives_its_stop(cluster):
    number = server_number(running(cluster))
    cluster.stop()
    # A zombie that nobody has collected yet has no executable any more.
    with pytest.raises(FileNotFoundError):
        Path(f"/proc/{number}/exe").readlink()
