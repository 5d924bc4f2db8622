"""What every page shares: rendering, security headers, languages, pagination, problems."""
