//! Rebuilds when a pack changes: the packs are embedded in the binary.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
