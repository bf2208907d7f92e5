"""What was done to one row, from the audit log, in words an official reads."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist

from orgs.enums import Action
from orgs.models import AuditEvent, Organization
from orgs.wording import SEALED_MARK, change_words

CHANGED = "已变更"
# Named as changed, never with a value, whatever an event holds.
HIDDEN = frozenset({"password", "session_key"})
# Of an organization: whom to call, told to those who see people there.
CONTACT = frozenset({"contact_name", "contact_phone"})
# Left out: they follow from another field.
DERIVED = frozenset({"sort_key", "id_number_index"})
# {event kind: words}; a kind is `<thing>.<what>`, as services write it.
KINDS = {
    "organization.create": "新建党组织",
    "organization.move": "调整隶属关系",
    "organization.reshape": "变更名称、类别或形式",
    "organization.update": "修改基本信息",
    "organization.units": "变更所在单位",
    "organization.close": "撤销党组织",
    "organization.succession": "登记合并或拆分",
    "move_request.file": "申请划转",
    "move_request.decide": "答复划转申请",
    "opening.set": "设置建账日",
    "opening.change": "更改建账日",
    "opening.withdraw": "取消建账日",
    "unit.create": "登记单位",
    "unit.update": "修改单位",
    "account.create": "新建账号",
    "account.update": "修改账号",
    "account.disable": "停用账号",
    "account.enable": "启用账号",
    "account.password": "重设密码",
    "grant.give": "授权",
    "grant.end": "收回授权",
    "member.create": "登记党员",
    "member.update": "修改党员信息",
    "member.transfer": "转接组织关系",
    "affiliation.open": "接收组织关系",
    "affiliation.end": "结束组织关系",
    "affiliation.unit": "登记所在单位",
    "transfer.ask": "申请转出组织关系",
    "transfer.readdress": "更改转接去向",
    "transfer.accept": "接收组织关系转接",
    "transfer.decline": "退回组织关系转接",
    "transfer.withdraw": "撤回组织关系转接",
    "intake.ask": "申请转入组织关系",
    "intake.grant": "同意转入申请",
    "intake.decline": "不同意转入申请",
    "intake.withdraw": "撤回转入申请",
    "guest.receive": "登记流入党员",
    "guest.change": "更正流入党员登记",
    "standing.record": "登记党员情形",
    "standing.end": "结束党员情形",
    "declared_count.declare": "上报人数",
    "declared_count.correct": "更正上报人数",
    "roster.confirm": "确认党员花名册",
    "term.record": "登记届次",
    "extension.record": "登记延期",
    "appointment.record": "登记指派",
    "election.open": "启动选举",
    "election.set_day": "确定选举日",
    "election.close": "办结选举",
    "post.begin": "登记任职",
    "post.end": "免去职务",
    "leader.begin": "登记联系领导",
    "leader.update": "修改联系领导电话",
    "leader.end": "联系领导卸任",
    "approval_right.begin": "设定审批权限",
    "approval_right.end": "终止审批权限规定",
    "approver.begin": "指定审批机关",
    "approver.end": "终止指定审批机关",
    "territory.begin": "登记属地关系",
    "territory.end": "终止属地关系",
    "scan.attach": "上传批复扫描件",
    "scan.open": "下载批复扫描件",
    "scan.withdraw": "撤回批复扫描件",
    "correction.file": "提出更正",
    "correction.make": "更正",
    "correction.decide": "复核更正",
    "term.plan": "填写换届计划",
    "term.correct": "更正届次",
    "extension.correct": "更正延期",
    "post.correct": "更正任职",
    "local_value.add": "设定地方值",
    "local_list.add": "发布地方清单",
    "provision.check": "核对原文",
    "member.merge": "合并重复党员",
    "member.distinct": "认定不是同一人",
    "freeze.close": "结账",
    "freeze.reopen": "重新开账",
    "import.choose": "选择未列人员和划转的处理",
    "import.apply": "导入名册",
    "import.undo": "撤销导入",
    "import.list_closed": "待改清单销号",
    "import.marked": "下载批注后的原表",
    "layout.explain": "指明名册各列",
    "operation.perform": "办理",
    "operation.undo": "撤销办理",
    "roster.export": "导出名册",
    "import.report_unmasked": "导出未打码的导入结果",
    "export": "导出",
    "demo.history": "生成演示数据",
    "demo.posts": "生成演示班子",
    "void": "作废",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "password_change": "修改密码",
}


@dataclass(frozen=True)
class HistoryRow:
    """One line of a history: when, who, what, and each changed field in words."""

    at: datetime
    actor: str
    what: str
    changes: tuple[str, ...]


class History:
    """The events of one row, newest first; sliced by a paginator, so that only a page is read."""

    def __init__(self, obj, *, user):
        self.model = type(obj)
        self.hidden = HIDDEN
        if isinstance(obj, Organization) and not user.may(Action.READ_PEOPLE, obj):
            self.hidden |= CONTACT
        self.events = AuditEvent.objects.filter(
            target_type=self.model._meta.label_lower, target_uid=obj.uid
        ).select_related("actor")

    def __len__(self):
        return self.events.count()

    def __getitem__(self, part):
        return [self.row(event) for event in self.events[part]]

    def row(self, event) -> HistoryRow:
        """The line of one event."""
        return HistoryRow(
            at=event.at,
            actor=event.actor.get_full_name() if event.actor else "系统",
            what=what_was_done(event),
            changes=tuple(filter(None, (self.change(name, event.changes[name]) for name in self.in_order(event)))),
        )

    def in_order(self, event) -> list[str]:
        """The changed fields in the order of the form: PostgreSQL does not keep the order of a JSON object."""
        names = [field.name for field in self.model._meta.concrete_fields]
        return sorted(event.changes, key=lambda name: (names.index(name) if name in names else len(names), name))

    def change(self, name: str, values) -> str:
        """One changed field in words; related rows are named as changed only, since they may lie out of scope."""
        if name in DERIVED:
            return ""
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return ""
        if field.is_relation or not isinstance(values, list) or name in self.hidden:
            return f"{field.verbose_name.removesuffix(SEALED_MARK)}：{CHANGED}"
        return change_words(field, *values)


def history_of(obj, *, user) -> History:
    """The history of `obj` as `user` may read it, as a sequence for a paginator."""
    return History(obj, user=user)


def what_was_done(event) -> str:
    """The words for the kind of an event; one that is not listed here is told by its own code."""
    return KINDS.get(event.kind, event.kind)
