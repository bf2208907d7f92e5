"""云岭区: an invented district with a fixed seed, whose days are counted from a given today.

`district.build(today)` is pure data; `rosters` makes the files a clerk would send; `loading` brings them in
through the import pipeline and the services; `accounts` are the demo's users. No name, number or place is real.
"""
