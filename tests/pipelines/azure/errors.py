"""What the runner refuses."""


class PipelineError(Exception):
    """A pipeline that Azure would refuse, or that uses something which this runner does not know."""
