"""The site made of the documents: `npm run docs`. Paths are relative to the repository's root."""

project = "DJDesk"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "inspector/docs/**",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    ".github/*.md",
]
exclude_patterns = [".github/PULL_REQUEST_TEMPLATE.md"]  # a form, not a page
myst_heading_anchors = 4  # links to a heading are written as on GitHub
# A deleted inspector leaves its part of the contents empty, and links to it open.
suppress_warnings = ["toc.glob"]

# Nothing is fetched when the site is read: no fonts, no scripts of others.
html_theme = "furo"
html_title = "DJDesk"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
