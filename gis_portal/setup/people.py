"""The people of the demonstration: the set-up prints their log-ins, the portal creates them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    full_name: str
    part: str


# Published on purpose: the demonstration listens on 127.0.0.1 and holds invented data only.
PASSWORD = "demo-zone-2026"  # noqa: S105
PEOPLE = (
    Person("olena", "Олена Стоянова", "editor"),
    Person("boris", "Борис Петров", "reviewer"),
    Person("iskra", "Искра Димитрова", "investor adviser"),
    Person("admin", "Ани Георгиева", "administrator"),
)
