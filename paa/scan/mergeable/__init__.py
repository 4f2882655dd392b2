"""Whether a module and its components can be one module that does what they do apart, or every reason against it."""
