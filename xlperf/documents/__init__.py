"""Documents and their writers: PDF, one HTML page. It knows no KPI and no master."""
