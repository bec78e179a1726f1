"""Results as pages: one HTML file with its pictures inside, for a colleague without rgteach."""
