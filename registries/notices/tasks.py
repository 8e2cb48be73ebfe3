"""What the job worker does for letters."""

from smtplib import SMTPException
from uuid import UUID

from procrastinate.contrib.django import app

from registries.core.jobs import RETRY
from registries.notices import post
from registries.notices.models import Letter


@app.task(name=post.SEND, retry=RETRY)
def send_letter(letter_id: str) -> None:
    """A letter that has been sent is not sent again, even if its job is."""
    letter = Letter.objects.exclude(state=Letter.State.SENT).filter(pk=UUID(letter_id)).first()
    if letter is None:
        return
    try:
        post.send(letter)
    except (SMTPException, OSError) as problem:
        letter.failure = f"{type(problem).__name__}: {problem}"[:250]
        letter.state = Letter.State.FAILED
        letter.save(update_fields=["failure", "state"])
        raise
