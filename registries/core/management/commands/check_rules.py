"""`manage.py check_rules`: the nightly run over the published data, now."""

from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from registries.core import faults
from registries.core.commands import RegistryCommand


class Command(RegistryCommand):
    help = "Judge the published data by every rule, say what each found, and renew the error map."

    def handle(self, *args: Any, **options: Any) -> None:
        total, failed = 0, []
        for one in faults.examine():
            if one.found is None:
                failed.append(one.rule.code)
                words = _("could not be run")
                self.stdout.write(self.style.ERROR(f"{one.rule.code:9} {words}"))
                continue
            total += one.found
            if one.found or options["verbosity"] > 1:
                seconds = localize(round(one.seconds, 1))
                words = one.rule.words(one.rule.started())
                self.stdout.write(f"{one.rule.code:9} {one.found:7} {seconds:>6} s  {words}")
        self.stdout.write(_("%(count)d problems in the published data.") % {"count": total})
        if failed:
            text = _("These rules could not be run; the log says why: %(codes)s.")
            self.stdout.write(self.style.ERROR(text % {"codes": ", ".join(failed)}))
