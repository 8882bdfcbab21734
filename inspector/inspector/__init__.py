"""The Project Inspector: the app that ships with DJDesk. Delete this folder to ship your own."""
