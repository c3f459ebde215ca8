"""From selections to training clips: stretches of one length that tile the recordings, each with the labels it carries."""
