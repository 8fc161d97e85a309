use std::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::Error;

/// Where access tokens come from.
#[async_trait]
pub trait TokenSource: Debug + Send + Sync {
    /// The token to send now; `None` sends no `Authorization` header. Called for each request: a source keeps its token
    /// until it is about to expire, and asks for a new one once, however many requests wait for it.
    async fn token(&self) -> Result<Option<SecretString>, Error>;

    /// A token in place of one that the server just refused with 401, although it had not expired; `None` when there is
    /// no other. Called at most once for a request. A source whose token is another one by now gives that one.
    async fn renew(&self, refused: &SecretString) -> Result<Option<SecretString>, Error>;
}

/// No token: for servers that ask for none.
#[derive(Clone, Copy, Debug)]
pub struct NoToken;

#[async_trait]
impl TokenSource for NoToken {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        Ok(None)
    }

    async fn renew(&self, _: &SecretString) -> Result<Option<SecretString>, Error> {
        Ok(None)
    }
}

/// One token that never changes. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct StaticToken(SecretString);

impl StaticToken {
    /// Wraps a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(SecretString::from(token.into()))
    }
}

#[async_trait]
impl TokenSource for StaticToken {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        Ok(Some(self.0.clone()))
    }

    async fn renew(&self, _: &SecretString) -> Result<Option<SecretString>, Error> {
        Ok(None)
    }
}
