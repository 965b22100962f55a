"""Puts the ribbon add-in `xlperf.xlam` together from `macros/`; people get the built file, which ships with xlperf."""
