"""The pages of the board's pack, as parts of a document (see `xlperf.documents.document`)."""
