"""How gunicorn serves the portal, here and in production: `gunicorn --config python:gis_portal.serve`."""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from gis_portal import env
from gis_portal.ops import logs
from gis_portal.setup import dotenv

dotenv.load(Path(__file__).resolve().parent.parent / ".env")
wsgi_app = "gis_portal.wsgi:application"
bind = env.text("WEB_BIND", "127.0.0.1:8000")
# A process for each core; threads wait for the database while another one draws or writes.
workers = env.integer("WEB_PROCESSES", 2, minimum=1)
worker_class = "gis_portal.workers.StayingWorker"
logger_class = "gis_portal.workers.Log"
threads = env.integer("WEB_THREADS", 4, minimum=1)
# Long downloads don't count: a gthread worker reports itself alive while its threads stream.
timeout = 60
graceful_timeout = 10
keepalive = 5
# A client that asks for a large download and stops reading would hold a thread and a database connection for ever.
STALLED_AFTER_S = 30
# Heartbeats on a slow disk would make a healthy worker look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108
control_socket_disable = True
# The lines of the master process, before and after the portal's own settings hold.
logconfig_dict = logs.configuration(readable=env.boolean("DEMO", False) or env.boolean("DEBUG", False))

# Where the processes add their counts up (prometheus_client reads this when it is imported, in the workers).
_counts = tempfile.mkdtemp(prefix="gis-portal-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts


def when_ready(server: Any) -> None:
    """Connections inherit it (Linux): whoever takes nothing for so long gives their thread back to the others."""
    for listener in server.LISTENERS:
        if listener.sock.family in (socket.AF_INET, socket.AF_INET6):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_AFTER_S * 1000)


def on_exit(server: object) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
