"""Set-up and checks: the standard library only, since they run before anything is installed."""
