"""Award forms and print layouts in the admin pages."""
