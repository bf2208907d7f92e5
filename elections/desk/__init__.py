"""办理: what officials do by hand at an organization, each with a look at the consequences first and an undo.

One thing that can be done is a `Task` (`elections.desk.task`): a form, to which organizations it applies and why not
to others, which rows it may write, and a `run` that calls services. `elections.desk.registry` lists them; the pages
are `elections.views.desk`, the same three steps for all: fill in, check, confirm.

The smallest one is `elections.desk.tasks.contact`. How to add another:

1. A service in `elections/services`, `members/services` or `orgs` does the writing (keyword-only, `by=`,
   `require_right`, its own AuditEvent). Derived terms are refreshed by it, or by `Task.run`.
2. A file in `elections/desk/tasks` with a subclass of `TaskForm` (fields in Chinese; choices are scoped querysets) and
   one of `Task`. `run` gets the cleaned form and calls the services; new organizations are told to `watch`.
3. An instance in `elections/desk/registry.py`, in its group, and a test like `tests/elections/desk/test_contact.py`.
4. A new table with rows of organizations or people: a line in `elections/desk/watch.py` (a test asks for it).

Files cannot pass through the check page; let a form for a file stand on the page of what was recorded.
"""
