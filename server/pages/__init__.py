"""The pages for people: what each shows, read from the release."""
