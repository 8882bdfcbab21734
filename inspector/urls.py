"""Pages of the Project Inspector."""

urlpatterns: list = []
