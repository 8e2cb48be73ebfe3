"""How a gunicorn process of the portal handles its connections and its log."""

import select
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

# Long enough for a client beside the server or a proxy to ask for the next tile, too short for others to notice.
NEXT_REQUEST_MS = 5


class StayingWorker(ThreadWorker):
    """Stays with a kept connection for a moment while nobody else waits for a thread.

    A map asks for one tile after another. Handing the connection to the main thread and back between two of them costs
    as much as answering a small tile.
    """

    def handle(self, conn: Any) -> Any:
        """What gunicorn's own does for one request, over and over."""
        answered = super().handle(conn)
        while answered is True and self.alive and not self._somebody_waits() and _asks_again(conn.sock):
            answered = super().handle(conn)
        return answered

    def _somebody_waits(self) -> bool:
        return self.tpool._work_queue.qsize() > 0


def _asks_again(sock: Any) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(NEXT_REQUEST_MS))


class Log(Logger):
    """No access lines: the portal writes its own, and gunicorn would compose each of its before dropping it."""

    def access(self, *_line: object) -> None:
        """Nothing."""
