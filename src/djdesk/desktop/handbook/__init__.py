"""The app's help: Markdown files of every app, shown as pages and in a drawer."""
