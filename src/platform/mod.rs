//! The Workers shell.
