//! The roles of WAI-ARIA 1.2 that a snapshot can name, as one table.

use serde::{Deserialize, Serialize};

use crate::dom::Attribute;

/// Where the specification files a role: <https://www.w3.org/TR/wai-aria-1.2/#roles_categorization>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    /// <https://www.w3.org/TR/wai-aria-1.2/#landmark_roles>
    Landmark,
    /// <https://www.w3.org/TR/wai-aria-1.2/#widget_roles>
    Widget,
    /// Widgets that contain other widgets.
    Composite,
    /// <https://www.w3.org/TR/wai-aria-1.2/#document_structure_roles>
    Structure,
    /// <https://www.w3.org/TR/wai-aria-1.2/#live_region_roles>
    Live,
    /// <https://www.w3.org/TR/wai-aria-1.2/#window_roles>
    Window,
}

/// Where the name of a role comes from: <https://www.w3.org/TR/wai-aria-1.2/#namecalculation>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameFrom {
    Author,
    /// Content or author: <https://www.w3.org/TR/wai-aria-1.2/#namefromcontent>
    Contents,
    /// <https://www.w3.org/TR/wai-aria-1.2/#prohibitednaming>
    Prohibited,
    /// Prohibited since ARIA 1.3. Playwright computes no name for these roles, but their `aria-label`
    /// overrides `role=none`.
    Prohibited13,
}

struct Definition {
    text: &'static str,
    category: Category,
    name_from: NameFrom,
    lends_content: bool,
    supported: &'static [Attribute],
}

#[rustfmt::skip]
macro_rules! lends {
    (lends) => { true };
    (-) => { false };
}

/// The columns of the table:
///
/// - The variant, the text, and the category.
/// - Where the name comes from.
/// - `lends`: inside an element that is named by its content, the content counts for that name.
/// - The supported states and properties that are not global, as far as a rule asks for them.
///   `valuenow` includes `valuemin`, `valuemax` and `valuetext`; `posinset` includes `setsize`.
///   A role's section of the specification lists them: <https://www.w3.org/TR/wai-aria-1.2/#alert>
macro_rules! roles {
    ($($variant:ident $text:literal $category:ident $from:ident $lends:tt [$($attribute:ident)*])*) => {
        /// A role: <https://www.w3.org/TR/wai-aria-1.2/#role_definitions>, without the abstract ones.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Role {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Role {
            /// Every role, in alphabetical order.
            pub const ALL: &'static [Role] = &[$(Role::$variant),*];

            /// Returns the role that a snapshot writes so. `iframe` is included, which no `role`
            /// attribute can give.
            pub fn from_snapshot(text: &str) -> Option<Role> {
                match text { $($text => Some(Role::$variant),)* _ => None }
            }
        }

        const DEFINITIONS: &[Definition] = &[$(Definition {
            text: $text,
            category: Category::$category,
            name_from: NameFrom::$from,
            lends_content: lends!($lends),
            supported: &[$(attribute!($attribute)),*],
        }),*];
    };
}

#[rustfmt::skip]
macro_rules! attribute {
    (autocomplete) => { Attribute::AriaAutocomplete };
    (checked) => { Attribute::AriaChecked };
    (disabled) => { Attribute::AriaDisabled };
    (expanded) => { Attribute::AriaExpanded };
    (haspopup) => { Attribute::AriaHaspopup };
    (invalid) => { Attribute::AriaInvalid };
    (level) => { Attribute::AriaLevel };
    (modal) => { Attribute::AriaModal };
    (multiselectable) => { Attribute::AriaMultiselectable };
    (orientation) => { Attribute::AriaOrientation };
    (posinset) => { Attribute::AriaPosinset };
    (pressed) => { Attribute::AriaPressed };
    (readonly) => { Attribute::AriaReadonly };
    (required) => { Attribute::AriaRequired };
    (selected) => { Attribute::AriaSelected };
    (sort) => { Attribute::AriaSort };
    (valuenow) => { Attribute::AriaValuenow };
}

