"""A runner of GitHub workflows, as strict as GitHub and stricter: what it does not know is an error."""
