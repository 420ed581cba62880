//! Doing the steps of a case.

mod failure;
mod find;

use std::slice;
use std::time::Instant;

use super::RunError;
use super::visit::{Visit, resolve};
use crate::aria::Locator;
use crate::browser::devtools::CallError;
use crate::browser::settle::Certainty;
use crate::browser::steps::{Needs, Press, StepProblem};
use crate::keyboard;
use crate::source::Spanned;
use crate::spec::has_reference;
use crate::spec::steps::{Action, Checking, Condition, Pointing};

use failure::Failed;
use find::Found;

const NOTHING: Needs = Needs {
    enabled: false,
    editable: false,
    hit: false,
};

impl Visit<'_> {
    /// Does a step and waits until the page is at rest again. A step that cannot be done leaves a
    /// screenshot and a snapshot, which the error names.
    pub(super) async fn step(&mut self, at: usize) -> Result<(), RunError> {
        let case = self.case;
        let Some(step) = case.steps.get(at) else {
            return Ok(());
        };
        let done = match self.act(&step.action).await {
            Ok(()) if matches!(step.action, Action::Snapshot(_)) => return Ok(()),
            Ok(()) => self.settle(Certainty::Usual).await.map_err(Failed::from),
            Err(failed) => Err(failed),
        };
        match done {
            Ok(()) => Ok(()),
            Err(failed) => Err(self.error_of(step, failed).await),
        }
    }

    async fn act(&mut self, action: &Action) -> Result<(), Failed> {
        match action {
            Action::Point(pointing, locator) => self.point(*pointing, locator).await,
            Action::Focus(locator) => self.focus(locator).await.map(drop),
            Action::Fill(locator, text) => self.fill(locator, text).await,
            Action::Press(locator, keys) => self.press(locator.as_ref(), keys).await,
            Action::Check(checking, locator) => self.check(*checking, locator).await,
            Action::Select(locator, options) => self.select(locator, options).await,
            Action::Upload(locator, files) => {
                let path = |file: &Spanned<std::path::PathBuf>| {
                    let path = std::path::absolute(&file.value);
                    let path = path.unwrap_or_else(|_| file.value.clone());
                    path.to_string_lossy().into_owned()
                };
                let files: Vec<String> = files.iter().map(path).collect();
                let found = self.find(locator, NOTHING).await?;
                fit(found.element.upload(&files).await?, "is not a file input")
            }
            Action::ScrollTo(locator) => {
                let found = self.find(locator, NOTHING).await?;
                Ok(found.element.scroll_into_view().await?)
            }
            Action::WaitFor(condition) => self.wait_for(condition).await,
            Action::Goto(written) => {
                let reference = self.setting.secrets.expand(&written.value);
                let url = resolve(&reference, self.setting)?;
                if let Some(why) = self.keeps_back_from(written, &url) {
                    return Err(Failed::because(why));
                }
                let opened = self.page.goto(&url, self.case.timeout.0).await;
                self.check_status(opened)?;
                Ok(self.check_origin(&url)?)
            }
            Action::Evaluate(script) => match self.page.run_script(&script.value).await? {
                Ok(()) => Ok(()),
                Err(thrown) => Err(Failed::because(format!("the script throws {thrown}"))),
            },
            Action::Snapshot(_) => Ok(()),
        }
    }

    async fn point(
        &mut self,
        pointing: Pointing,
        locator: &Spanned<Locator>,
    ) -> Result<(), Failed> {
        let press = match pointing {
            Pointing::Click => Press::Once,
            Pointing::DoubleClick => Press::Twice,
            Pointing::Hover => Press::None,
        };
        let needs = Needs {
            enabled: press != Press::None,
            editable: false,
            hit: true,
        };
        let found = self.find(locator, needs).await?;
        Ok(self.page.point(found.point, press).await?)
    }

    async fn focus(&mut self, locator: &Spanned<Locator>) -> Result<Found, Failed> {
        let found = self.find(locator, NOTHING).await?;
        if found.element.focus().await? {
            Ok(found)
        } else {
            Err(Failed::because("it cannot be focused"))
        }
    }

    async fn fill(
        &mut self,
        locator: &Spanned<Locator>,
        text: &Spanned<String>,
    ) -> Result<(), Failed> {
        let needs = Needs {
            enabled: true,
            editable: true,
            hit: false,
        };
        let found = self.find(locator, needs).await?;
        if let Some(why) = self
            .keeps_back(slice::from_ref(text), &found.element)
            .await?
        {
            return Err(Failed::because(why));
        }
        let is_secret = has_reference(&text.value);
        let text = self.setting.secrets.expand(&text.value);
        let filled = found.element.fill(&text, is_secret).await?;
        fit(filled, "is not a text field")
    }

    async fn press(
        &mut self,
        locator: Option<&Spanned<Locator>>,
        keys: &[Spanned<String>],
    ) -> Result<(), Failed> {
        let found = match locator {
            Some(locator) => Some(self.focus(locator).await?),
            None => None,
        };
        for (at, key) in keys.iter().enumerate() {
            let stroke = keyboard::parse(&key.value).map_err(Failed::because)?;
            if at > 0 {
                self.settle(Certainty::Usual).await?;
            }
            match &found {
                Some(found) if at == 0 => found.element.press(&stroke).await?,
                Some(_) | None => self.page.press(&stroke).await?,
            }
        }
        Ok(())
    }

    async fn check(
        &mut self,
        checking: Checking,
        locator: &Spanned<Locator>,
    ) -> Result<(), Failed> {
        let wanted = checking == Checking::Check;
        let found = self.find(locator, NOTHING).await?;
        match found.element.checked().await? {
            None => return Err(Failed::because("it cannot be checked")),
            Some(state) if state == wanted => return Ok(()),
            Some(_) => {}
        }
        let needs = Needs {
            enabled: true,
            editable: false,
            hit: true,
        };
        let found = self.find(locator, needs).await?;
        self.page.point(found.point, Press::Once).await?;
        self.settle(Certainty::Usual).await?;
        let state = match found.element.checked().await {
            // It was replaced by another that says the same.
            Err(_) => self.find(locator, NOTHING).await?.element.checked().await?,
            Ok(state) => state,
        };
        if state == Some(wanted) {
            return Ok(());
        }
        let not = if wanted { " not" } else { "" };
        Err(
            Failed::because(format!("it was clicked but is still{not} checked"))
                .with_help("add a `wait-for:` before it, so that the page can react to the click"),
        )
    }

    async fn select(
        &mut self,
        locator: &Spanned<Locator>,
        options: &[Spanned<String>],
    ) -> Result<(), Failed> {
        let needs = Needs {
            enabled: true,
            editable: false,
            hit: false,
        };
        let found = self.find(locator, needs).await?;
        if let Some(why) = self.keeps_back(options, &found.element).await? {
            return Err(Failed::because(why));
        }
        let expand = |option: &Spanned<String>| self.setting.secrets.expand(&option.value);
        let options: Vec<String> = options.iter().map(expand).collect();
        let options = options.as_slice();
        match found.element.select(options).await? {
            Ok(()) => Ok(()),
            Err(StepProblem::Option(names)) => Err(Failed::because(format!(
                "it does not have these options, or accepts only one; it has {}",
                list(&names)
            ))),
            Err(StepProblem::Kind(_) | StepProblem::Value(_)) => {
                self.select_by_pointer(locator, options).await
            }
        }
    }

    /// A list that scripts make: opened where it is closed, and its options clicked.
    async fn select_by_pointer(
        &mut self,
        locator: &Spanned<Locator>,
        options: &[String],
    ) -> Result<(), Failed> {
        for option in options {
            let name = option.replace('\\', "\\\\").replace('"', "\\\"");
            let parsed = Locator::parse(&format!("option \"{name}\""));
            let value = parsed.map_err(|error| Failed::because(error.message))?;
            let place = locator.place.clone();
            let option = Spanned { value, place };
            let is_there = self.is_there(&option).await?;
            if !is_there {
                self.point(Pointing::Click, locator).await?;
                self.settle(Certainty::Usual).await?;
            }
            self.point(Pointing::Click, &option).await?;
            self.settle(Certainty::Usual).await?;
        }
        Ok(())
    }

    async fn wait_for(&mut self, condition: &Condition) -> Result<(), Failed> {
        let deadline = Instant::now() + self.case.timeout.0;
        match condition {
            Condition::Time(time) => tokio::time::sleep(*time).await,
            Condition::There(locator) => drop(self.find(locator, NOTHING).await?),
            Condition::Text(text) => {
                while !self.look().await?.shows(&text.value) {
                    if Instant::now() >= deadline {
                        return Err(Failed::because("the snapshot does not have this text"));
                    }
                    self.page.next_change().await?;
                }
            }
            Condition::Gone(locator) => {
                while self.is_there(locator).await? {
                    if Instant::now() >= deadline {
                        return Err(Failed::because("it is still there"));
                    }
                    self.page.next_change().await?;
                }
            }
            Condition::Url(_, glob) => loop {
                let url = self.page.url();
                let path =
                    url::Url::parse(&url).map(|url| url[url::Position::BeforePath..].to_owned());
                if glob.is_match(&url) || path.is_ok_and(|path| glob.is_match(path)) {
                    break;
                }
                if Instant::now() >= deadline {
                    return Err(Failed::because(format!("the page is at {url}")));
                }
                self.page.next_change().await?;
            },
        }
        Ok(())
    }
}

fn fit(done: Result<(), StepProblem>, what_not: &str) -> Result<(), Failed> {
    done.map_err(|unfit| match unfit {
        StepProblem::Kind(kind) => Failed::because(format!("`{kind}` {what_not}")),
        StepProblem::Option(names) => Failed::because(format!("it has {}", list(&names))),
        StepProblem::Value(value) => Failed::because(format!(
            "the field refuses this value; its value is `{value}`"
        )),
    })
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    names.join(", ")
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Failed {
        Failed::from(RunError::from(error))
    }
}
