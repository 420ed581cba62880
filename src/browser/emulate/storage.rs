//! The cookies and storages of a page, before and after a visit.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::browser::devtools::CallError;
use crate::browser::page::Page;
use crate::browser::world::World;

/// What a visit to a site leaves for the next one.
#[derive(Debug, Clone, Default)]
pub struct StorageState {
    /// In the browser's own form.
    pub cookies: Vec<Value>,
    pub origins: Vec<OriginStorage>,
}

/// The keys and values that an origin stores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OriginStorage {
    /// Such as `https://example.com`.
    pub origin: String,
    pub local: Vec<(String, String)>,
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

/// Returns the storages of the document's origin; a document without an origin has none.
const READ: &str = "() => {
  try {
    return { origin: location.origin, local: Object.entries(localStorage), session: Object.entries(sessionStorage) };
  } catch {
    return { origin: '', local: [], session: [] };
  }
}";

/// Fills the storages of the document's origin.
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
    /// Returns all cookies, and the storages of the page's origin.
    pub async fn storage_state(&self) -> Result<StorageState, CallError> {
        let params = json!({"browserContextId": self.context.id});
        let cookies: Cookies = self.browser.call("Storage.getCookies", params).await?;
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        let item: OriginStorage = world.evaluate(READ, json!([])).await?;
        let has_items = !(item.local.is_empty() && item.session.is_empty());
        Ok(StorageState {
            cookies: cookies.cookies,
            origins: if has_items { vec![item] } else { Vec::new() },
        })
    }

    /// Sets cookies.
    pub async fn set_cookies(&self, cookies: &[Value]) -> Result<(), CallError> {
        if cookies.is_empty() {
            return Ok(());
        }
        let params = json!({"browserContextId": self.context.id, "cookies": cookies});
        self.browser.send("Storage.setCookies", params).await
    }

    /// Fills storages when a document of their origin loads, until the returned identifier is given to
    /// [`Page::stop_filling_storages`].
    pub async fn fill_storages(
        &self,
        storages: &[OriginStorage],
    ) -> Result<Option<String>, CallError> {
        if storages.is_empty() {
            return Ok(None);
        }
        let params = json!({"source": format!("({FILL})({})", json!(storages))});
        let adding = self
            .session
            .call::<Added>("Page.addScriptToEvaluateOnNewDocument", params);
        let added = adding.await?;
        Ok(Some(added.identifier))
    }

    /// Leaves the storages to the page.
    pub async fn stop_filling_storages(&self, identifier: Option<String>) -> Result<(), CallError> {
        let Some(identifier) = identifier else {
            return Ok(());
        };
        let params = json!({"identifier": identifier});
        let removing = self
            .session
            .send("Page.removeScriptToEvaluateOnNewDocument", params);
        removing.await
    }

    /// Disconnects the page from the network, or connects it again.
    pub async fn set_offline(&self, is_offline: bool) -> Result<(), CallError> {
        let params = json!({
            "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.session
            .send("Network.emulateNetworkConditions", params)
            .await
    }
}
