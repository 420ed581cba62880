//! What a change means for people who use assistive technology: one table, a reason for each row.

mod judge;
mod roles;
mod script;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use judge::Judge;

use crate::aria::Role;
use roles::{Use, use_of};

/// <https://www.w3.org/TR/wai-aria-1.2/#landmark_roles>
pub(super) fn is_landmark(role: Role) -> bool {
    use_of(role) == Use::Landmark
}

/// What a change means.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Impact {
    /// Somebody loses something.
    Regression,
    /// Somebody gains something.
    Improvement,
    /// What the page says has changed.
    Content,
    /// How the page is put together has changed, nothing that anybody hears.
    Structure,
}

impl Impact {
    /// Every impact, the gravest first.
    pub const ALL: [Impact; 4] = [
        Impact::Regression,
        Impact::Improvement,
        Impact::Content,
        Impact::Structure,
    ];

    /// The impact as configuration and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Impact::Regression => "regression",
            Impact::Improvement => "improvement",
            Impact::Content => "content",
            Impact::Structure => "structure",
        }
    }
}

macro_rules! rules {
    ($($variant:ident $id:literal $impact:ident $what:literal $reason:literal)*) => {
        /// A row of the table of impacts.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $what] #[serde(rename = $id)] $variant,)*
        }

        impl Rule {
            /// Every row, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant),*];

            /// The row's name in reports.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id,)* }
            }

            /// What a change under this row means.
            pub fn impact(self) -> Impact {
                match self { $(Rule::$variant => Impact::$impact,)* }
            }

            /// Which changes come under this row.
            pub fn what(self) -> &'static str {
                match self { $(Rule::$variant => $what,)* }
            }

            /// Why they mean that.
            pub fn reason(self) -> &'static str {
                match self { $(Rule::$variant => $reason,)* }
            }
        }
    };
}

