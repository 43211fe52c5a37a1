//! The binary `gymkeeper`.

fn main() {}
