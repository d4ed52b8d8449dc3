//! One resolver's answer to one name: two questions, and more where the chain breaks off in the middle.
