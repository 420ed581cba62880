//! Cookies and storage: what a page finds, and what it leaves.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::browser::devtools::CallError;
use crate::browser::page::Page;
use crate::browser::world::World;

/// What a visit to a site leaves for the next one.
#[derive(Debug, Clone, Default)]
pub struct StorageState {
    /// As the browser tells and takes them.
    pub cookies: Vec<Value>,
    /// The storages of origins.
    pub origins: Vec<Item>,
}

/// The storages of an origin.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Item {
    /// Such as `https://example.com`.
    pub origin: String,
    /// Keys and values of `localStorage`.
    pub local: Vec<(String, String)>,
    /// Keys and values of `sessionStorage`.
    #[serde(default)]
    pub session: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Cookies {
    cookies: Vec<Value>,
}

#[derive(Deserialize)]
struct Added {
    identifier: String,
}

/// The storages of the document's origin; a document of no origin has none.
const READ: &str = "() => {
  try {
    return { origin: location.origin, local: Object.entries(localStorage), session: Object.entries(sessionStorage) };
  } catch {
    return { origin: '', local: [], session: [] };
  }
}";

/// Fills the storages of the origins that are known.
const FILL: &str = "(items => {
  for (const item of items) {
    if (item.origin !== location.origin) continue;
    try {
      for (const [key, value] of item.local) localStorage.setItem(key, value);
      for (const [key, value] of item.session) sessionStorage.setItem(key, value);
    } catch { /* a document without storage */ }
  }
})";

impl Page {
    /// What the visit leaves: all cookies, and the storages of the page's origin.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn storage_state(&self) -> Result<StorageState, CallError> {
        let cookies: Cookies = self
            .browser
            .call(
                "Storage.getCookies",
                json!({"browserContextId": self.context}),
            )
            .await?;
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        let item: Item = world.evaluate(READ, json!([])).await?;
        let has_items = !(item.local.is_empty() && item.session.is_empty());
        Ok(StorageState {
            cookies: cookies.cookies,
            origins: if has_items { vec![item] } else { Vec::new() },
        })
    }

    /// Gives the page cookies, before it is opened.
    ///
    /// # Errors
    /// A cookie that the browser refuses.
    pub async fn set_cookies(&self, cookies: &[Value]) -> Result<(), CallError> {
        if cookies.is_empty() {
            return Ok(());
        }
        self.browser
            .tell(
                "Storage.setCookies",
                json!({"browserContextId": self.context, "cookies": cookies}),
            )
            .await
    }

    /// Fills storages as soon as a document of their origin is there, until the returned
    /// identifier is given to [`Page::storages_are_filled`].
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn fill_storages(&self, items: &[Item]) -> Result<Option<String>, CallError> {
        if items.is_empty() {
            return Ok(None);
        }
        let added: Added = self
            .session
            .call(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({"source": format!("({FILL})({})", json!(items))}),
            )
            .await?;
        Ok(Some(added.identifier))
    }

    /// From now on the storages are the page's own.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn storages_are_filled(&self, identifier: Option<String>) -> Result<(), CallError> {
        let Some(identifier) = identifier else {
            return Ok(());
        };
        self.session
            .tell(
                "Page.removeScriptToEvaluateOnNewDocument",
                json!({"identifier": identifier}),
            )
            .await
    }

    /// Cuts the page off from the network, or connects it again.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn set_offline(&self, is_offline: bool) -> Result<(), CallError> {
        self.session
            .tell(
                "Network.emulateNetworkConditions",
                json!({
                    "offline": is_offline, "latency": 0,
                    "downloadThroughput": -1, "uploadThroughput": -1,
                }),
            )
            .await
    }
}
