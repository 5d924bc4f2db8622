"""Pages and messages as Jinja2 templates."""
