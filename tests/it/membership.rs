//! The rules of membership: in every order of delivery the same people, machines and keys.

mod bytes;
mod epochs;
mod founding;
mod removals;
mod sessions;
mod world;
