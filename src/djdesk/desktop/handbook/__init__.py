"""The help that comes with the app: Markdown files of every app, shown as pages and in a drawer."""
