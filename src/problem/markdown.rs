//! Markdown and plain text forms.