// `iframe` is not an ARIA role. `none` and `presentation` are one role in the specification, but
// Playwright prohibits a name only for `presentation`.
roles! {
    // Variant       text               category  name from    lends supports aria-…
    Alert            "alert"            Live      Author       -     []
    AlertDialog      "alertdialog"      Window    Author       -     [modal]
    Application      "application"      Structure Author       -     [disabled expanded haspopup invalid]
    Article          "article"          Structure Author       -     [posinset]
    Banner           "banner"           Landmark  Author       -     []
    Blockquote       "blockquote"       Structure Author       -     []
    Button           "button"           Widget    Contents     lends [disabled expanded haspopup pressed]
    Caption          "caption"          Structure Prohibited   lends []
    Cell             "cell"             Structure Contents     lends []
    Checkbox         "checkbox"         Widget    Contents     lends [checked disabled expanded invalid readonly required]
    Code             "code"             Structure Prohibited   lends []
    ColumnHeader     "columnheader"     Structure Contents     lends [disabled expanded haspopup invalid readonly required selected sort]
    ComboBox         "combobox"         Composite Author       -     [autocomplete disabled expanded haspopup invalid readonly required]
    Complementary    "complementary"    Landmark  Author       -     []
    ContentInfo      "contentinfo"      Landmark  Author       lends []
    Definition       "definition"       Structure Prohibited13 lends []
    Deletion         "deletion"         Structure Prohibited   lends []
    Dialog           "dialog"           Window    Author       -     [modal]
    Directory        "directory"        Structure Author       -     []
    Document         "document"         Structure Author       -     []
    Emphasis         "emphasis"         Structure Prohibited   lends []
    Feed             "feed"             Structure Author       -     []
    Figure           "figure"           Structure Author       -     []
    Form             "form"             Landmark  Author       -     []
    Generic          "generic"          Structure Prohibited   -     []
    Grid             "grid"             Composite Author       -     [disabled multiselectable readonly]
    GridCell         "gridcell"         Widget    Contents     lends [disabled expanded haspopup invalid readonly required selected]
    Group            "group"            Structure Author       -     [disabled]
    Heading          "heading"          Structure Contents     lends [level]
    Iframe           "iframe"           Structure Author       -     []
    Img              "img"              Structure Author       -     []
    Insertion        "insertion"        Structure Prohibited   lends []
    Link             "link"             Widget    Contents     lends [disabled expanded haspopup]
    List             "list"             Structure Author       lends []
    ListBox          "listbox"          Composite Author       -     [disabled expanded invalid multiselectable orientation readonly required]
    ListItem         "listitem"         Structure Author       lends [level posinset]
    Log              "log"              Live      Author       -     []
    Main             "main"             Landmark  Author       -     []
    Mark             "mark"             Structure Prohibited13 lends []
    Marquee          "marquee"          Live      Author       -     []
    Math             "math"             Structure Author       -     []
    Menu             "menu"             Composite Author       -     [disabled orientation]
    MenuBar          "menubar"          Composite Author       -     [disabled orientation]
    MenuItem         "menuitem"         Widget    Contents     lends [disabled expanded haspopup posinset]
    MenuItemCheckbox "menuitemcheckbox" Widget    Contents     lends [checked disabled expanded haspopup posinset]
    MenuItemRadio    "menuitemradio"    Widget    Contents     lends [checked disabled expanded haspopup posinset]
    Meter            "meter"            Structure Author       -     [valuenow]
    Navigation       "navigation"       Landmark  Author       -     []
    None             "none"             Structure Author       lends []
    Note             "note"             Structure Author       -     []
    Option           "option"           Widget    Contents     lends [checked disabled posinset selected]
    Paragraph        "paragraph"        Structure Prohibited   lends []
    Presentation     "presentation"     Structure Prohibited   lends []
    ProgressBar      "progressbar"      Widget    Author       -     [valuenow]
    Radio            "radio"            Widget    Contents     lends [checked disabled posinset]
    RadioGroup       "radiogroup"       Composite Author       -     [disabled invalid orientation readonly required]
    Region           "region"           Landmark  Author       lends []
    Row              "row"              Structure Contents     lends [disabled expanded level posinset selected]
    RowGroup         "rowgroup"         Structure Author       lends []
    RowHeader        "rowheader"        Structure Contents     lends [disabled expanded haspopup invalid readonly required selected sort]
    ScrollBar        "scrollbar"        Widget    Author       -     [disabled orientation valuenow]
    Search           "search"           Landmark  Author       -     []
    SearchBox        "searchbox"        Widget    Author       -     [autocomplete disabled haspopup invalid readonly required]
    Separator        "separator"        Widget    Author       -     [disabled orientation valuenow]
    Slider           "slider"           Widget    Author       -     [disabled haspopup invalid orientation readonly valuenow]
    SpinButton       "spinbutton"       Widget    Author       -     [disabled invalid readonly required valuenow]
    Status           "status"           Live      Author       -     []
    Strong           "strong"           Structure Prohibited   lends []
    Subscript        "subscript"        Structure Prohibited   lends []
    Superscript      "superscript"      Structure Prohibited   lends []
    Switch           "switch"           Widget    Contents     lends [checked disabled expanded invalid readonly required]
    Tab              "tab"              Widget    Contents     lends [disabled expanded haspopup posinset selected]
    Table            "table"            Structure Author       lends []
    TabList          "tablist"          Composite Author       -     [disabled multiselectable orientation]
    TabPanel         "tabpanel"         Widget    Author       -     []
    Term             "term"             Structure Prohibited13 lends []
    TextBox          "textbox"          Widget    Author       -     [autocomplete disabled haspopup invalid readonly required]
    Time             "time"             Structure Prohibited13 lends []
    Timer            "timer"            Live      Author       -     []
    Toolbar          "toolbar"          Structure Author       -     [disabled orientation]
    Tooltip          "tooltip"          Structure Contents     lends []
    Tree             "tree"             Composite Author       -     [disabled invalid multiselectable orientation required]
    TreeGrid         "treegrid"         Composite Author       -     [disabled multiselectable orientation readonly]
    TreeItem         "treeitem"         Widget    Contents     lends [checked disabled expanded haspopup level posinset selected]
}

