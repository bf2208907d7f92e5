"""变更联系领导: the leader in charge of the organization's election."""

from django import forms

from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import Leader
from elections.services.leaders import set_leader
from orgs.models import Organization
from orgs.operations import Watch


class LeaderForm(DatedTaskForm):
    """Who is in charge, and from when."""

    field_order = ("name", "post", "phone", "on")

    name = forms.CharField(label="联系领导", max_length=40, required=False, help_text="不再由领导联系的，留空。")
    post = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(label="联系电话", max_length=40, required=False)
    basis = None

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("name") or "").strip() and not (cleaned.get("post") or "").strip():
            self.add_error("post", "请填写联系领导的职务。")
        return cleaned


class ChangeLeader(Task):
    """Names the leader, another one, or none."""

    code = "leader"
    title = "变更联系领导"
    group = "基本情况"
    hint = "登记负责联系本党组织换届工作的区、街道领导；以前的联系领导保留在变更历史中。"
    form_class = LeaderForm

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None

    def initial(self, organization: Organization) -> dict:
        now = Leader.objects.filter(organization=organization, until__isnull=True).first()
        return {"name": now.name, "post": now.post, "phone": now.phone} if now else {}

    def run(self, request: Request, watch: Watch) -> None:
        data = request.data
        set_leader(
            organization=request.organization,
            name=data["name"],
            post=data["post"],
            phone=data["phone"],
            document_no=data["document_no"],
            on=request.on,
            by=request.by,
        )
