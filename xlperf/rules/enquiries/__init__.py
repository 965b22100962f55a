"""Lines of enquiry.

enquiry      a question that could be asked, with its evidence
choice       which of them are asked
typed_about  what people typed about them: other words, that one is left out, the answer

Nothing is imported here: the ledger needs `typed_about` alone, and loads no arrays for it.
"""