impl Role {
    fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }

    /// Returns the role as a snapshot writes it.
    pub fn as_str(self) -> &'static str {
        self.definition().text
    }

    /// Returns the role that a token of a `role` attribute names.
    pub fn from_attribute_token(token: &str) -> Option<Role> {
        Role::from_snapshot(token).filter(|role| *role != Role::Iframe)
    }

    pub(crate) fn category(self) -> Category {
        self.definition().category
    }

    /// Whether the role takes its element out of the tree.
    /// <https://www.w3.org/TR/wai-aria-1.2/#presentation>
    pub fn is_presentational(self) -> bool {
        matches!(self, Role::None | Role::Presentation)
    }

    /// Whether nodes of this role have no name.
    pub(crate) fn prohibits_name(self) -> bool {
        self.prohibits_label() || self.definition().name_from == NameFrom::Prohibited13
    }

    /// Whether `aria-label` means nothing on this role.
    pub(super) fn prohibits_label(self) -> bool {
        self.definition().name_from == NameFrom::Prohibited
    }

    /// Whether the name can come from the content.
    pub(super) fn is_named_by_content(self) -> bool {
        self.definition().name_from == NameFrom::Contents
    }

    /// Whether the content counts for the name of an element around it.
    pub(super) fn lends_content(self) -> bool {
        self.definition().lends_content
    }

    /// Whether the role supports a state or property that is not global.
    pub(super) fn supports(self, attribute: Attribute) -> bool {
        self.definition().supported.contains(&attribute)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
