"""django-allauth: residents by phone and code, staff by number, password and TOTP."""
