"""The computer that a team works on: what works there, the add-in's installation. It knows no KPI."""
