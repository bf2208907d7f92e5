"""Middleware: one session per account, and nothing but a new password while an initial one is in use."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect

OPEN_WITH_INITIAL_PASSWORD = {"password_change", "logout"}


class AccountGuardMiddleware:
    """Stands after the sessions, the user and the messages; leaves anonymous requests alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.session_key and user.session_key != request.session.session_key:
            logout(request)
            messages.warning(request, "您的账号已在其他地方登录，本次登录已结束。如非本人操作，请立即修改密码。")
            return redirect_to_login("/")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Lead a user with an initial password to the password page."""
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.resolver_match.view_name in OPEN_WITH_INITIAL_PASSWORD:
            return None
        return redirect("password_change")
