"""批复扫描件: the papers of one record (upload, list), handing one out, withdrawing one."""

from io import BytesIO

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from elections.models import Scan
from elections.models.scans import RECORDS
from elections.services.corrections import organization_of
from elections.services.scans import Paper, attach_scan, of_record, open_scan, subject_of_paper, withdraw_scan
from elections.views.frame import frame_at
from orgs.enums import Action, ScanKind
from orgs.models import Organization
from orgs.scanfiles import MAX_BYTES, TOO_LARGE
from orgs.scoping import NOT_FOUND, get_editable_or_403, get_visible_or_404, require_right

NOT_PEOPLE = "您的权限不含人员信息，不能查看批复扫描件。"
ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class ScanForm(forms.Form):
    """One file, and what it is."""

    file = forms.FileField(
        label="文件",
        help_text=f"PDF、JPG 或 PNG，单个文件不超过 {MAX_BYTES // (1024 * 1024)} MB。",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ACCEPTED}),
        allow_empty_file=True,
        error_messages={"required": "请选择文件。"},
    )
    kind = forms.ChoiceField(label="材料", widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args, is_term: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [each for each in ScanKind.choices() if is_term or each[0] != ScanKind.EARLY]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class WithdrawForm(forms.Form):
    """Why a scan is withdrawn."""

    reason = forms.CharField(label="撤回理由", max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scans(request, record, uid):
    """The scans of one record: the list, and the form for those who may change its organization."""
    found = _record(request.user, record, uid)
    organization = Organization.objects.get(pk=organization_of(found).pk)
    if not request.user.may(Action.READ_PEOPLE, organization):
        raise PermissionDenied(NOT_PEOPLE)
    may_edit = request.user.may(Action.EDIT, organization)
    if request.method == "POST":
        require_right(request.user, Action.EDIT, organization)
    form = ScanForm(request.POST or None, request.FILES or None, is_term=record == "term")
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            scan = attach_scan(
                record=found, data=sent["file"].read(), file_name=sent["file"].name, kind=sent["kind"], by=request.user
            )
        except ValidationError as refused:
            form.add_error(None if not hasattr(refused, "error_dict") else "file", refused.messages)
        else:
            messages.success(request, f"已上传“{scan.file_name}”。")
            return redirect("scans", record=record, uid=uid)
    frame = frame_at(request, organization)
    return render(
        request,
        "elections/scans.html",
        {
            **frame.context(),
            "organization": organization,
            "subject": subject_of_paper(found),
            "lines": [scan_line(each) for each in of_record(found).visible_to(request.user).select_related("by")],
            "form": form if may_edit else None,
            "page_url": frame.page_of(organization),
            "operation_url": reverse("operation", args=[found.uid]) if record == "operation" else "",
        },
    )


def scan_line(scan: Scan) -> dict:
    """One scan as a list shows it."""
    return {
        "uid": scan.uid,
        "file_name": scan.file_name,
        "kind": scan.get_kind_display(),
        "size": _size(scan.size),
        "by": scan.by.get_full_name(),
        "at": scan.created_at,
    }


@login_required
@never_cache
@require_safe
def scan(request, uid):
    """Hand out one scan: always as a file to keep, never opened by the browser in our name."""
    found = get_visible_or_404(Scan.objects.select_related("organization"), user=request.user, uid=uid)
    if request.method == "HEAD":
        content = BytesIO()
    else:
        content = BytesIO(open_scan(scan=found, by=request.user))
    reply = FileResponse(content, as_attachment=True, filename=found.file_name, content_type=found.media_type)
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reply


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scan_withdraw(request, uid):
    """Ask for the reason (GET), then withdraw the scan (POST)."""
    found = get_editable_or_403(Scan.objects.select_related("organization", "by"), user=request.user, uid=uid)
    back = _page_of(found)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_scan(scan=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, f"已撤回“{found.file_name}”，痕迹保留在变更历史中。")
        return redirect(back)
    frame = frame_at(request, found.organization)
    context = {
        **frame.context(),
        "organization": found.organization,
        "subject": found.subject,
        "line": scan_line(found),
        "form": form,
        "back_url": back,
        "page_url": frame.page_of(found.organization),
    }
    return render(request, "elections/scan_withdraw.html", context)


def _record(user, name: str, uid) -> Paper:
    model = RECORDS.get(name)
    if model is None:
        raise Http404(NOT_FOUND)
    return get_visible_or_404(model, user=user, uid=uid)


def _page_of(scan: Scan) -> str:
    name = next(name for name in RECORDS if getattr(scan, f"{name}_id"))
    return reverse("scans", args=[name, getattr(scan, name).uid])


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"
