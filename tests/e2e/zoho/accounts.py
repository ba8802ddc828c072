"""The accounts server: refresh tokens in, access tokens out, with the limits and odd answers of Zoho's.

What the notes on Zoho say is followed to the letter: parameters in the query or a form, never in JSON; errors with
HTTP 200; ten refreshes in ten minutes; at most ten live access tokens for one refresh token.
"""

import secrets
import threading
import time

from hosts import DATA_CENTRES

# Made up, of the shape that real ones have.
CLIENT_ID = "1000.MADEUPCLIENTIDMADEUPCLIENTID00"
CLIENT_SECRET = "c11e475ec2e7c11e475ec2e7c11e475ec2e7c11e47"
REFRESH_TOKEN = "1000.00000000000000000000000000000e2e.1111111111111111111111111111fe5b"

REFRESHES = 10
REFRESH_WINDOW = 600.0
LIVE_TOKENS = 10

DEFAULTS = {
    # Seconds that an access token lives.
    "token_life": 3600.0,
    # "seconds", or "milliseconds" as the migration endpoint answers (which then adds `expires_in_sec`).
    "expires_in_unit": "seconds",
    # Seconds that an answer takes.
    "delay": 0.0,
    "token_delay": 0.0,
    # When set: the API call with this number, counted from 1, finds all tokens revoked.
    "revoke_before_call": 0,
}


class Accounts:
    """All state of the mock; every method may be called from any thread."""

    def __init__(self, settings=None):
        self.lock = threading.Lock()
        self.settings = dict(DEFAULTS)
        self.tokens = []
        self.refreshes = []
        self.refresh_token_revoked = False
        self.calls = 0
        self.change(settings or {})

    def change(self, settings):
        unknown = sorted(set(settings) - set(DEFAULTS))
        if unknown:
            raise ValueError(f"no such setting: {', '.join(unknown)}")
        if settings.get("expires_in_unit", "seconds") not in ("seconds", "milliseconds"):
            raise ValueError("expires_in_unit is seconds or milliseconds")
        with self.lock:
            for name, value in settings.items():
                self.settings[name] = type(DEFAULTS[name])(value)

    def reset(self):
        """Forgets tokens, refreshes and calls; the settings stay."""
        with self.lock:
            self.tokens, self.refreshes, self.calls = [], [], 0
            self.refresh_token_revoked = False

    def revoke(self, token=None):
        """Revokes one access token, or all that live, or the refresh token with all that came of it."""
        with self.lock:
            if token == REFRESH_TOKEN:
                self.refresh_token_revoked = True
                token = None
            gone = [each for each in self.tokens if token in (None, each["token"])]
            self.tokens = [each for each in self.tokens if each not in gone]
            return len(gone)

    def count_call(self):
        """To be called once for every API request, before its token is looked at."""
        with self.lock:
            self.calls += 1
            if self.calls == self.settings["revoke_before_call"]:
                self.tokens = []

    def accepts(self, token, centre):
        """Whether this access token was issued here, lives, and belongs to this data centre."""
        now = time.monotonic()
        with self.lock:
            return any(
                each["token"] == token and each["centre"] == centre and now < each["until"]
                for each in self.tokens
            )

    def token_endpoint(self, parameters, centre):
        """The JSON that answers `POST /oauth/v2/token`; its HTTP status is always 200."""
        # The order of the checks is a guess; each answer is documented.
        if parameters.get("client_id") != CLIENT_ID:
            return {"error": "invalid_client"}
        if parameters.get("client_secret") != CLIENT_SECRET:
            return {"error": "invalid_client_secret"}
        if parameters.get("grant_type") != "refresh_token":
            return {"error": "invalid_grant"}
        if parameters.get("refresh_token") != REFRESH_TOKEN or self.refresh_token_revoked:
            return {"error": "invalid_code"}
        return self.refresh(centre)

    @staticmethod
    def make_authtoken():
        """The text that answers who asks for an authtoken: none has been made since November 2020."""
        # The form of a failure is documented, the cause that is given now is not.
        date = time.strftime("#%a %b %d %H:%M:%S UTC %Y", time.gmtime())
        return f"#\n{date}\nCAUSE=INVALID_CREDENTIALS\nRESULT=FALSE\n"

    def refresh(self, centre):
        now = time.monotonic()
        with self.lock:
            self.refreshes = [at for at in self.refreshes if now - at < REFRESH_WINDOW]
            if len(self.refreshes) >= REFRESHES:
                return {
                    "error": "Access Denied",
                    "error_description": "You have made too many requests continuously. Please try again after some time.",
                    "status": "failure",
                }
            self.refreshes.append(now)
            life = self.settings["token_life"]
            token = f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
            live = [each for each in self.tokens if now < each["until"]]
            # The eleventh drops the oldest.
            live = live[-(LIVE_TOKENS - 1) :]
            self.tokens = live + [{"token": token, "until": now + life, "centre": centre}]
            answer = {
                "access_token": token,
                "api_domain": f"https://{DATA_CENTRES[centre][1]}",
                "token_type": "Bearer",
            }
            # A whole number, as Zoho's; what is cut off makes the announced life shorter, never longer.
            if self.settings["expires_in_unit"] == "milliseconds":
                answer["expires_in_sec"] = int(life)
                answer["expires_in"] = int(life * 1000)
            else:
                answer["expires_in"] = int(life)
            return answer
