"""The first right of a fresh installation, given from the server's shell; later ones are given in the admin."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from orgs.enums import Role
from orgs.models import Grant, Organization, User
from orgs.services.grants import grant_role
from orgs.shell import ServerShell


class Command(BaseCommand):
    help = "在服务器上给账号授权（用于新装系统的第一项授权）：grant 用户名 党组织编码 角色"

    def add_arguments(self, parser):
        parser.add_argument("user", metavar="用户名")
        parser.add_argument("code", metavar="党组织编码")
        parser.add_argument("role", metavar="角色", help="、".join(f"{role.value}（{role.label}）" for role in Role))

    def handle(self, *, user, code, role, **options):
        account = self._one(User.objects.filter(username=user), f"没有账号“{user}”。")
        organization = self._one(Organization.objects.filter(code=code), f"没有编码为“{code}”的党组织。")
        if role not in set(Role):
            raise CommandError(f"没有角色“{role}”，可选：{'、'.join(Role)}。")
        what = f"{account}：{organization} {Role(role).label}"
        if Grant.objects.filter(user=account, organization=organization, role=role, until__isnull=True).exists():
            self.stdout.write(f"已有这项授权，没有改动（{what}）。")
            return
        try:
            grant_role(user=account, organization=organization, role=role, by=ServerShell())
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from None
        self.stdout.write(f"已授权（{what}）。")

    def _one(self, queryset, otherwise: str):
        found = queryset.first()
        if found is None:
            raise CommandError(otherwise)
        return found
