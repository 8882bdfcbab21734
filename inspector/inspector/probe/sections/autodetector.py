"""Django's autodetector, with a running time linear in the number of models."""


def linear(detector):
    """The same detector, but detects altered indexes in linear time.

    Django collects the altered `index_together` of all models once per model.
    """

    class Linear(detector):
        _known = None

        def create_altered_indexes(self):
            self._known = {}
            try:
                super().create_altered_indexes()
            finally:
                self._known = None

        def _get_altered_foo_together_operations(self, option_name):
            make = super()._get_altered_foo_together_operations
            if self._known is None:
                return make(option_name)
            if option_name not in self._known:
                self._known[option_name] = list(make(option_name))
            return self._known[option_name]

    if hasattr(detector, "create_altered_indexes"):
        return Linear
    return detector


class SwappableNames:
    """While this is open, the setting for a swappable model is looked up in a table.

    Django searches all models for every model that a foreign key refers to.
    """

    def __init__(self, apps):
        self.apps = apps
        self.names = {}
        for model in apps.get_models(include_swapped=True):
            meta = model._meta
            # The first match wins, as in `Apps.get_swappable_settings_name()`.
            if meta.swapped:
                self.names.setdefault(str(meta.swapped).lower(), meta.swappable)
            if meta.swappable:
                self.names.setdefault(meta.label_lower, meta.swappable)

    def __enter__(self):
        def find(name):
            return self.names.get(name.lower())

        find.cache_clear = self.__exit__  # a model was registered: let Django search again
        self.apps.get_swappable_settings_name = find

    def __exit__(self, *exc):
        vars(self.apps).pop("get_swappable_settings_name", None)
