"""The bureau settings of this app, with their defaults and where these come from."""
