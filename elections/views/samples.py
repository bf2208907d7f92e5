"""The demo's rosters as downloads; where there is no demo, the address leads nowhere."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elections.demo import samples
from elections.views.ledger import XLSX
from orgs.scoping import NOT_FOUND


@login_required
@never_cache
@require_safe
def import_sample(request, uid):
    """The roster file of one part of the demo's tree that the user may have; `kind` asks for one of several."""
    offered = {organization.uid: organization for organization in samples.offered_to(request.user)}
    files = samples.files_of(offered[uid]) if uid in offered else {}
    path = files.get(request.GET.get("kind", next(iter(files), "")))
    if path is None:
        raise Http404(NOT_FOUND)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=XLSX)
