"""What every answer must keep to: sessions end, and personal pages stay out of every cache."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.utils.cache import patch_cache_control

STARTED, SEEN = "session_started", "session_seen"
# The last request is noted at most once a minute: a page view must not wait for the database's write lock.
SEEN_GRAIN_SECONDS = 60


class SessionLimitsMiddleware:
    """Signs a user out after SESSION_IDLE_SECONDS without a request, and SESSION_ABSOLUTE_SECONDS after sign-in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self.limit(request)
        return self.get_response(request)

    def limit(self, request) -> None:
        """End the session when either limit has passed, else note that it is in use."""
        now = int(time.time())
        started = request.session.setdefault(STARTED, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen >= settings.SESSION_IDLE_SECONDS or now - started >= settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        elif now - seen >= SEEN_GRAIN_SECONDS:
            request.session[SEEN] = now


class NoStoreMiddleware:
    """Forbids browsers and proxies to keep a page that a signed-in user asked for (static files never come here)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Asked before the view, too: the page that signs a user out is still that user's page.
        personal = request.user.is_authenticated
        response = self.get_response(request)
        if personal or request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        return response
