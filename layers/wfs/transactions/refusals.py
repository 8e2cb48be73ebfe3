"""What can be wrong with a transaction (OGC 09-025r2, table 3 and D.2), and all of it told at once: of a report clients
show the first text only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_noop

from layers.wfs.exceptions import NotProcessed, WfsError
from layers.writing.refusals import BAD_VALUE, listed
from registries.core.errors import BadInput, Conflict, NotFound, RegistryError, RuleViolations, Unavailable


class InvalidValue(WfsError):
    default = gettext_noop("A value does not fit the feature type.")
    code = "InvalidValue"


class InvalidLockId(WfsError):
    default = gettext_noop("There is no such lock.")
    code = "InvalidLockId"


class LockHasExpired(WfsError):
    default = gettext_noop("The lock has expired.")
    code = "LockHasExpired"
    http_status = 403


class CannotLockAllFeatures(WfsError):
    default = gettext_noop("Not all features can be locked.")
    code = "CannotLockAllFeatures"


class NotDone(NotProcessed):
    default = gettext_noop("The transaction cannot be done.")


class NativeRefused(NotProcessed):
    default = gettext_noop("Native actions are not done here.")


class Refusals:
    """Problems of features, gathered to be told together."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def add(self, locator: str, text: str) -> None:
        self.told.append((locator, text))

    @contextmanager
    def of(self, feature: str) -> Iterator[None]:
        """What is wrong within the block is wrong with `feature`, and is raised with all others by `settle`."""
        try:
            yield
        except WfsError as error:
            if not isinstance(error, InvalidValue):
                raise
            self.add(error.locator, said(feature, error))
        except BadInput as error:
            self.add(error.locator, said(feature, error))

    def settle(self) -> None:
        """Raises InvalidValue for all that was added."""
        if self.told:
            raise InvalidValue(listed([text for _locator, text in self.told]), locator=self.told[0][0])

    def and_then(self, error: RegistryError) -> RegistryError:
        """`error` after all that was added."""
        if not self.told:
            return error
        texts = [text for _locator, text in self.told]
        return InvalidValue(listed([*texts, str(error)]), locator=self.told[0][0])


def said(feature: str, error: BadInput) -> str:
    """Which feature, which field and why."""
    return ", ".join(part for part in (feature, error.locator) if part) + f": {error}"


def told(error: RegistryError) -> RegistryError:
    """The same in the standard's codes: a value that does not fit, or something that cannot be done."""
    if isinstance(error, WfsError | Conflict | NotFound | Unavailable):
        return error
    if isinstance(error, RuleViolations):
        fits = any(problem.code != BAD_VALUE for problem in error.problems)
        return (NotDone if fits else InvalidValue)(str(error), locator=error.locator)
    refusal = InvalidValue if isinstance(error, BadInput) else NotDone
    return refusal(error.message, locator=error.locator, hint=error.hint)
