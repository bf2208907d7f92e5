"""How fast a roster of people comes in, beside stock django-import-export and beside a bare COPY of ready rows."""
