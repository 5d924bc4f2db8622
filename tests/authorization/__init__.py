"""Who may do what: every route, every visitor, every case, against one readable table."""
