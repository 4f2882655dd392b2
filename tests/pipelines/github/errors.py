"""What a workflow does wrong, or uses that the runner does not know."""


class WorkflowError(Exception):
    """The workflow is not valid, or needs something of GitHub that this runner has not."""
