"""From-scratch implementations and catalogued mistakes; never shipped."""
