"""What is wrong with wishes, in words that are enough by themselves: the layer, the feature, the field, the reason."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from layers.layer import Layer
from layers.writing.wishes import Wish
from registries.core.errors import BadInput, Conflict, NotFound, RegistryError, RuleViolations
from registries.core.rules import RULES, Problem

MOST_TOLD = 20
UNKNOWN, BAD_VALUE = "EDIT-002", "EDIT-004"


class Refused(RuleViolations):
    """Several problems, each in a sentence of its own."""

    def __str__(self) -> str:
        return listed([problem.text() for problem in self.problems])


class Refusals:
    def __init__(self) -> None:
        # What to call each feature.
        self.labels: dict[UUID, str] = {}
        self._found: list[RegistryError] = []
        self._problems: list[Problem] = []

    def add(self, wish: Wish, label: str, error: RegistryError) -> None:
        where = _where(label, field_title(wish.layer, error.locator))
        self._found.append(_said(where, error))
        code = BAD_VALUE if isinstance(error, BadInput) else UNKNOWN
        self._problems.append(_problem(code, wish.layer.registry, wish.id, f"{where}: {error}", error.locator))

    def settle(self) -> None:
        """Raises what was added: one error as it is, several as one that tells them all."""
        if not self._found:
            return
        if all(isinstance(one, Conflict) for one in self._found):
            conflicts = [each for one in self._found if isinstance(one, Conflict) for each in one.conflicts]
            first = self._found[0]
            raise Conflict(
                conflicts, listed([one.message for one in self._found]), locator=first.locator, hint=first.hint
            )
        if len(self._found) == 1:
            raise self._found[0]
        raise Refused(self._problems, listed([one.message for one in self._found]), locator=self._found[0].locator)

    def told(self, error: RuleViolations) -> RegistryError:
        """The door's refusal, with the features called by their names."""
        problems = [self._named(one) for one in error.problems]
        if len(problems) == 1 and problems[0].code in (BAD_VALUE, UNKNOWN):
            kind = NotFound if problems[0].code == UNKNOWN else BadInput
            return kind(problems[0].text(), locator=problems[0].locator)
        return Refused(problems, listed([one.text() for one in problems]), locator=problems[0].locator)

    def _named(self, problem: Problem) -> Problem:
        if problem.object_id not in self.labels:
            return problem
        code = f" [{problem.code}]" if problem.code in RULES else ""
        text = f"{self.labels[problem.object_id]}: {problem.text()}{code}"
        return replace(problem, message=text, params={})


def _problem(code: str, registry: str, id: UUID | None, text: str, locator: str) -> Problem:
    return Problem(code, text, registry=registry, object_id=id, locator=locator)


def _said(where: str, error: RegistryError) -> RegistryError:
    message = f"{where}: {error.message}"
    if isinstance(error, Conflict):
        return Conflict(error.conflicts, message, locator=error.locator, hint=error.hint)
    return type(error)(message, locator=error.locator, hint=error.hint)


def field_title(layer: Layer, name: str) -> str:
    """The title of a published column, of what is written to a column of the registry, or of the shape."""
    if name == "geom":
        return _("geometry")
    found = next(
        (
            one
            for one in layer.columns
            if name == one.name or (one.writes is not None and name in (one.writes.key or one.writes.column,))
        ),
        None,
    )
    return found.title if found is not None else ""


def _where(label: str, field: str) -> str:
    return f"{label}, {field}" if field else label


def listed(texts: list[str]) -> str:
    shown, more = texts[:MOST_TOLD], len(texts) - MOST_TOLD
    if more > 0:
        shown = [*shown, _("and %(count)d more") % {"count": more}]
    return "; ".join(shown)
