"""The accounts of the demo: one for each sort of user, all with the same known password, none of use in production."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from elections.demo import dealing
from orgs.audit import record_event
from orgs.backends import DEMO_DOMAIN
from orgs.enums import Role
from orgs.models import Grant, Organization, User

PASSWORD = "yunling-demo"
ROOT = "001"


@dataclass(frozen=True)
class Account:
    """One account: what it is called, for whom, at which organization (its name, or the root), with which roles."""

    username: str
    name: str
    duty: str
    roles: tuple[Role, ...]
    organization: str = ""
    is_staff: bool = False
    is_superuser: bool = False


ADMINISTRATOR = Account(
    "admin", "高志远", "系统管理员：账号与授权，看不到党员信息", (Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN), "", True, True
)
OFFICER = Account("qw", "陈晓燕", "区委组织部：查看全区、经办、审批", (Role.OPERATOR, Role.APPROVER), is_staff=True)
CLERK = Account("donghu", "刘文静", "东湖街道党工委经办：导入名册、维护本街道", (Role.CLERK,), dealing.HOME)
BRANCH = Account("zhibu", "王立新", "胜利社区第一党支部填报", (Role.BRANCH,), dealing.HOME_BRANCH)
VIEWER = Account("kan", "周雅琴", "只读：查看全区，不能修改", (Role.VIEWER,))
ACCOUNTS = (OFFICER, CLERK, BRANCH, ADMINISTRATOR, VIEWER)


def make(account: Account) -> User:
    """Make the account itself, without any right yet."""
    return User.objects.create(
        username=account.username,
        name=account.name,
        email=f"{account.username}@{DEMO_DOMAIN}",
        password=make_password(PASSWORD),
        is_staff=account.is_staff,
        is_superuser=account.is_superuser,
    )


def entitle(account: Account, user: User, *, by: User) -> None:
    """Put the account where it belongs and give it exactly its roles there."""
    if account.organization:
        organization = Organization.objects.get(name=account.organization)
    else:
        organization = Organization.objects.get(code=ROOT)
    user.organization = organization
    user.save(update_fields=["organization"])
    for role in account.roles:
        grant, created = Grant.objects.get_or_create(
            user=user, organization=organization, role=role, defaults={"granted_by": by}
        )
        if created:
            record_event(
                kind="grant.create",
                target=grant,
                organization=organization,
                by=by,
                changes={"user": [None, user.username], "role": [None, role.value]},
            )
    # Who founds a root may operate it until others can: the demo's administrator is no operator.
    Grant.objects.filter(user=user).exclude(role__in=account.roles).delete()
    user.__dict__.pop("rights", None)
