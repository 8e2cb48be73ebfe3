"""The edge of every management command: known errors become a sentence, a hint and an exit code."""

from django.core.management import execute_from_command_line
from django.db.utils import OperationalError

from gis_portal.setup.errors import SetupError
from registries.core.errors import RegistryError, outcome


def run(arguments: list[str]) -> None:
    """Run `manage.py …`. Raises SetupError."""
    try:
        execute_from_command_line(arguments)
    except RegistryError as problem:
        raise SetupError(problem.message, hint=problem.hint, code=outcome(problem).exit_code) from problem
    except OperationalError as problem:
        hint = "`manage.py database status` tells whether the database runs, `manage.py database start` starts it."
        raise SetupError(str(problem).strip(), hint=hint) from problem
