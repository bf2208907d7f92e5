"""Whether the books are whole: one line for each contradiction, nothing and exit 0 when there is none."""

from django.core.management.base import BaseCommand, CommandError

from elections import checks as of_elections
from members import checks as of_members
from orgs import checks as of_orgs

APPS = (of_orgs, of_members, of_elections)


def contradictions(*, sealed: bool = False):
    """Everything the checks of all apps find, in their order; with `sealed` every sealed value is opened too."""
    for app in APPS:
        for check in app.CHECKS:
            yield from check()
    if sealed:
        for app in APPS:
            for check in getattr(app, "SEALED_CHECKS", ()):
                yield from check()


class Command(BaseCommand):
    help = "检查数据是否前后一致。一致时没有输出；每处矛盾输出一行：哪张表、哪条记录、什么问题、如何处理。"

    def add_arguments(self, parser):
        parser.add_argument("--sealed", action="store_true", help="逐一打开加密内容核对（较慢）")

    def handle(self, *, sealed, **options):
        found = 0
        for contradiction in contradictions(sealed=sealed):
            self.stdout.write(str(contradiction))
            found += 1
        if found:
            raise CommandError(f"共 {found} 处矛盾。", returncode=1)
