"""The reusable Python half of the desktop runtime. It does not depend on the app it runs."""
