"""The law on terms and elections: pure functions over plain values and a day, no Django, no clock."""
