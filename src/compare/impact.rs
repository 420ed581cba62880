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
        "A screen reader says only \"button\"; voice control cannot call it."
    ControlNameGained "control-name-gained" Improvement
        "A control that had no name has one."
        "It can be told from others and called by name."
    LabelUnbound "label-unbound" Regression
        "A form field lost its name, and the text of the label still stands on the page."
        "Who sees the page notices nothing; who hears it does not know what to enter."
    LabelBound "label-bound" Improvement
        "A form field took a text that stood on the page before as its name."
        "The label is announced with the field, and a click on it reaches the field."
    ImageNameLost "image-alternative-lost" Regression
        "An image lost its alternative text."
        "What the image says is said to nobody who does not see it."
    ImageNameGained "image-alternative-gained" Improvement
        "An image that had no alternative text has one."
        "What the image says is said to everybody."
    NameLost "name-lost" Regression
        "A landmark, group, dialog, table or heading lost its name."
        "Lists of landmarks and headings show it without a word about what it is."
    NameGained "name-gained" Improvement
        "A landmark, group, dialog, table or heading has a name now."
        "It can be found by it in lists of landmarks and headings."
    NameScriptChanged "name-script-changed" Regression
        "A name went from one script to another, such as Latin to Cyrillic."
        "Unless the page's language went with it, it is read in the wrong voice or spelled out."
    NameChanged "name-changed" Content
        "A node has another name."
        "It says something else."
    LinkNameDoubled "link-name-doubled" Regression
        "Links to different places have the same name now."
        "In a list of links nobody can tell which leads where."
    LinkNameDistinct "link-name-distinct" Improvement
        "Links to different places no longer have the same name."
        "A list of links can be used."
    RoleDemoted "role-demoted" Regression
        "A control, heading, list, table or landmark became something without meaning, or is gone while its text stays."
        "It looks the same and is no longer found, announced or operable as what it is."
    RolePromoted "role-promoted" Improvement
        "Something without meaning became a control, heading, list, table or landmark."
        "It is found, announced and operable as what it is."
    HeaderCellLost "table-header-lost" Regression
        "A header cell became an ordinary cell, or is gone."
        "Moving through the table no longer says which row or column one is in."
    HeaderCellGained "table-header-gained" Improvement
        "An ordinary cell became a header cell, or a header cell was added."
        "Moving through the table says which row or column one is in."
    LiveRegionLost "live-region-lost" Regression
        "A live region (alert, status, log, timer, marquee) is gone or became something else."
        "What it says is no longer announced when it changes."
    LiveRegionGained "live-region-gained" Improvement
        "A live region was added."
        "What it says is announced when it changes."
    LandmarkLost "landmark-lost" Regression
        "A landmark is gone or became something else."
        "Who jumps from landmark to landmark no longer gets there."
    LandmarkGained "landmark-gained" Improvement
        "A landmark was added."
        "Who jumps from landmark to landmark gets there."
    LandmarkDoubled "landmark-doubled" Regression
        "There are several landmarks of one kind now, and some have no name."
        "In the list of landmarks they cannot be told apart."
    LandmarkDistinct "landmark-distinct" Improvement
        "Landmarks of one kind that could not be told apart can be now."
        "The list of landmarks can be used."
    RoleChanged "role-changed" Content
        "A node has another role that says as much."
        "It is announced and operated in another way."
    StateLost "state-lost" Regression
        "A state that was written is no longer there at all."
        "Nobody hears any more whether the thing is open, pressed or chosen."
    StateGained "state-gained" Improvement
        "A state that was not there is announced."
        "One hears whether the thing is open, pressed or chosen."
    Disabled "disabled" Regression
        "A control became disabled."
        "It cannot be operated, and often not even reached."
    Enabled "enabled" Improvement
        "A control is no longer disabled."
        "It can be operated."
    LevelSkipped "heading-level-skipped" Regression
        "A heading is now more than one level below the one before it."
        "The outline has a hole where people look for a section that is not there."
    LevelRepaired "heading-level-repaired" Improvement
        "A heading was more than one level below the one before it, and is no longer."
        "The outline is whole."
    LevelChanged "heading-level-changed" Regression
        "A heading has another level."
        "Who moves by level passes it, or takes it for a part of another section."
    HiddenFromAt "hidden-from-assistive-technology" Regression
        "A node that is seen is hidden from assistive technology now."
        "Who sees the page has it, who hears it has not."
    ShownToAt "shown-to-assistive-technology" Improvement
        "A node that is seen is no longer hidden from assistive technology."
        "Everybody has it."
    FocusMoved "focus-moved" Content
        "The focus is on this node now, or no longer."
        "Reading and typing begin elsewhere."
    PointerChanged "pointer-changed" Structure
        "The pointer shows a hand over it, or no longer."
        "A matter of looks; nobody hears it."
    StateChanged "state-changed" Content
        "A state has another value."
        "The page is in another state."
    LinkTargetLost "link-target-lost" Regression
        "A link leads nowhere any more."
        "It is announced as a link and is none."
    LinkTargetGained "link-target-gained" Improvement
        "A link that led nowhere leads somewhere."
        "It is what it is announced as."
    LinkTargetChanged "link-target-changed" Content
        "A link leads elsewhere."
        "The page points to something else."
    PlaceholderChanged "placeholder-changed" Content
        "The hint in a field is another, new, or gone."
        "The field asks in other words."
    PropertyLost "property-lost" Regression
        "A description, error message, value, shortcut or place in a set is no longer given (`attributes: all`)."
        "What sighted users gather from the surroundings is no longer said."
    PropertyGained "property-gained" Improvement
        "A description, error message, value, shortcut or place in a set is given now (`attributes: all`)."
        "It is said what sighted users gather from the surroundings."
    PropertyChanged "property-changed" Content
        "A description, error message, value, shortcut or place in a set is another (`attributes: all`)."
        "It says something else."
    TextChanged "text-changed" Content
        "A text has changed."
        "The page says something else."
    UnnamedControlAdded "unnamed-control-added" Regression
        "A control without a name was added."
        "Nobody who does not see it knows what it does."
    UnnamedControlRemoved "unnamed-control-removed" Improvement
        "A control without a name is gone."
        "One riddle less."
    UnnamedImageAdded "unnamed-image-added" Regression
        "An image without alternative text was added."
        "It is announced as an image, and nobody says of what. A decorative one is marked as such."
    UnnamedImageRemoved "unnamed-image-removed" Improvement
        "An image without alternative text is gone."
        "One riddle less."
    HeadingLost "heading-lost" Regression
        "A heading is gone."
        "Who moves from heading to heading passes what it stood over."
    HeadingGained "heading-gained" Improvement
        "A heading was added."
        "What it stands over can be found."
    Added "added" Content
        "A node or text was added."
        "The page says more."
    Removed "removed" Content
        "A node or text is gone."
        "The page says less."
    Moved "moved" Content
        "A node stands elsewhere."
        "The page is read in another order."
    WrapperAdded "wrapper-added" Structure
        "A `generic` without content of its own was added, or put around others."
        "Nobody hears it."
    WrapperRemoved "wrapper-removed" Structure
        "A `generic` without content of its own was taken away."
        "Nobody hears it."
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
