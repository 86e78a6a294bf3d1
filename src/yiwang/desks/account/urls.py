"""Addresses of accounts: sign in and out, register, signing keys, security of the account."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.account import (
    bans,
    certificates,
    confirm,
    keys,
    login,
    members,
    organisation,
    register,
    resets,
    second,
    security,
)

app_name = "account"
urlpatterns = [
    path("login/", login.page, name="login"),
    path("login/second/", second.page, name="second"),
    path("login/passkey/", second.by_passkey, name="by_passkey"),
    path("logout/", login.leave, name="logout"),
    path("register/", register.page, name="register"),
    path("keys/", keys.page, name="keys"),
    path("account/", security.page, name="security"),
    path("account/confirm/", confirm.page, name="confirm"),
    path("account/totp/", security.totp_page, name="totp"),
    path("account/password/", security.password, name="password"),
    path("account/passkeys/", security.passkey_add, name="passkey_add"),
    path("account/passkeys/options/", second.options, name="passkey_options"),
    path("account/factors/remove/", security.remove, name="factor_remove"),
    path("account/recovery-codes/", security.recovery, name="recovery"),
    path("account/sessions/end/", security.end_session, name="session_end"),
    path("login/statement/", certificates.half_signed_statement, name="half_statement"),
    path("account/organisation/", organisation.page, name="organisation"),
    path("account/bans/", bans.page, name="bans"),
    path("account/resets/", resets.page, name="resets"),
    path("account/resets/object/", organisation.object_to_reset, name="reset_object"),
    path("account/certificates/", certificates.page, name="certificates"),
    path("account/certificates/factor/", certificates.factor, name="certificate_factor"),
    path("account/certificates/endorse/<int:pk>/", certificates.endorse, name="certificate_endorse"),
    path("account/certificates/statement/<str:purpose>/", certificates.statement, name="certificate_statement"),
    path("account/members/", members.page, name="members"),
    path("account/members/link/", members.link, name="member_link"),
    path("invitation/<uuid:pk>/<str:token>/", members.invitation, name="invitation"),
]
