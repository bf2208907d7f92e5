"""The accounts of the demo: one for each sort of user, all with the same known password, none of use in production."""

from dataclasses import dataclass

from elections.demo import dealing
from orgs.backends import DEMO_DOMAIN
from orgs.enums import Role
from orgs.models import Grant, Organization, User
from orgs.services.accounts import create_user
from orgs.services.grants import grant_role, revoke_grant

PASSWORD = "yunling-demo"


@dataclass(frozen=True)
class Account:
    """One account: what it is called, for whom, at which organization (its name, or the root), with which roles."""

    username: str
    name: str
    duty: str
    roles: tuple[Role, ...]
    organization: str = ""
    is_staff: bool = False


ADMINISTRATOR = Account(
    "admin", "高志远", "系统管理员：管理账号与授权，看不到党员", (Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN), is_staff=True
)
OFFICER = Account("qw", "陈晓燕", "区委组织部：查看全区、经办、审批", (Role.OPERATOR, Role.APPROVER), is_staff=True)
CLERK = Account("donghu", "刘文静", "东湖街道党工委经办：导入名册、维护本街道", (Role.CLERK,), dealing.HOME)
BRANCH = Account("zhibu", "王立新", "胜利社区第一党支部填报", (Role.BRANCH,), dealing.HOME_BRANCH)
VIEWER = Account("kan", "周雅琴", "只读：查看全区，不能修改", (Role.VIEWER,))
ACCOUNTS = (OFFICER, CLERK, BRANCH, ADMINISTRATOR, VIEWER)


def address(account: Account) -> str:
    """The address that marks it as an account of the demo."""
    return f"{account.username}@{DEMO_DOMAIN}"


def make_administrator() -> User:
    """The first account of the installation, as `createsuperuser` would make it."""
    return User.objects.create_superuser(
        ADMINISTRATOR.username, address(ADMINISTRATOR), PASSWORD, name=ADMINISTRATOR.name
    )


def settle_administrator(user: User, root: Organization) -> None:
    """Keep the administrator at the root; whoever founds a tree may operate it, but this one shall see no people."""
    user.organization = root
    user.save(update_fields=["organization"])
    for grant in Grant.objects.filter(user=user).exclude(role__in=ADMINISTRATOR.roles):
        revoke_grant(grant, by=user)


def open_account(account: Account, *, by: User) -> User:
    """Open an account where it belongs and give it its roles; its password need not be changed."""
    wanted = {"name": account.organization} if account.organization else {"parent": None}
    organization = Organization.objects.get(**wanted)
    user = create_user(
        username=account.username,
        name=account.name,
        organization=organization,
        password=PASSWORD,
        is_staff=account.is_staff,
        by=by,
    )
    user.email, user.must_change_password = address(account), False
    user.save(update_fields=["email", "must_change_password"])
    for role in account.roles:
        grant_role(user=user, organization=organization, role=role, by=by)
    return user
