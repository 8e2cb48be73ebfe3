"""`manage.py import_features FILE --to LAYER`: a file of features becomes a change set."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from registries.changes import door
from registries.core.commands import RegistryCommand
from registries.core.errors import NotFound
from registries.core.models import Role, User
from registries.core.service import CONSOLE, IMPORTER, account
from registries.exchange.formats import described
from registries.exchange.importer import Order, Report, import_file
from registries.exchange.target import LAND

SHOWN_REASONS, SHOWN_NUMBERS = 20, 10


def _grouped(report: Report) -> dict[str, list[int]]:
    """The numbers of the refused features by reason, in the file's order."""
    groups: dict[str, list[int]] = {}
    for number, reason in report.refused:
        groups.setdefault(reason, []).append(number)
    return groups


class Command(RegistryCommand):
    help = (
        "Import features from a file as a change set. The change set waits for a reviewer, or is approved and"
        f" published at once with --publish. Formats: {described()}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file; a Shapefile may be zipped")
        parser.add_argument("--to", required=True, help=f"{', '.join(LAND)}, or an asset type such as water_pipe")
        parser.add_argument("--layer", help="the layer of the file, if it has several")
        parser.add_argument("--crs", help="the reference system, such as EPSG:7801; wins over what the file says")
        parser.add_argument("--encoding", help="the encoding of the texts, such as CP1251")
        parser.add_argument(
            "--map", type=Path, help="a profile (JSON): which field fills which column; README explains it"
        )
        parser.add_argument("--title", default="", help="the title of the change set")
        parser.add_argument(
            "--network", default="", help="the network that assets go into; made if there is none of the name"
        )
        parser.add_argument("--zone", default="", help="the code of the zone, or none; found by place if left out")
        parser.add_argument("--publish", action="store_true", help="approve and publish the change set at once")
        parser.add_argument("--author", default=IMPORTER, help="in whose name; default: the service account “import”")
        parser.add_argument("--reviewer", default=CONSOLE, help="who approves with --publish; default: “console”")
        parser.add_argument("--refusals", type=Path, help="write all refusals into this file, one a line")

    def handle(self, *args: Any, **options: Any) -> None:
        author = self._person(options["author"], IMPORTER, Role.EDITOR)
        reviewer = self._person(options["reviewer"], CONSOLE, Role.REVIEWER) if options["publish"] else None
        names = ("to", "layer", "crs", "encoding", "title", "network", "zone")
        order = Order(options["file"], profile=options["map"], **{name: options[name] for name in names})
        report = import_file(author, order, self._progress)
        self._tell(report, options["refusals"])
        if reviewer is not None and report.change_set is not None:
            self._progress(_("publishing"))
            door.approve_and_publish(reviewer, report.change_set, _("Published by the import itself (--publish)."))
            self.stdout.write(_("Published as change set %(number)s.") % {"number": report.change_set.pk})

    def _person(self, name: str, service: str, role: Role) -> User:
        if name == service:
            return account(name, role)
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise NotFound(_("There is no active person “%(name)s”.") % {"name": name}, locator="--author, --reviewer")
        return user

    def _progress(self, text: str) -> None:
        self.stderr.write(f"… {text}")

    def _tell(self, report: Report, refusals: Path | None) -> None:
        for note in report.notes:
            self.stdout.write(note)
        lines = [_("feature %(number)d: %(reason)s") % {"number": n, "reason": reason} for n, reason in report.refused]
        for reason, numbers in islice(_grouped(report).items(), SHOWN_REASONS):
            shown = ", ".join(str(number) for number in numbers[:SHOWN_NUMBERS])
            more = ", …" if len(numbers) > SHOWN_NUMBERS else ""
            self.stdout.write(
                _("  refused %(count)d: %(reason)s (features %(numbers)s)")
                % {"count": len(numbers), "reason": reason, "numbers": shown + more}
            )
        if len(_grouped(report)) > SHOWN_REASONS:
            self.stdout.write(_("  and more reasons; --refusals FILE writes them all"))
        if refusals is not None:
            refusals.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self.stdout.write(
            _(
                "read %(read)d = created %(created)d + updated %(updated)d + unchanged %(unchanged)d"
                " + refused %(refused)d"
            )
            % {
                "read": report.read,
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "refused": len(report.refused),
            }
        )
        if report.change_set is not None:
            self.stdout.write(_("Change set %(number)s is submitted.") % {"number": report.change_set.pk})
        else:
            self.stdout.write(_("Nothing changed; no change set was made."))
