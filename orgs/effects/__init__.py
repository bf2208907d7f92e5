"""What a step wrote, row by row, and taking it back: shared by imports and operations."""
