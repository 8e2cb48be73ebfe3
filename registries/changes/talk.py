"""What people say of a change set and its items, who has seen it, and who else is asked to decide."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registries.changes import descriptions, links, notices, states, steps
from registries.changes.models import ChangeItem, ChangeSet, Comment, ReviewLink, Sight
from registries.changes.standing import may_see
from registries.core import audit
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import User
from registries.core.records import registries

COMMENT_LENGTH = 4000


@transaction.atomic
def comment(actor: User, change_set: ChangeSet, text: str, item: ChangeItem | None = None) -> Comment:
    """Say something of an open change set, or of one item of it; the author and all who spoke before are told."""
    change_set, _standing = steps.begin("comment", actor, change_set)
    text = descriptions.text(text, "text", COMMENT_LENGTH)
    if not text:
        raise BadInput(_("The comment is empty."), locator="text")
    if item is not None and item.change_set_id != change_set.pk:
        raise BadInput(_("This item belongs to another change set."), locator="item")
    spoke = User.objects.filter(pk__in=change_set.comments.values("author"))
    notices.tell(change_set, "commented", [change_set.author, *spoke], actor)
    made = Comment.objects.create(change_set=change_set, item=item, author=actor, text=text)
    word = states.TRANSITIONS["comment"].word
    audit.record(actor, word, f"change_set {change_set.pk}", comment=made.pk)
    return made


@transaction.atomic
def saw(actor: User, change_set: ChangeSet) -> Sight:
    """Note that the person looks at the change set now; the notices about it have done their work."""
    if not may_see(actor, change_set):
        raise NotAllowed(_("You cannot see this change set."), locator=f"change_set {change_set.pk}")
    now = timezone.now()
    sight, _created = Sight.objects.update_or_create(
        change_set=change_set,
        person=actor,
        defaults={"last_at": now},
        create_defaults={"first_at": now, "last_at": now},
    )
    notices.mark_seen(actor, change_set)
    _note_people(actor, change_set)
    return sight


def _note_people(actor: User, change_set: ChangeSet) -> None:
    """Whom the change set names besides colleagues: parties in its items, outside reviewers with their addresses."""
    personal = {key: model.personal for key, model in registries().items() if model.personal}
    named = set(change_set.items.filter(registry__in=personal).order_by().values_list("registry", flat=True).distinct())
    what = sorted(column for key in named for column in personal[key])
    if actor.is_active and change_set.review_links.exists():
        what.append("review_link.reviewer.email")
    if what:
        audit.saw(actor, f"change_set {change_set.pk}", ", ".join(what))


@transaction.atomic
def name_reviewer(actor: User, change_set: ChangeSet, name: str, email: str, valid_for: timedelta) -> str:
    """Let somebody without an account decide on this change set; the secret of the link, which is told only now."""
    change_set, _standing = steps.begin("name_reviewer", actor, change_set)
    link, secret = links.make(actor, change_set, name, email, valid_for)
    word = states.TRANSITIONS["name_reviewer"].word
    details = {"link": link.pk, "reviewer": link.reviewer_id, "until": link.expires_at.isoformat()}
    audit.record(actor, word, f"change_set {change_set.pk}", **details)
    return secret


@transaction.atomic
def revoke_link(actor: User, link: ReviewLink) -> ReviewLink:
    """End a link before its time: whoever made it, or another administrator of these zones."""
    change_set, _standing = steps.begin("revoke_link", actor, link.change_set)
    link = change_set.review_links.select_for_update().get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        audit.record(actor, states.TRANSITIONS["revoke_link"].word, f"change_set {change_set.pk}", link=link.pk)
    return link
