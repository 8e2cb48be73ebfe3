"""The plots that an address names for comparison: `plots=<zone>/<code>,…`, repeated or not, as people pass them on.

Links outlive plots and are typed by hand, so what cannot be shown is told and the rest is shown all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.catalogue import Catalogue
from layers.plots.former import meant
from registries.core.models import History
from registries.land.models import Plot, PlotStatus

MOST = 5
# Of a longer address nothing more is looked up.
READ_MAX = 20
TEXT_MAX = 100


@dataclass
class Chosen:
    """The plots to show, in the order asked for, and sentences about what is not shown."""

    plots: list[Plot] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def take(self, plot: Plot) -> None:
        if plot not in self.plots:
            self.plots.append(plot)
        elif (told := _("Plot %(code)s was named twice; it is shown once.") % {"code": plot.code}) not in self.remarks:
            self.remarks.append(told)


def reference(plot: Plot) -> str:
    """The plot's name among all zones, as the browser keeps it."""
    return f"{plot.zone.code}/{plot.code}"


def listed(plots: Iterable[Plot]) -> str:
    """What `plots=` says in an address; commas part the plots, so one within a code is written twice over."""
    parts = (reference(plot).replace("%", "%25").replace(",", "%2C") for plot in plots)
    return ",".join(quote(part, safe="/") for part in parts)


def texts(values: Sequence[str]) -> list[str]:
    """What the repeated parameter names, without what says nothing."""
    parts = [unquote(part).strip() for value in values for part in value.split(",")]
    return [part.replace("\x00", "")[:TEXT_MAX] for part in parts if part]


def choose(catalogue: Catalogue, values: Sequence[str]) -> Chosen:
    """The plots that the reader of `catalogue` may see, at most `MOST`."""
    asked, chosen = texts(values), Chosen()
    if catalogue.get("plots") is None:
        asked = []
    for text in asked[:READ_MAX]:
        _choose(chosen, text)
    if len(chosen.plots) > MOST or len(asked) > READ_MAX:
        left = [plot.code for plot in chosen.plots[MOST:]]
        chosen.plots = chosen.plots[:MOST]
        chosen.remarks.append(_too_many(left))
    return chosen


def _choose(chosen: Chosen, text: str) -> None:
    found = meant(text)
    if len(found) > 1:
        ways = ", ".join(reference(plot) for plot in found[:MOST])
        told = _("Several zones have a plot %(code)s. Say which: %(ways)s.")
        chosen.remarks.append(told % {"code": text, "ways": ways})
    elif not found:
        chosen.remarks.append(_absent(text))
    elif found[0].status == PlotStatus.WITHDRAWN:
        chosen.remarks.append(_("Plot %(code)s has been withdrawn and is no longer offered.") % {"code": found[0].code})
    else:
        chosen.take(found[0])


def _absent(text: str) -> str:
    """What was published once is told apart from what never was."""
    code = text.rpartition("/")[2]
    if History.objects.filter(registry=Plot.registry(), row__code=code).exists():
        return _("Plot %(code)s is no longer in the registry.") % {"code": text}
    return _("There is no plot %(code)s.") % {"code": text}


def _too_many(left: list[str]) -> str:
    told = ngettext(
        "Side by side there is room for %(most)d plot.", "Side by side there is room for %(most)d plots.", MOST
    ) % {"most": MOST}
    return " ".join([told, _("Left out: %(codes)s.") % {"codes": ", ".join(left)}]) if left else told
