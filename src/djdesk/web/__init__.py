"""The same app on a server: several workers on one database, and moving its data to and from a
desktop.
"""
