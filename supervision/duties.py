"""What supervision puts on a person's desk."""
