//! The attributes that rules use. Only they are captured.

macro_rules! attributes {
    ($($variant:ident $text:literal),* $(,)?) => {
        /// An attribute by its qualified name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are those of HTML, SVG and WAI-ARIA")]
        pub enum Attribute {
            $($variant,)*
        }

        impl Attribute {
            /// All attributes.
            pub const ALL: &'static [Attribute] = &[$(Attribute::$variant),*];

            /// Returns its name in markup.
            pub fn as_str(self) -> &'static str {
                match self { $(Attribute::$variant => $text,)* }
            }

            /// Returns the attribute of a name.
            pub fn from_name(name: &str) -> Option<Attribute> {
                match name { $($text => Some(Attribute::$variant),)* _ => None }
            }
        }
    };
}

attributes! {
    Alt "alt", AriaActivedescendant "aria-activedescendant", AriaAtomic "aria-atomic",
    AriaAutocomplete "aria-autocomplete", AriaBusy "aria-busy", AriaChecked "aria-checked",
    AriaControls "aria-controls", AriaCurrent "aria-current",
    AriaDescribedby "aria-describedby", AriaDescription "aria-description",
    AriaDetails "aria-details", AriaDisabled "aria-disabled", AriaDropeffect "aria-dropeffect",
    AriaErrormessage "aria-errormessage", AriaExpanded "aria-expanded",
    AriaFlowto "aria-flowto", AriaGrabbed "aria-grabbed", AriaHaspopup "aria-haspopup",
    AriaHidden "aria-hidden", AriaInvalid "aria-invalid", AriaKeyshortcuts "aria-keyshortcuts",
    AriaLabel "aria-label", AriaLabelledby "aria-labelledby", AriaLevel "aria-level",
    AriaLive "aria-live", AriaModal "aria-modal", AriaMultiline "aria-multiline",
    AriaMultiselectable "aria-multiselectable", AriaOrientation "aria-orientation",
    AriaOwns "aria-owns", AriaPlaceholder "aria-placeholder", AriaPosinset "aria-posinset",
    AriaPressed "aria-pressed", AriaReadonly "aria-readonly", AriaRelevant "aria-relevant",
    AriaRequired "aria-required", AriaRoledescription "aria-roledescription",
    AriaSelected "aria-selected", AriaSetsize "aria-setsize", AriaSort "aria-sort",
    AriaValuemax "aria-valuemax", AriaValuemin "aria-valuemin", AriaValuenow "aria-valuenow",
    AriaValuetext "aria-valuetext", Autocomplete "autocomplete", Disabled "disabled",
    Hidden "hidden", Href "href", Id "id", Lang "lang", List "list", Max "max", Min "min",
    Placeholder "placeholder", Readonly "readonly", Required "required", Role "role",
    Scope "scope", Summary "summary", Tabindex "tabindex", Title "title", Value "value",
    XlinkHref "xlink:href", XlinkTitle "xlink:title",
}
