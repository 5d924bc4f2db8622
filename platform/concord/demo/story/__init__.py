"""How the demo's cases came about: a story told through actions, with a clock that moves."""
