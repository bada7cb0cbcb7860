"""The addresses of this app, one module a part."""
