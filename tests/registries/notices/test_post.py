"""Letters: written down with their words, sent once their deed stands, and sent once."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from registries.notices import post, tasks
from registries.notices.models import Letter

KIND = "alert_confirm"
CONTEXT = {"words": ["from 5,000 m² & more"], "confirm": "https://portal.example/c", "days": 7}
pytestmark = pytest.mark.django_db


class Unreachable(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected("the line is dead")


def write(language: str = "en", **more) -> Letter:
    return post.write(KIND, "iva@example.org", language, CONTEXT, **more)


def is_handed_on(letter: Letter) -> bool:
    """Tests that serve pages leave jobs of theirs in the queue."""
    jobs = ProcrastinateJob.objects.filter(task_name=post.SEND)
    return jobs.filter(args__letter_id=str(letter.pk)).exists()


@pytest.fixture
def site(settings):
    settings.SITE_NAME = "Park\nEast"
    return settings


def test_the_templates_first_line_is_the_subject_on_one_line(site):
    assert write().subject == "Confirm your search – Park East"


def test_the_rest_is_the_text_with_its_signs_as_they_are(site):
    assert write().body.startswith("Hello,")
    assert "– from 5,000 m² & more" in write().body


def test_a_letter_is_in_the_readers_language_not_the_writers(site):
    letter = post.write(KIND, "iva@example.org", "bg", {**CONTEXT, "words": [gettext_lazy("Map")]})
    assert "– Карта" in letter.body


def test_a_letter_is_handed_to_the_worker_when_its_deed_has_been_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write()
        assert not is_handed_on(letter)
    assert is_handed_on(letter)


def test_without_a_mail_server_a_letter_is_kept_unsent(settings, django_capture_on_commit_callbacks):
    settings.SENDS_EMAIL = False
    with django_capture_on_commit_callbacks(execute=True):
        letter = write()
    assert (letter.state, is_handed_on(letter)) == (Letter.State.KEPT, False)


def test_the_worker_sends_the_letter_with_its_headers():
    letter = write(reply_to="office@example.org", headers={"List-Unsubscribe": "<https://portal.example/e>"})
    tasks.send_letter(letter_id=str(letter.pk))
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == (["iva@example.org"], ["office@example.org"])
    assert message.message()["List-Unsubscribe"] == "<https://portal.example/e>"


def test_a_sent_letter_tells_when_and_is_not_sent_again():
    letter = write()
    for _ in range(2):
        tasks.send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, len(mail.outbox)) == (Letter.State.SENT, 1)
    assert letter.sent_at is not None


def test_a_server_that_does_not_answer_leaves_the_letter_failed_for_the_next_try(settings):
    letter = write()
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    with pytest.raises(SMTPServerDisconnected):
        tasks.send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (Letter.State.FAILED, "SMTPServerDisconnected: the line is dead")


def test_a_failed_letter_goes_out_when_the_server_is_back():
    letter = write()
    Letter.objects.update(state=Letter.State.FAILED, failure="the line is dead")
    tasks.send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (Letter.State.SENT, "")


def test_the_job_of_a_letter_that_was_deleted_ends_quietly():
    letter = write()
    key = str(letter.pk)
    letter.delete()
    tasks.send_letter(letter_id=key)
    assert mail.outbox == []
