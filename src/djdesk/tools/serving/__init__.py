"""The app's server and its other processes, run by a tool in the place of the shell."""
