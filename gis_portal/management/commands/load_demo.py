"""`manage.py load_demo`: code lists, asset types, people and zone of the demonstration, as often as one likes."""

from typing import Any

from django.core.management import call_command

from gis_portal import demo_enquiries, demo_people, demo_zone
from registries.core.commands import RegistryCommand


class Command(RegistryCommand):
    help = "Load the synthetic demonstration zone through the door, as change sets of olena that boris approves."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_catalogue", stdout=self.stdout)
        people = demo_people.create()
        loaded = 0
        for title, count in demo_zone.load(people["olena"], people["boris"]):
            loaded += count
            self.stdout.write(f"{count:6} edits  {title}" if count else f"already there: {title}")
        message = (
            f"The demonstration zone is published: {loaded} edits."
            if loaded
            else "The demonstration zone is already there."
        )
        if loaded:
            demo_zone.take_over()
            call_command("check_rules", stdout=self.stdout)
        demo_enquiries.create(people["iskra"])
        self.stdout.write(self.style.SUCCESS(message))
