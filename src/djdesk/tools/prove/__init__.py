"""``djdesk prove``: run the app as on a user's computer, and report what goes wrong.

``run`` performs the steps, ``crawl`` visits the pages; ``watch`` runs inside the app's processes;
``judge`` turns the observations into lines of the readiness report, and ``report`` renders it.
"""
