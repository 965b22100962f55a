"""What is printed or mailed: documents and their writers. It knows no KPI and no master."""
