//! Where resources are kept: all of them in memory, and each version in a journal that makes it durable.

mod journal;
mod keys;
mod sqlite;
mod state;
mod work;

pub(crate) use journal::{Journal, JournalEntry, NoJournal, Position, Text};
use keys::Index;
pub(crate) use keys::{Keys, Token, local};
pub(crate) use sqlite::{Opened, SqliteJournal};
pub(crate) use state::{Row, State, Table, Version};
pub(crate) use work::{Effect, Tally, Work};
