"""Addresses under `/accounts/`."""

from django.urls import path

from gis_portal.people import account, factor_pages, login, openid, passwords

urlpatterns = [
    path("", account.index, name="account"),
    path("login/", login.LogIn.as_view(), name="login"),
    path("logout/", login.log_out, name="logout"),
    path("openid/", openid.start, name="openid"),
    path("openid/callback/", openid.come_back, name="openid-callback"),
    path("second-factor/", factor_pages.check, name="second-factor"),
    path("second-factor/set-up/", factor_pages.set_up, name="second-factor-set-up"),
    path("second-factor/codes/", factor_pages.codes, name="second-factor-codes"),
    path("second-factor/off/", factor_pages.switch_off, name="second-factor-off"),
    path("password/", passwords.Change.as_view(), name="password-change"),
    path("password/forgotten/", passwords.forgotten, name="password-forgotten"),
    path("password/set/<uidb64>/<token>/", passwords.Choose.as_view(), name="password-set"),
    path("tokens/", account.tokens_page, name="tokens"),
    path("tokens/<int:pk>/revoke/", account.revoke, name="token-revoke"),
]
