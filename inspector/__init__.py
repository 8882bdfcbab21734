"""The Project Inspector: shows what a Django project is made of."""
