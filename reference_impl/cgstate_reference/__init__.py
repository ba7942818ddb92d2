"""A right emitter of Campaign Group Status Reporting, and every known way to be wrong; never imports cgstate."""
