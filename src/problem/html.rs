//! HTML forms.
