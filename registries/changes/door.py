"""The door: the only way by which anything enters, changes in or leaves the registry.

Web pages, WFS, OGC API, imports and the console make `Edit`s and call these functions; each is one transaction, checks
the actor's rights by zone, and writes the audit. `expected` is the edition from which a form was made: another one now
is `Stale`.
"""

from registries.changes.conflicts import Choices
from registries.changes.conflicts import find as conflicts_of
from registries.changes.decisions import (
    EmptyChangeSet,
    accept_warnings,
    approve,
    approve_and_publish,
    publish,
    published,
    reject,
    schedule,
    submit,
    withdraw,
)
from registries.changes.diff import Delta, diff
from registries.changes.drafting import (
    describe,
    drop_items,
    drop_unchanged,
    open_change_set,
    propose,
    resolve,
    revert,
    revert_object,
)
from registries.changes.edits import Edit
from registries.changes.links import Expired, link_of
from registries.changes.notices import mark_seen, notices_of
from registries.changes.overlaps import Overlap, overlaps
from registries.changes.past import history
from registries.changes.sessions import begin_session, collect, sessions_of
from registries.changes.standing import may_see, possible, visible_to
from registries.changes.steps import Stale
from registries.changes.talk import comment, name_reviewer, revoke_link, saw
from registries.changes.waivers import open_warnings
from registries.core.overlay import as_of, draft

__all__ = [
    "Choices",
    "Delta",
    "Edit",
    "EmptyChangeSet",
    "Expired",
    "Overlap",
    "Stale",
    "accept_warnings",
    "approve",
    "approve_and_publish",
    "as_of",
    "begin_session",
    "collect",
    "comment",
    "conflicts_of",
    "describe",
    "diff",
    "draft",
    "drop_items",
    "drop_unchanged",
    "history",
    "link_of",
    "mark_seen",
    "may_see",
    "name_reviewer",
    "notices_of",
    "open_change_set",
    "open_warnings",
    "overlaps",
    "possible",
    "propose",
    "publish",
    "published",
    "reject",
    "resolve",
    "revert",
    "revert_object",
    "revoke_link",
    "saw",
    "schedule",
    "sessions_of",
    "submit",
    "visible_to",
    "withdraw",
]
