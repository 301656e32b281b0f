"""django-allauth: residents by phone and code, staff by number, password and TOTP.

None of allauth's own pages is routed: the pages are ours (yukuai/portal/signin and
yukuai/workbench/signin), the steps of a sign-in, its limits and its second factor are allauth's.
"""

import os
from typing import Any

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

ACCOUNT_ADAPTER = "yukuai.accounts.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_RATE_LIMITS = {
    # Codes sent: the key is the telephone.
    "request_login_code": "20/h/ip,5/h/key",
    "resend_login_code": "1/60s/key",
    # Guesses at one code: the key is the code's own, so that a second browser has no more of them.
    "login_code_attempt": "5/5m/key",
    # Wrong passwords and wrong TOTP codes: the key is the account. Right ones give theirs back.
    "login_failed": "20/15m/ip,5/15m/key",
    "change_password": "5/15m/user",
}

MFA_ADAPTER = "yukuai.accounts.signin.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "渝快社区"
MFA_TOTP_TOLERANCE = 1

AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "yukuai.accounts.signin.passwords.StrongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# The longest a session lives; rules.SESSIONS ends it earlier.
SESSION_COOKIE_AGE = 30 * 24 * 3600
