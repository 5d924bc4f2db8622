"""Guards on layout, packaging and conventions."""
