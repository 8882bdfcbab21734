"""The Project Inspector: the app that ships on DJDesk. Delete this folder to ship your own."""
