"""Why a project does not load: one module per kind of cause."""
