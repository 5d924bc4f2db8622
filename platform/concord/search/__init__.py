"""One search over what its reader may see."""
