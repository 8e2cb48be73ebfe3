"""Accounts for what no signed-in person does: nobody can sign in with them, and the audit shows their names."""

from __future__ import annotations

from registries.core.models import Role, RoleGrant, User

IMPORTER, CONSOLE, DIRECT = "import", "console", "direct"


def account(name: str, role: Role) -> User:
    """The service account `name` with `role` everywhere, made when it is missing."""
    user, created = User.objects.get_or_create(username=name)
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    RoleGrant.objects.get_or_create(user=user, role=role, zone_id=None, network_id=None)
    return user
