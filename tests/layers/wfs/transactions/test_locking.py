"""Locks over WFS: how long, of what, for whom, and in which words each version tells them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registries.changes.models import FeatureLock, LockedObject
from registries.core.models import Role, User
from tests.conftest import person
from tests.layers.served import Served
from tests.layers.wfs.transactions.editor import Answer, Editor, delete, named, update, value

LABEL = value("label", "mine")


@pytest.fixture
def olga(db: None) -> Editor:
    return Editor.of(person("olga", Role.EDITOR))


def query(*ids: str, layer: str = "water_pipe") -> str:
    return f'<Query typeNames="zone:{layer}">{named(*ids) if ids else ""}</Query>'


def lock(editor: Editor, *content: str, version: str = "2.0.0", attributes: str = "") -> Answer:
    return editor.request("LockFeature", *content, version=version, attributes=attributes)


def lock_id(answer: Answer) -> str:
    found = answer.xml.get("lockId") or answer.xml.xpath("string(//*[local-name()='LockId'])")
    assert found, answer.content
    return str(found)


def locked(answer: Answer, name: str = "FeaturesLocked") -> list[str]:
    return [str(id) for id in answer.xml.xpath(f"//*[local-name()='{name}']//@rid | //*[local-name()='{name}']//@fid")]


def pipe_id(served: Served, number: int) -> str:
    return f"water_pipe.{served.pipes[number].object_id}.v1"


def expire() -> None:
    FeatureLock.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_lock_names_what_it_holds(editor: Editor, served: Served):
    answer = lock(editor, query(pipe_id(served, 0), pipe_id(served, 1)))
    assert (answer.status, answer.root) == (200, "LockFeatureResponse")
    assert sorted(locked(answer)) == sorted([pipe_id(served, 0), pipe_id(served, 1)])
    assert not answer.all("//FeaturesNotLocked")
    assert FeatureLock.objects.get(pk=lock_id(answer)).lasts == timedelta(seconds=300)


@pytest.mark.parametrize(("version", "root"), [("1.1.0", "LockFeatureResponse"), ("1.0.0", "WFS_LockFeatureResponse")])
def test_before_2_0_0_minutes_count(editor: Editor, served: Served, version: str, root: str):
    asked = f'<Lock typeName="zone:water_pipe">{named(pipe_id(served, 0))}</Lock>'
    answer = lock(editor, asked, version=version, attributes='expiry="2"')
    assert (answer.root, locked(answer)) == (root, [pipe_id(served, 0)])
    assert FeatureLock.objects.get(pk=lock_id(answer)).lasts == timedelta(minutes=2)


def test_a_whole_type_is_locked(editor: Editor, served: Served):
    assert len(locked(lock(editor, query()))) == len(served.pipes)


def test_a_stored_query_is_locked(editor: Editor, served: Served):
    asked = (
        '<StoredQuery id="urn:ogc:def:query:OGC-WFS::GetFeatureById">'
        f'<Parameter name="id">{pipe_id(served, 3)}</Parameter></StoredQuery>'
    )
    assert locked(lock(editor, asked)) == [pipe_id(served, 3)]


def test_key_value_pairs_lock(editor: Editor, served: Served):
    answer = editor.get("LockFeature", resourceid=pipe_id(served, 0), expiry="60")
    assert locked(answer) == [pipe_id(served, 0)]
    assert FeatureLock.objects.get(pk=lock_id(answer)).lasts == timedelta(seconds=60)


def test_what_is_locked_cannot_be_locked_again(editor: Editor, served: Served):
    lock(editor, query(pipe_id(served, 0)))
    answer = lock(editor, query(pipe_id(served, 0), pipe_id(served, 1)))
    assert (answer.status, answer.code) == (400, "CannotLockAllFeatures")
    assert LockedObject.objects.count() == 1


def test_some_locks_what_is_free(editor: Editor, served: Served):
    lock(editor, query(pipe_id(served, 0)))
    answer = lock(editor, query(pipe_id(served, 0), pipe_id(served, 1)), attributes='lockAction="SOME"')
    assert (locked(answer), locked(answer, "FeaturesNotLocked")) == ([pipe_id(served, 1)], [pipe_id(served, 0)])


def test_the_own_lock_has_to_be_named(editor: Editor, served: Served):
    held = lock_id(lock(editor, query(pipe_id(served, 0))))
    answer = editor.do(delete(pipe_id(served, 0), layer="water_pipe"))
    assert (answer.status, answer.code, answer.locator) == (400, "MissingParameterValue", "lockId")
    answer = editor.do(delete(pipe_id(served, 0), layer="water_pipe"), attributes=f'lockId="{held}"')
    assert answer.totals["deleted"] == 1, answer.text
    assert not FeatureLock.objects.exists()


def test_the_lock_of_somebody_else_refuses_and_says_whose(editor: Editor, olga: Editor, served: Served):
    lock(olga, query(pipe_id(served, 0)))
    answer = editor.do(update(pipe_id(served, 0), LABEL, layer="water_pipe"), version="1.1.0")
    assert answer.status == 200
    assert "olga" in answer.text


def test_a_lock_of_somebody_else_opens_nothing(editor: Editor, olga: Editor, served: Served):
    held = lock_id(lock(olga, query(pipe_id(served, 0))))
    answer = editor.do(update(pipe_id(served, 0), LABEL, layer="water_pipe"), attributes=f'lockId="{held}"')
    assert (answer.status, answer.code) == (400, "InvalidLockId")


def test_another_lock_than_the_one_named_refuses(editor: Editor, olga: Editor, served: Served):
    lock(olga, query(pipe_id(served, 0)))
    own = lock_id(lock(editor, query(pipe_id(served, 1))))
    answer = editor.do(update(pipe_id(served, 0), LABEL, layer="water_pipe"), attributes=f'lockId="{own}"')
    assert answer.code == "InvalidLockId"


def test_releasing_some_keeps_the_rest_and_begins_anew(editor: Editor, served: Served):
    held = lock_id(lock(editor, query(pipe_id(served, 0), pipe_id(served, 1)), attributes='expiry="600"'))
    FeatureLock.objects.update(expires_at=timezone.now() + timedelta(seconds=10))
    terms = f'lockId="{held}" releaseAction="SOME"'
    assert editor.do(update(pipe_id(served, 0), LABEL, layer="water_pipe"), attributes=terms).status == 200
    (rest,) = LockedObject.objects.all()
    assert rest.object_id == served.pipes[1].object_id
    assert rest.lock.expires_at > timezone.now() + timedelta(seconds=500)


def test_an_empty_transaction_lets_go_of_a_lock(editor: Editor, served: Served):
    held = lock_id(lock(editor, query()))
    assert editor.do(f"<LockId>{held}</LockId>", version="1.1.0").root == "TransactionResponse"
    assert not FeatureLock.objects.exists()


def test_a_transaction_that_fails_keeps_the_lock(editor: Editor, served: Served):
    held = lock_id(lock(editor, query(pipe_id(served, 0))))
    editor.do(update(pipe_id(served, 0), value("no_such", "x"), layer="water_pipe"), attributes=f'lockId="{held}"')
    assert LockedObject.objects.count() == 1


def test_an_expired_lock_is_told(editor: Editor, served: Served):
    held = lock_id(lock(editor, query(pipe_id(served, 0))))
    expire()
    for answer in (
        editor.do(update(pipe_id(served, 0), LABEL, layer="water_pipe"), attributes=f'lockId="{held}"'),
        lock(editor, attributes=f'lockId="{held}"'),
        lock(editor, query(pipe_id(served, 0)), attributes='lockId="lock-does-not-exist"'),
    ):
        assert (answer.status, answer.code, answer.locator) == (403, "LockHasExpired", "lockId")


def test_an_unknown_lock_is_told(editor: Editor):
    answer = editor.do(attributes='lockId="no-such-lock"')
    assert (answer.status, answer.code) == (400, "InvalidLockId")


def test_a_lock_is_extended_by_its_holder(editor: Editor, olga: Editor, served: Served):
    held = lock_id(lock(editor, query(pipe_id(served, 0)), attributes='expiry="60"'))
    assert lock_id(lock(editor, attributes=f'lockId="{held}" expiry="1200"')) == held
    assert FeatureLock.objects.get().expires_at > timezone.now() + timedelta(seconds=1000)
    assert lock(olga, attributes=f'lockId="{held}"').code == "LockHasExpired"


@pytest.mark.parametrize(
    ("attributes", "locator"),
    [
        ('expiry="0"', "expiry"),
        ('expiry="x"', "expiry"),
        ('expiry="99999999"', "expiry"),
        ('lockAction="MOST"', "lockAction"),
    ],
)
def test_wrong_terms_are_named(editor: Editor, served: Served, attributes: str, locator: str):
    answer = lock(editor, query(), attributes=attributes)
    assert (answer.status, answer.locator) == (400, locator)


def test_features_come_with_their_lock(editor: Editor, served: Served):
    answer = editor.request("GetFeatureWithLock", query(pipe_id(served, 0)), attributes='expiry="20"')
    assert FeatureLock.objects.get(pk=lock_id(answer)).lasts == timedelta(seconds=20)
    assert answer.xml.get("numberReturned") == "1"


def test_only_the_page_is_locked(editor: Editor, served: Served):
    answer = editor.request("GetFeatureWithLock", query(), attributes='count="2" startIndex="1"')
    assert answer.xml.get("numberReturned") == "2"
    ids = {edit.object_id for edit in served.pipes}
    wanted = sorted(ids)[1:3]
    assert sorted(LockedObject.objects.values_list("object_id", flat=True)) == wanted


def test_what_somebody_else_holds_is_left_out(editor: Editor, olga: Editor, served: Served):
    lock(olga, query(pipe_id(served, 0)))
    asked = query(pipe_id(served, 0), pipe_id(served, 1), pipe_id(served, 2))
    assert editor.request("GetFeatureWithLock", asked).code == "CannotLockAllFeatures"
    answer = editor.request("GetFeatureWithLock", asked, attributes='lockAction="SOME"')
    assert answer.xml.get("numberReturned") == "2"
    assert pipe_id(served, 0).encode() not in answer.content


def test_a_count_cannot_be_locked(editor: Editor, served: Served):
    answer = editor.request("GetFeatureWithLock", query(), attributes='resultType="hits"')
    assert (answer.status, answer.code) == (400, "InvalidParameterValue")
    assert not FeatureLock.objects.exists()


def test_a_format_that_cannot_tell_the_lock_takes_none(editor: Editor, served: Served):
    answer = editor.get("GetFeatureWithLock", typenames="zone:water_pipe", outputformat="geojson")
    assert answer.code == "OptionNotSupported"
    assert not FeatureLock.objects.exists()


def test_who_only_reads_locks_nothing(served: Served, olena: User):
    reader = Editor.of(olena, "read")
    assert reader.get("LockFeature", typenames="zone:water_pipe").status == 403
    assert reader.get("GetFeatureWithLock", typenames="zone:water_pipe").status == 403
    assert not FeatureLock.objects.exists()
