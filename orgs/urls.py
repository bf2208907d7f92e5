"""Addresses of sign-in and of the user's own account; stand before the admin's, whose sign-in they replace."""

from django.urls import path
from django.views.generic import RedirectView

from orgs.views import accounts

urlpatterns = [
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", accounts.sign_out, name="logout"),
    path("password/", accounts.ChangePassword.as_view(), name="password_change"),
    path("admin/login/", accounts.admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password_change")),
]
