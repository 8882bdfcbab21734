"""Run the app's server and other processes from a tool instead of the shell."""
