"""Documents and their writers: today a PDF, made by LibreOffice. It knows no KPI and no master."""
