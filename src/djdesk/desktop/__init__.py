"""The reusable Python half of the desktop runtime. It knows nothing of the app that runs on it."""
