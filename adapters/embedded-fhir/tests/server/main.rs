//! The server over real sockets.

#[cfg(test)]
mod bundles;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod search;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
