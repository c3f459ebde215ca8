"""Door: train in a browser. A page that hands over to the command line, and shows what it says."""
