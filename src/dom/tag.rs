//! The element names that rules use.

macro_rules! tags {
    ($($variant:ident)*) => {
        /// An element's name, of any namespace, upper case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are HTML's and SVG's own")]
        pub enum Tag {
            $($variant,)*
            /// Any other.
            Other,
        }

        impl Tag {
            /// Returns the tag of a name in upper case.
            pub fn from_upper(name: &str) -> Tag {
                $(if name.eq_ignore_ascii_case(stringify!($variant)) {
                    return Tag::$variant;
                })*
                Tag::Other
            }
        }
    };
}

tags! {
    A Area Article Aside BlockQuote Body Br Button Caption Code DataList Dd Del Details Dfn
    Dialog Div Dl Dt Em FieldSet FigCaption Figure Footer Form Frame FrameSet H1 H2 H3 H4 H5 H6
    Header Hr Html IFrame Img Input Ins Legend Li Main Mark Math Menu Meter Nav NoScript Ol
    OptGroup Option Output P Progress Script Search Section Select Slot Strong Style Sub Summary
    Sup Svg Table TBody Td Template TextArea TFoot Th THead Time Title Tr Ul
}
