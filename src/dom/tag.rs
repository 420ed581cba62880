//! The element names that rules ask for.

macro_rules! tags {
    ($($variant:ident $text:literal),* $(,)?) => {
        /// An element's name, of whatever namespace, upper case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are HTML's and SVG's own")]
        pub enum Tag {
            $($variant,)*
            /// Any other.
            Other,
        }

        impl Tag {
            /// The tag of a name in upper case.
            pub fn from_upper(name: &str) -> Tag {
                match name { $($text => Tag::$variant,)* _ => Tag::Other }
            }
        }
    };
}

tags! {
    A "A",
    Area "AREA",
    Article "ARTICLE",
    Aside "ASIDE",
    BlockQuote "BLOCKQUOTE",
    Body "BODY",
    Br "BR",
    Button "BUTTON",
    Caption "CAPTION",
    Code "CODE",
    DataList "DATALIST",
    Dd "DD",
    Del "DEL",
    Details "DETAILS",
    Dfn "DFN",
    Dialog "DIALOG",
    Div "DIV",
    Dl "DL",
    Dt "DT",
    Em "EM",
    FieldSet "FIELDSET",
    FigCaption "FIGCAPTION",
    Figure "FIGURE",
    Footer "FOOTER",
    Form "FORM",
    Frame "FRAME",
    FrameSet "FRAMESET",
    H1 "H1",
    H2 "H2",
    H3 "H3",
    H4 "H4",
    H5 "H5",
    H6 "H6",
    Header "HEADER",
    Hr "HR",
    Html "HTML",
    IFrame "IFRAME",
    Img "IMG",
    Input "INPUT",
    Ins "INS",
    Legend "LEGEND",
    Li "LI",
    Main "MAIN",
    Mark "MARK",
    Math "MATH",
    Menu "MENU",
    Meter "METER",
    Nav "NAV",
    NoScript "NOSCRIPT",
    Ol "OL",
    OptGroup "OPTGROUP",
    Option "OPTION",
    Output "OUTPUT",
    P "P",
    Progress "PROGRESS",
    Script "SCRIPT",
    Search "SEARCH",
    Section "SECTION",
    Select "SELECT",
    Slot "SLOT",
    Strong "STRONG",
    Style "STYLE",
    Sub "SUB",
    Summary "SUMMARY",
    Sup "SUP",
    Svg "SVG",
    Table "TABLE",
    TBody "TBODY",
    Td "TD",
    Template "TEMPLATE",
    TextArea "TEXTAREA",
    TFoot "TFOOT",
    Th "TH",
    THead "THEAD",
    Time "TIME",
    Title "TITLE",
    Tr "TR",
    Ul "UL",
}
