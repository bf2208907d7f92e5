"""Who may sign in with name and password."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

# Accounts of the demo have an address here (RFC 2606: the domain can never exist), and a password that everybody knows.
DEMO_DOMAIN = "demo.invalid"


class AccountBackend(ModelBackend):
    """Django's own sign-in; in production an account of the demo is as good as a disabled one, open sessions too."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not (settings.PRODUCTION and is_demo_account(user))


def is_demo_account(user) -> bool:
    """Whether the account was made by `manage.py demo`."""
    return user.email.endswith(f"@{DEMO_DOMAIN}")
