"""Where files lie: on this machine, in an object store, or on a web server; opened, listed and tried again in one place."""
