"""Tests of organizations, accreditation, acts on behalf, attachments and code lists."""
