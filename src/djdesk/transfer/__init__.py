"""Everything of an app in one file, and back: between a desktop and a server, both ways."""
