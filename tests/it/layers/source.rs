//! The paths that a Rust source mentions, made absolute, outside of tests.

use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A path that stands in a source.
#[derive(Debug)]
pub(crate) struct Mention {
    /// The room in which it stands: the first module below the crate.
    pub(crate) room: String,
    /// `crate::dom::NodeId`, `std::fs`, `tokio::sync::*`
    pub(crate) path: String,
}

/// What a source tells.
#[derive(Default)]
pub(crate) struct Source {
    pub(crate) mentions: Vec<Mention>,
    /// Modules that have files of their own.
    pub(crate) modules: Vec<Module>,
}

pub(crate) struct Module {
    pub(crate) path: Vec<String>,
    /// `#[path = ".."]`
    given: Option<String>,
}

impl Module {
    /// Its file, as the compiler finds it from the file that declares it.
    pub(crate) fn file(&self, declared_in: &Path) -> Option<PathBuf> {
        let folder = declared_in.parent()?;
        if let Some(given) = &self.given {
            return Some(folder.join(given));
        }
        let stem = declared_in.file_stem()?.to_str()?;
        let folder = match stem {
            "lib" | "main" | "mod" => folder.to_owned(),
            _ => folder.join(stem),
        };
        let name = self.path.last()?;
        [format!("{name}.rs"), format!("{name}/mod.rs")]
            .into_iter()
            .map(|file| folder.join(file))
            .find(|file| file.exists())
    }
}

/// Reads the source of a module.
pub(crate) fn mentions(text: &str, module: &[String]) -> syn::Result<Source> {
    let file = syn::parse_file(text)?;
    let mut reader = Reader {
        module: module.to_owned(),
        source: Source::default(),
    };
    reader.visit_file(&file);
    Ok(reader.source)
}

struct Reader {
    module: Vec<String>,
    source: Source,
}

impl Reader {
    fn mention(&mut self, segments: &[String]) {
        // The root of the crate declares all rooms and uses none.
        let Some(room) = self.module.first() else {
            return;
        };
        if let Some(path) = self.absolute(segments) {
            self.source.mentions.push(Mention {
                room: room.clone(),
                path: path.join("::"),
            });
        }
    }

    fn absolute(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut base = match segments.first()?.as_str() {
            "self" | "super" => self.module.clone(),
            "crate" => Vec::new(),
            // `core` and `alloc` are parts of `std`.
            "core" | "alloc" => {
                let inner = segments[1..].iter().cloned();
                return Some(std::iter::once("std".to_owned()).chain(inner).collect());
            }
            _ => return Some(segments.to_owned()),
        };
        let mut rest = segments;
        while let [first, tail @ ..] = rest {
            match first.as_str() {
                "super" => drop(base.pop()),
                "self" | "crate" => {}
                _ => break,
            }
            rest = tail;
        }
        let path = base.into_iter().chain(rest.iter().cloned());
        Some(std::iter::once("crate".to_owned()).chain(path).collect())
    }

    fn mention_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            syn::UseTree::Path(path) => {
                self.mention_tree(&with(path.ident.to_string()), &path.tree);
            }
            syn::UseTree::Name(name) if name.ident == "self" => self.mention(before),
            syn::UseTree::Name(name) => self.mention(&with(name.ident.to_string())),
            syn::UseTree::Rename(name) => self.mention(&with(name.ident.to_string())),
            syn::UseTree::Glob(_) => self.mention(&with("*".to_owned())),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.mention_tree(before, tree);
                }
            }
        }
    }

    fn module(&mut self, item: &syn::ItemMod) {
        self.module.push(item.ident.to_string());
        if item.content.is_some() {
            visit::visit_item_mod(self, item);
        } else {
            self.source.modules.push(Module {
                path: self.module.clone(),
                given: item.attrs.iter().find_map(given_path),
            });
        }
        self.module.pop();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Mod(item) if !item.attrs.iter().any(is_for_tests) => self.module(item),
            syn::Item::Mod(_) => {}
            syn::Item::Use(item) if !item.attrs.iter().any(is_for_tests) => {
                self.mention_tree(&[], &item.tree);
            }
            syn::Item::Use(_) => {}
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|one| one.ident.to_string());
        self.mention(&segments.collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // What a macro makes of its tokens is not known; a path in them is a path.
        let tokens = item.tokens.to_string();
        let path = fancy_regex::Regex::new(r#""(?:[^"\\]|\\.)*"|\w+(?:\s*::\s*\w+)+"#).unwrap();
        for found in path.find_iter(&tokens) {
            let found = found.unwrap().as_str();
            if !found.starts_with('"') {
                let segments = found.split("::").map(|one| one.trim().to_owned());
                self.mention(&segments.collect::<Vec<_>>());
            }
        }
        visit::visit_macro(self, item);
    }
}

/// `#[cfg(test)]`, also together with others
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let word = fancy_regex::Regex::new(r"^(all\s*\(.*)?\btest\b").unwrap();
    list.path.is_ident("cfg") && word.is_match(&list.tokens.to_string()).unwrap()
}

fn given_path(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    let syn::Expr::Lit(value) = &pair.value else {
        return None;
    };
    match &value.lit {
        syn::Lit::Str(text) if pair.path.is_ident("path") => Some(text.value()),
        _ => None,
    }
}
