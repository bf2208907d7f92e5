"""「下载批注后的原表」 of a batch of rosters."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from elections.views.ledger import XLSX
from orgs.importing.marked.download import marked_file
from orgs.models import ImportBatch
from orgs.refusals import Refused
from orgs.scoping import get_visible_or_404


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_marked(request, uid):
    """The uploaded file with its problems marked; with `only_bad=1` its rows in error alone.

    By POST, since it holds full ID numbers and is told to the log. A GET downloads nothing: whoever had to sign in
    again before the POST arrives by one and finds the batch as it is.
    """
    batch = get_visible_or_404(ImportBatch.objects.select_related("organization"), user=request.user, uid=uid)
    if request.method != "POST":
        messages.warning(request, "没有下载任何文件。请重新点击“下载批注后的原表”。")
        return redirect("import_batch", uid=batch.uid)
    try:
        content, name = marked_file(batch=batch, only_bad=request.POST.get("only_bad") == "1", by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import_batch", uid=batch.uid)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)
