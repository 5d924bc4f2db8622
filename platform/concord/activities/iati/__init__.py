"""Reads files of the International Aid Transparency Initiative, versions 1.x and 2.0x."""
