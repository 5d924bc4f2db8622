"""State authorities and providers, their verification and accreditation."""
