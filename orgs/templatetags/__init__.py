"""Template tags of every screen."""
