"""The people of the demonstration, with the rights they need to show four eyes at work."""

from django.db import transaction

from gis_portal.setup.people import PASSWORD, PEOPLE
from registries.core.models import Role, RoleGrant, User

_ROLES = {"olena": Role.EDITOR, "boris": Role.REVIEWER, "iskra": Role.ADVISER, "admin": Role.ADMINISTRATOR}


@transaction.atomic
def create() -> dict[str, User]:
    """Create who is missing, and return all by log-in name; a password that somebody changed stays as it is."""
    people = {}
    for person in PEOPLE:
        administers = _ROLES[person.name] is Role.ADMINISTRATOR
        first, _, last = person.full_name.partition(" ")
        user, created = User.objects.get_or_create(
            username=person.name,
            defaults={
                "first_name": first,
                "last_name": last,
                # A domain that exists nowhere (RFC 2606); the demo writes messages to files.
                "email": f"{person.name}@portal.example",
                # An adviser finds nothing in the administration.
                "is_staff": _ROLES[person.name] is not Role.ADVISER,
                "is_superuser": administers,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        RoleGrant.objects.get_or_create(user=user, role=_ROLES[person.name], zone_id=None, network_id=None)
        people[person.name] = user
    return people
