//! The server over real sockets.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod bundles;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod export;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod history;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod patching;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod search;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod subscriptions;
#[cfg(test)]
mod support;
#[cfg(test)]
mod validation;
