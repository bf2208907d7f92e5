"""All tasks in the order of the menu 「办理」."""

from elections.desk.task import Task
from elections.desk.tasks.approval_rights import AssignApprover, LinkTerritory, SetApprovalRight
from elections.desk.tasks.approvals import RecordAppointment, RecordExtension, VoidElection
from elections.desk.tasks.basics import ConfirmRoster, DeclareCount, SetMemberUnit, SetUnits
from elections.desk.tasks.cases import FixElectionDay, OpenElection, PlanElection
from elections.desk.tasks.contact import ChangeContact
from elections.desk.tasks.corrections import CorrectExtension, CorrectPost, CorrectTerm, DecideCorrection
from elections.desk.tasks.duplicates import MergePeople
from elections.desk.tasks.guests import ChangeGuest, EndStay, ReceiveGuest
from elections.desk.tasks.intakes import DeclineIntake, GrantIntake, WithdrawIntake
from elections.desk.tasks.leader import ChangeLeader
from elections.desk.tasks.members import AddMember, ChangeMember, EndMembership, MakeFormal, ReceiveFromOutside
from elections.desk.tasks.moving import AnswerMove, AskToMove, Move
from elections.desk.tasks.posts import BeginPost, EndPosts
from elections.desk.tasks.reorganization import Absorb, Close, Convert, MergeIntoNew, Split
from elections.desk.tasks.standings import BeginStanding, EndStanding
from elections.desk.tasks.terms import RecordPastTerm, RegisterElection
from elections.desk.tasks.transfers import (
    AcceptTransfer,
    AskTransfer,
    DeclineTransfer,
    ReaddressTransfer,
    Transfer,
    TransferOut,
    WithdrawTransfer,
)
from orgs.models import Organization

TASKS: tuple[Task, ...] = (
    RegisterElection(),
    RecordPastTerm(),
    PlanElection(),
    OpenElection(),
    FixElectionDay(),
    RecordExtension(),
    RecordAppointment(),
    VoidElection(),
    BeginPost(),
    EndPosts(),
    AddMember(),
    ChangeMember(),
    MakeFormal(),
    BeginStanding(),
    EndStanding(),
    EndMembership(),
    ReceiveGuest(),
    ChangeGuest(),
    EndStay(),
    MergePeople(),
    SetMemberUnit(),
    Transfer(),
    AskTransfer(),
    ReaddressTransfer(),
    WithdrawTransfer(),
    AcceptTransfer(),
    DeclineTransfer(),
    GrantIntake(),
    DeclineIntake(),
    WithdrawIntake(),
    TransferOut(),
    ReceiveFromOutside(),
    ChangeContact(),
    ChangeLeader(),
    DeclareCount(),
    ConfirmRoster(),
    SetUnits(),
    Convert(),
    Absorb(),
    MergeIntoNew(),
    Split(),
    Close(),
    Move(),
    AskToMove(),
    AnswerMove(),
    SetApprovalRight(),
    AssignApprover(),
    LinkTerritory(),
    CorrectTerm(),
    CorrectExtension(),
    CorrectPost(),
    DecideCorrection(),
)
BY_CODE: dict[str, Task] = {task.code: task for task in TASKS}


def menu(organization: Organization) -> list[tuple[str, list[Task]]]:
    """The tasks that make sense for an organization, by group in the order of first appearance."""
    groups: dict[str, list[Task]] = {}
    for task in TASKS:
        if task.offered(organization):
            groups.setdefault(task.group, []).append(task)
    return list(groups.items())


def title_of(kind: str) -> str:
    """The words for an operation's kind; the code itself for a task that no longer exists."""
    task = BY_CODE.get(kind)
    return task.title if task else kind
