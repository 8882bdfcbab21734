"""Why a project does not load: one module for each kind of cause."""
