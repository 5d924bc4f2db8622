"""The embedded servers, with real programs and real kills."""
