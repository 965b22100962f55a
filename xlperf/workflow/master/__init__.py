"""The master: how it is reached, brought up to date, and what people typed into it."""
