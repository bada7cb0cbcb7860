"""When weekly reports and bulletins fall due."""
