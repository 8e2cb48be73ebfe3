"""Commands on the registry speak the terminal's language and end with the exit code of what went wrong."""

import pytest
from django.core.management import CommandError
from django.utils.translation import get_language

from registries.core.commands import RegistryCommand
from registries.core.errors import NotFound


class Failing(RegistryCommand):
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        raise NotFound(get_language() or "")


@pytest.mark.parametrize(
    ("said", "spoken"), [("bg_BG.UTF-8", "bg"), ("en_US.UTF-8", "en"), ("C.UTF-8", "en"), ("", "en")]
)
def test_the_terminals_language_is_spoken(monkeypatch: pytest.MonkeyPatch, said: str, spoken: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", said)
    with pytest.raises(CommandError) as caught:
        Failing().execute(no_color=True, force_color=False, skip_checks=True)
    assert (str(caught.value), caught.value.returncode) == (spoken, 6)
