"""The tasks, one file per subject; elections.desk.registry lists them."""
