"""Sign-in, sign-out and the user's own password."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_POST

from orgs.audit import record_event
from orgs.forms import ChangePasswordForm, SignInForm


class SignIn(LoginView):
    """The sign-in page; the new session becomes the only good one of the account."""

    template_name = "orgs/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        keep_session(self.request)
        record_own_event(self.request, "sign_in")
        return response


class ChangePassword(PasswordChangeView):
    """The user's own password; ends the other sessions and the duty to change an initial password."""

    template_name = "orgs/password_change.html"
    form_class = ChangePasswordForm
    success_url = "/"

    def form_valid(self, form):
        form.user.must_change_password = False
        response = super().form_valid(form)
        keep_session(self.request)
        record_own_event(self.request, "password_change")
        messages.success(self.request, "密码已修改，下次登录请使用新密码。")
        return response


@require_POST
def sign_out(request):
    """End the session and say so."""
    if request.user.is_authenticated:
        record_own_event(request, "sign_out")
    logout(request)
    return render(request, "orgs/logged_out.html")


def admin_sign_in(request):
    """The admin asks for the same sign-in as every page; who is signed in but no administrator may not enter."""
    if request.user.is_authenticated:
        raise PermissionDenied("您的账号没有进入管理后台的权限。")
    return redirect_to_login(request.GET.get("next", "/admin/"))


def keep_session(request) -> None:
    """Note the session of this request as the account's only good one."""
    request.user.session_key = request.session.session_key
    request.user.save(update_fields=["session_key"])


def record_own_event(request, kind: str) -> None:
    """Add to the log what users did with their own account."""
    record_event(kind=kind, target=request.user, organization=request.user.organization, by=request.user)
