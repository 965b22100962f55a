"""Documents and their writers: PDF, Word, one HTML page. It knows no KPI and no master."""
