//! The rules of membership: in every order of delivery the same people, machines and keys.

mod bytes;
mod endpoints;
mod epochs;
mod founding;
mod grants;
mod orders;
mod outside;
mod random;
mod removals;
mod restricted;
mod sessions;
mod world;