rules! {
    ControlNameLost "control-name-lost" Regression
        "A control lost its name."
        "A screen reader says only \"button\", and voice control cannot name it."
    ControlNameGained "control-name-gained" Improvement
        "A control that had no name has one."
        "Screen readers announce its name, and voice control can use it."
    LabelUnbound "label-unbound" Regression
        "A form field lost its name, and the text of its label is still on the page."
        "Sighted users notice nothing. Screen reader users do not know what to enter."
    LabelBound "label-bound" Improvement
        "A text that was already on the page became the name of a form field."
        "Screen readers announce the label with the field, and a click on the label focuses the field."
    ImageNameLost "image-alternative-lost" Regression
        "An image lost its alternative text."
        "People who cannot see the image get no information from it."
    ImageNameGained "image-alternative-gained" Improvement
        "An image that had no alternative text has one."
        "People who cannot see the image get its text."
    NameLost "name-lost" Regression
        "A landmark, group, dialog, table or heading lost its name."
        "Screen readers list it without saying what it is about."
    NameGained "name-gained" Improvement
        "A landmark, group, dialog, table or heading has a name now."
        "Screen reader users find it by its name in lists of landmarks and headings."
    NameScriptChanged "name-script-changed" Regression
        "A name changed from one script to another, such as Latin to Cyrillic."
        "Unless the page's language changed too, a screen reader reads it in the wrong voice or spells it out."
    NameChanged "name-changed" Content
        "A node has another name."
        "Screen readers announce another text."
    LinkNameDoubled "link-name-doubled" Regression
        "Links to different places have the same name now."
        "In a list of links, they look the same."
    LinkNameDistinct "link-name-distinct" Improvement
        "Links to different places no longer have the same name."
        "In a list of links, they can be distinguished."
    RoleDemoted "role-demoted" Regression
        "A control, heading, list, table or landmark became something without meaning, or is gone while its text stays."
        "It may look the same, but screen readers no longer find or announce it as what it was."
    RolePromoted "role-promoted" Improvement
        "Something without meaning became a control, heading, list, table or landmark."
        "Screen readers find and announce it as what it is."
    HeaderCellLost "table-header-lost" Regression
        "A header cell became an ordinary cell, or is gone."
        "Screen readers no longer announce the row or column of a cell."
    HeaderCellGained "table-header-gained" Improvement
        "An ordinary cell became a header cell, or a header cell was added."
        "Screen readers announce the row or column of a cell."
    LiveRegionLost "live-region-lost" Regression
        "A live region (alert, status, log, timer, marquee) is gone or became something else."
        "Screen readers no longer announce its changes."
    LiveRegionGained "live-region-gained" Improvement
        "A live region was added."
        "Screen readers announce its changes."
    LandmarkLost "landmark-lost" Regression
        "A landmark is gone or became something else."
        "Screen reader users who move by landmarks no longer reach it."
    LandmarkGained "landmark-gained" Improvement
        "A landmark was added."
        "Screen reader users who move by landmarks reach it."
    LandmarkDoubled "landmark-doubled" Regression
        "The page now has several landmarks of one role, and some have no name."
        "In the list of landmarks, they look the same."
    LandmarkDistinct "landmark-distinct" Improvement
        "Landmarks of one role now have different names."
        "In the list of landmarks, they can be distinguished."
    RoleChanged "role-changed" Content
        "A node has another role with as much meaning."
        "Screen readers announce it differently, and users operate it differently."
    StateLost "state-lost" Regression
        "A node no longer has a state, such as `[expanded]`."
        "Screen readers no longer announce whether it is expanded, pressed or selected."
    StateGained "state-gained" Improvement
        "A node has a state that it did not have, such as `[expanded]`."
        "Screen readers announce whether it is expanded, pressed or selected."
    Disabled "disabled" Regression
        "A control became disabled."
        "Users cannot operate it, and often cannot focus it."
    Enabled "enabled" Improvement
        "A control is no longer disabled."
        "Users can operate it."
    LevelSkipped "heading-level-skipped" Regression
        "A heading is now more than one level below the one before it."
        "Screen reader users look for a section that does not exist."
    LevelRepaired "heading-level-repaired" Improvement
        "A heading is no longer more than one level below the one before it."
        "The outline of the page has no gap there."
    LevelChanged "heading-level-changed" Regression
        "A heading has another level."
        "Users who move by heading level miss it or take it for a part of another section."
    HiddenFromAt "hidden-from-assistive-technology" Regression
        "A visible node is now hidden from assistive technology."
        "Sighted users get it, screen reader users do not."
    ShownToAt "shown-to-assistive-technology" Improvement
        "A visible node is no longer hidden from assistive technology."
        "Screen reader users get it too."
    FocusMoved "focus-moved" Content
        "The node received or lost the focus."
        "Reading and typing start at another node."
    PointerChanged "pointer-changed" Structure
        "The mouse pointer over the node became a hand, or is no longer one."
        "Screen readers do not announce it."
    StateChanged "state-changed" Content
        "A state has another value."
        "The page shows another state."
    LinkTargetLost "link-target-lost" Regression
        "A link lost its address."
        "Screen readers announce a link that does nothing."
    LinkTargetGained "link-target-gained" Improvement
        "A link without an address has one."
        "The link works."
    LinkTargetChanged "link-target-changed" Content
        "A link has another address."
        "The link opens another page."
    PlaceholderChanged "placeholder-changed" Content
        "The placeholder of a field was added, changed or removed."
        "The field shows another hint."
    PropertyLost "property-lost" Regression
        "A node lost its description, error message, value, shortcut or position in a set (`attributes: all`)."
        "Screen readers no longer announce it."
    PropertyGained "property-gained" Improvement
        "A node gained a description, error message, value, shortcut or position in a set (`attributes: all`)."
        "Screen readers announce it."
    PropertyChanged "property-changed" Content
        "The description, error message, value, shortcut or position in a set of a node changed (`attributes: all`)."
        "Screen readers announce another text."
    TextChanged "text-changed" Content
        "A text changed."
        "Screen readers read another text."
    UnnamedControlAdded "unnamed-control-added" Regression
        "A control without a name was added."
        "Screen reader users do not know what it does."
    UnnamedControlRemoved "unnamed-control-removed" Improvement
        "A control without a name was removed."
        "One unlabelled node fewer."
    UnnamedImageAdded "unnamed-image-added" Regression
        "An image without alternative text was added."
        "Screen readers announce an image without saying what it shows. Mark a decorative image with `alt=\"\"`."
    UnnamedImageRemoved "unnamed-image-removed" Improvement
        "An image without alternative text was removed."
        "One unlabelled node fewer."
    HeadingLost "heading-lost" Regression
        "A heading was removed."
        "Users who move by headings miss its section."
    HeadingGained "heading-gained" Improvement
        "A heading was added."
        "Users who move by headings find its section."
    Added "added" Content
        "A node or text was added."
        "The page says more."
    Removed "removed" Content
        "A node or text was removed."
        "The page says less."
    Moved "moved" Content
        "A node moved to another place."
        "The reading order changed."
    WrapperAdded "wrapper-added" Structure
        "A `generic` node without text of its own was added, empty or around other nodes."
        "Screen readers do not announce it."
    WrapperRemoved "wrapper-removed" Structure
        "A `generic` node without text of its own was removed."
        "Screen readers do not announce it."
}

/// The table as Markdown, for the reference part of the README.
pub fn markdown_table() -> String {
    let mut table = "| rule | impact | when | why |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in Rule::ALL {
        let (id, impact) = (rule.id(), rule.impact().as_str());
        table.push_str(&format!(
            "| `{id}` | {impact} | {} | {} |\n",
            rule.what(),
            rule.reason()
        ));
    }
    table
}
