"""Code lists: States, topics, modalities, beneficiaries, units, reasons, languages."""
