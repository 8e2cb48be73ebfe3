"""What can go wrong, by meaning. The docstring is the default message; `locator` says where, `hint` what to do.

One table maps each meaning to its HTTP status, OWS exception code (OGC 06-121r9, table 28; WFS 2.0, table 3) and
process exit code. Errors are caught only at the edges: site middleware, each protocol, management commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from registries.core.rules import Problem


class RegistryError(Exception):
    """The registry could not do this."""

    default: ClassVar[str] = gettext_noop("The registry could not do this.")

    def __init__(self, message: str = "", *, locator: str = "", hint: str = "") -> None:
        self.message = str(message) or _(self.default)
        self.locator = locator
        self.hint = str(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint) if part)


class BadInput(RegistryError):
    default = gettext_noop("The input is not valid.")


class InvalidGeometry(BadInput):
    default = gettext_noop("The geometry is not valid.")


class RuleViolations(RegistryError):
    """The data breaks rules that block; `problems` holds each with its feature and place."""

    default = gettext_noop("The data breaks rules of the registry.")

    def __init__(self, problems: Sequence[Problem], message: str = "", **where: Any) -> None:
        self.problems = list(problems)
        super().__init__(message or _(self.default), **where)

    def __str__(self) -> str:
        shown = [str(problem) for problem in self.problems[:20]]
        more = len(self.problems) - len(shown)
        if more > 0:
            shown.append(_("and %(count)d more") % {"count": more})
        return " ".join([self.message, "; ".join(shown)])


class NotAllowed(RegistryError):
    default = gettext_noop("You are not allowed to do this.")


class NotFound(RegistryError):
    default = gettext_noop("There is no such thing.")


@dataclass(frozen=True)
class FieldConflict:
    """One field that somebody else changed meanwhile, always in the order base, published, proposed; a JSON key as
    `column.key`, the geometry as `geom`, the whole object as `*`.
    """

    registry: str
    object_id: str
    field: str
    base: Any
    published: Any
    proposed: Any
    item_id: int = 0


class Conflict(RegistryError):
    """Somebody else published a change of the same fields meanwhile."""

    default = gettext_noop("Somebody else published a change of the same fields meanwhile.")

    def __init__(self, conflicts: Sequence[FieldConflict] = (), message: str = "", **where: Any) -> None:
        self.conflicts = list(conflicts)
        super().__init__(message or _(self.default), **where)


class WrongState(RegistryError):
    default = gettext_noop("This is not possible in the present state.")


class Unavailable(RegistryError):
    default = gettext_noop("This part of the portal is not available now.")


class TooMany(RegistryError):
    default = gettext_noop("This was tried too often. Wait a while and try again.")


class RuleFailed(Unavailable):
    """A rule raised instead of judging; `locator` is its code."""

    default = gettext_noop("A rule of the registry could not be run.")


@dataclass(frozen=True)
class Outcome:
    http_status: int
    ows_code: str
    exit_code: int


OUTCOMES: dict[type[RegistryError], Outcome] = {
    RegistryError: Outcome(400, "OperationProcessingFailed", 1),
    BadInput: Outcome(400, "InvalidParameterValue", 2),
    InvalidGeometry: Outcome(400, "InvalidParameterValue", 2),
    RuleViolations: Outcome(422, "OperationProcessingFailed", 4),
    NotAllowed: Outcome(403, "OperationNotSupported", 5),
    NotFound: Outcome(404, "NotFound", 6),
    Conflict: Outcome(409, "OperationProcessingFailed", 7),
    WrongState: Outcome(409, "OperationProcessingFailed", 8),
    TooMany: Outcome(429, "OperationProcessingFailed", 10),
    Unavailable: Outcome(503, "OperationProcessingFailed", 9),
}


def outcome(error: RegistryError) -> Outcome:
    """The row of the nearest meaning in the class's ancestry."""
    return next(OUTCOMES[meaning] for meaning in type(error).__mro__ if meaning in OUTCOMES)
