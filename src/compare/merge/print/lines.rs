//! Lines of the text.

use super::Printer;
use crate::snapshot::template::ChildrenMode;

impl Printer<'_> {
    pub(super) fn directive(&mut self, mode: ChildrenMode, indent: usize) {
        let value = match mode {
            ChildrenMode::Contain => "contain",
            ChildrenMode::Equal => "equal",
            ChildrenMode::DeepEqual => "deep-equal",
        };
        self.line(indent, &format!("/children: {value}"));
    }

    pub(super) fn line(&mut self, indent: usize, text: &str) {
        self.finish_line();
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str("- ");
        self.out.push_str(text);
        self.out.push_str(self.eol);
    }

    /// Lines of the baseline, indented by as much more or less as they are now.
    pub(super) fn shifted(&mut self, text: &str, from: usize, to: usize) {
        if text.is_empty() {
            return;
        }
        self.finish_line();
        if from == to {
            self.out.push_str(text);
            return;
        }
        for line in text.split_inclusive('\n') {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if line.trim().is_empty() {
                self.out.push_str(line);
            } else if to > from {
                self.out.push_str(&" ".repeat(to - from));
                self.out.push_str(line);
            } else {
                self.out.push_str(&line[spaces.min(from - to)..]);
            }
        }
    }

    /// The last line of a file may have no line break.
    pub(super) fn finish_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str(self.eol);
        }
    }
}
