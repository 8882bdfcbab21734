"""Export and import of all of an app's data in one file, between desktops and servers."""
