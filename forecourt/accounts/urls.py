"""Everything under /account/. tests/accounts/test_access.py reads this list: an address that it does not know fails."""

from django.urls import path

from forecourt.accounts import choice_views, home_views, passkey_views, views

app_name = "accounts"
urlpatterns = [
    path("account/", home_views.home, name="home"),
    path("account/register/", views.register, name="register"),
    path("account/sign-in/", views.sign_in, name="sign_in"),
    path("account/code/", views.ask_code, name="ask_code"),
    path("account/code/<str:token>/", views.code, name="code"),
    path("account/reset/", views.reset, name="reset"),
    path("account/second/<str:token>/", passkey_views.second, name="second"),
    path("account/passkey/challenge/", passkey_views.challenge, name="passkey_challenge"),
    path("account/passkey/", passkey_views.sign_in, name="passkey_sign_in"),
    path("account/sign-out/", views.sign_out, name="sign_out"),
    path("account/confirmation/", home_views.confirm, name="confirm"),
    path("account/confirmation/code/", home_views.confirm_code, name="confirm_code"),
    path("account/confirmation/code/<str:token>/", home_views.confirm_digits, name="confirm_digits"),
    path("account/confirmation/passkey/challenge/", passkey_views.confirm_challenge, name="confirm_challenge"),
    path("account/confirmation/passkey/", passkey_views.confirm, name="confirm_passkey"),
    path("account/choices/<str:which>/no/", choice_views.no, name="no"),
    path("account/choices/<str:which>/yes/", choice_views.yes, name="yes"),
    path("account/choices/<str:which>/age/", choice_views.age, name="age"),
    path("account/ways/", home_views.ways, name="ways"),
    path("account/ways/password/", home_views.set_password, name="set_password"),
    path("account/ways/password/removal/", home_views.remove_password, name="remove_password"),
    path("account/ways/passkeys/challenge/", passkey_views.new_challenge, name="new_passkey_challenge"),
    path("account/ways/passkeys/", passkey_views.add, name="add_passkey"),
    path("account/ways/passkeys/<int:passkey_id>/removal/", passkey_views.remove, name="remove_passkey"),
    path("account/ways/second/", passkey_views.second_factor, name="second_factor"),
    path("account/browsers/<uuid:session_id>/end/", home_views.end_session, name="end_session"),
    path("account/closure/", home_views.closure, name="closure"),
]
