"""People in the administration, with how they come in: links to set a password, second factor, lock-out, tokens.

Nobody types another person's password: whoever knew it could act in that person's name. Administrators send a link
instead, and every such deed stands in the audit.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from gis_portal.people import factor, lockout, mail
from registries.core import audit, tokens
from registries.core.admin import PersonAdmin
from registries.core.models import User

# Their own pages show the keys, and would give anybody a second factor that somebody else holds.
admin.site.unregister([StaticDevice, TOTPDevice])
admin.site.unregister(User)


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email"]

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit=False)
        person.set_unusable_password()
        if commit:
            person.save()
        return person


class PersonForm(UserChangeForm):
    # Leaves Django's field out, which shows the beginning of the hash.
    password = None  # type: ignore[assignment]


@admin.register(User)
class AccountAdmin(PersonAdmin):
    form = PersonForm
    add_form = NewPersonForm
    # Django's own one loads a script for passwords.
    add_form_template = None
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email")}),)
    fieldsets = (
        (None, {"fields": ("username", "password_is_set", "second_factor", "lock")}),
        *PersonAdmin.fieldsets[1:],
    )
    list_display: tuple[str, ...] = (*PersonAdmin.list_display, "has_factor")  # type: ignore[assignment]
    actions = ("unlock", "reset_second_factor", "revoke_tokens")
    # Django's own page for a password, with the address that it has.
    change_user_password_template = "admin/core/user/password_link.html"  # noqa: S105

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(with_factor=Exists(devices))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "password_is_set", "second_factor", "lock")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "email":
            found.help_text = _("Links to set a password go there; it has to be the person's own.")
        return found

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="with_factor")
    def has_factor(self, person: Any) -> bool:
        return bool(person.with_factor)

    @admin.display(description=gettext_lazy("password"))
    def password_is_set(self, person: User) -> str:
        return _("set") if person.has_usable_password() else _("not set yet")

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, person: User) -> str:
        if factor.device_of(person):
            return _("set up; %(count)d recovery codes left") % {"count": factor.codes_left(person)}
        return _("not set up; asked for at the next log-in") if factor.must(person) else _("not set up")

    @admin.display(description=gettext_lazy("lock"))
    def lock(self, person: User) -> str:
        until = lockout.locks_of(person)
        if until is None:
            return _("none")
        return _("until %(time)s") % {"time": formats.date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT")}

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        if obj.email and settings.SENDS_EMAIL:
            send_link(request, obj)
            self.message_user(request, _("A link to set a password goes to %(email)s.") % {"email": obj.email})
        return super().response_add(request, obj, post_url_continue)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A link, by which the person alone sets the password; shown here only where no e-mail can be sent."""
        person = self.get_object(request, id)
        if person is None or not self.has_change_permission(request, person):
            raise PermissionDenied
        by_mail = bool(person.email and settings.SENDS_EMAIL)
        link = ""
        if request.method == "POST" and by_mail:
            send_link(request, person)
            self.message_user(request, _("A link to set a password goes to %(email)s.") % {"email": person.email})
        elif request.method == "POST":
            audit.record(actor(request), "show password link", f"core.user:{person.pk}")
            link = mail.link_of(person, origin(request))
        context = {**self.admin_site.each_context(request), "title": _("Link to set a password"), "opts": self.opts}
        context |= {"person": person, "by_mail": by_mail, "link": link}
        return TemplateResponse(request, self.change_user_password_template, context)

    @admin.action(description=gettext_lazy("End the lock of the chosen people"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._done(
            request, [one for one in self._within_reach(request, queryset) if lockout.unlock(actor(request), one)]
        )

    @admin.action(description=gettext_lazy("Take the second factor of the chosen people away"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        done = [one for one in self._within_reach(request, queryset) if factor.remove(actor(request), one)]
        for person in done:
            mail.tell(person, "second-factor-off")
        self._done(request, done)

    @admin.action(description=gettext_lazy("Revoke all access tokens of the chosen people"))
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        within = self._within_reach(request, queryset)
        self._done(request, [one for one in within if tokens.revoke_all(actor(request), one)])

    def _within_reach(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        return [person for person in queryset if self.has_change_permission(request, person)]

    def _done(self, request: HttpRequest, people: list[User]) -> None:
        told = ngettext("Done for %(count)d person.", "Done for %(count)d people.", len(people))
        level = messages.SUCCESS if people else messages.WARNING
        self.message_user(request, told % {"count": len(people)}, level)


def send_link(request: HttpRequest, person: User) -> None:
    audit.record(actor(request), mail.SENT, f"core.user:{person.pk}")
    language = get_language() or settings.LANGUAGE_CODE
    mail.send_link.defer(person_id=person.pk, origin=origin(request), language=language)


def origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "The administration lets nobody in who is not signed in."
    return request.user
