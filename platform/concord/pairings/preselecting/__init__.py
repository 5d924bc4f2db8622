"""Which of very many offers are looked at for a request: the nearest that pass the gates."""
