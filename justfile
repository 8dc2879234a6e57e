# What a developer does with Cairn. `just` lists it.

_default:
    @just --list

# All tests.
test:
    cargo test

# What CI checks besides the tests.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo deny check licenses bans sources

# The invented clinic.
demo:
    cargo run --release -- demo

# The table of benches, as text and as target/bench.json.
bench *ARGS:
    cargo bench --bench clinic -- {{ARGS}}

# Writes the generated docs and pictures anew.
bless:
    CAIRN_BLESS=1 cargo test --test it docs_fresh pictures
