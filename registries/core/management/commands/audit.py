"""`manage.py audit …`: prove that the audit is as it was written, and read it."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from datetime import datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware
from django.utils.translation import gettext as _

from registries.core import chain
from registries.core.commands import RegistryCommand
from registries.core.errors import BadInput, NotFound
from registries.core.models import AuditEntry, User

SHOWN = 100
HELP = """\
verify  works out every link of the chain anew. Each thing that is not as it was written is told, and the exit code
        is 1; the head is printed in any case. Note the head down, on paper or on another machine: whoever removes the
        newest entries together with their links leaves a chain that is sound in itself, and only
        `verify --head POSITION:DIGEST` with a head noted before shows that they are missing.
        The worker verifies each night and logs the head; each backup holds the head of its moment in manifest.json.
head    prints the head and nothing else.
list    prints entries, the newest first.
"""


class Command(RegistryCommand):
    help = "The audit: who saw personal data, changed, decided, exported."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        found = super().create_parser(
            prog_name, subcommand, epilog=HELP, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )
        return found

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="verify | head | list")
        verify = steps.add_parser("verify", help="prove that nothing was changed, removed or inserted")
        verify.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="POSITION:DIGEST",
            help="a head noted before; may be repeated",
        )
        steps.add_parser("head", help="the newest link, to be noted elsewhere")
        entries = steps.add_parser("list", help="the entries, the newest first")
        entries.add_argument("--subject", help="on what, or how that begins: “change_set 12”, “land.plot”")
        entries.add_argument("--actor", help="the user name of who did it")
        entries.add_argument("--action", help="such as publish, saw, export")
        entries.add_argument("--since", help="a date or a moment: 2026-11-21, 2026-11-21T08:00")
        entries.add_argument("--limit", type=int, default=SHOWN, help=f"how many at most; 0: all (default {SHOWN})")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        {"verify": self._verify, "head": self._head, "list": self._list}[step](options)

    def _verify(self, options: dict[str, Any]) -> None:
        noted = [chain.Head.parse(text) for text in options["head"]]
        outcome = chain.verify(lambda finding: self.stdout.write(str(finding)), noted)
        self.stdout.write(_("head: %(head)s") % {"head": outcome.head})
        if outcome.findings:
            raise CommandError(
                _("The audit is not as it was written; findings: %(count)d.") % {"count": outcome.findings}
            )
        self.stdout.write(self.style.SUCCESS(_("The audit is as it was written.")))

    def _head(self, options: dict[str, Any]) -> None:
        self.stdout.write(str(chain.head()))

    def _list(self, options: dict[str, Any]) -> None:
        found = AuditEntry.objects.select_related("actor").order_by("-pk")
        if options["subject"]:
            found = found.filter(subject__startswith=options["subject"])
        if options["actor"]:
            found = found.filter(actor=_person(options["actor"]))
        if options["action"]:
            found = found.filter(action=options["action"])
        if options["since"]:
            found = found.filter(at__gte=_moment(options["since"]))
        if options["limit"] < 0:
            raise BadInput(_("The limit is negative."), locator="limit")
        for entry in found[: options["limit"] or None].iterator(chunk_size=1000):
            details = json.dumps(entry.details, ensure_ascii=False) if entry.details else ""
            who = entry.actor.get_username() if entry.actor else "–"
            at = f"{localtime(entry.at):%Y-%m-%d %H:%M:%S%z}"
            self.stdout.write("\t".join([str(entry.pk), at, who, entry.action, entry.subject, details]).rstrip())


def _person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        raise NotFound(_("There is no person “%(name)s”.") % {"name": name}, locator="actor")
    return found


def _moment(text: str) -> datetime:
    """Without a time zone it is one of the portal's. Raises BadInput."""
    try:
        day = parse_date(text)
        found = datetime.combine(day, time.min) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        hint = _("Write it like 2026-11-21 or 2026-11-21T08:00.")
        raise BadInput(_("“%(text)s” is no date.") % {"text": text}, hint=hint, locator="since")
    return make_aware(found) if is_naive(found) else found
