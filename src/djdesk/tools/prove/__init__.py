"""``djdesk prove``: the app as it would run at a user's, and what went wrong there.

``run`` goes through the steps, ``crawl`` through the pages; ``watch`` sits in the app's processes;
``judge`` turns what was seen into lines of the readiness report, and ``report`` makes it a page.
"""
