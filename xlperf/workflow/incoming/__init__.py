"""What owners sent: which files lie there, whose they are, what each comes to, and that none was lost."""
