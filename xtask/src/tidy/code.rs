//! What the rules ask of a Rust file: its functions, the paths it names, and which of it is test code. Reads tokens; decides
//! nothing.

use crate::lexer::{Kind, Token, tokenize};

/// Macros whose content is emitted code: its paths and names are not those of the file.
const QUOTES: [&str; 4] = ["quote", "quote_spanned", "parse_quote", "format_ident"];

/// A Rust file, read once for all rules.
#[derive(Debug)]
pub(super) struct Code<'a> {
    /// Comments and code, in order.
    pub(super) tokens: Vec<Token<'a>>,
    /// Functions with a body.
    pub(super) functions: Vec<Function<'a>>,
    /// Paths with at least two segments, uses flattened.
    pub(super) paths: Vec<NamedPath<'a>>,
    /// Modules in files of their own that only tests see.
    pub(super) test_modules: Vec<&'a str>,
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Line of its name.
    pub(super) line: usize,
    /// Lines from its name to its closing brace that hold code.
    pub(super) lines: usize,
    /// Where it stands.
    pub(super) place: Place,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Directly in the module of the file.
    Module,
    /// In an implementation, a trait, an inner module or another function.
    Inner,
    /// In code that only tests see.
    Test,
}

/// A path that the file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedPath<'a> {
    /// Its segments.
    pub(super) segments: Vec<&'a str>,
    /// Line of its first segment.
    pub(super) line: usize,
    /// Inner modules around it, which `super` leaves first.
    pub(super) depth: usize,
    /// Where it stands.
    pub(super) place: Place,
}

impl<'a> Code<'a> {
    /// Reads a file.
    pub(super) fn read(source: &'a str) -> Self {
        let tokens = tokenize(source);
        let code: Vec<&Token<'a>> = tokens.iter().filter(|token| token.kind != Kind::Comment).collect();
        let mut reader = Reader {
            code: &code,
            at: 0,
            blocks: Vec::new(),
            functions: Vec::new(),
            paths: Vec::new(),
            test_modules: Vec::new(),
            is_test: false,
        };
        reader.read();
        let Reader { functions, paths, test_modules, .. } = reader;
        Self { functions, paths, test_modules, tokens }
    }
}

/// What an open brace belongs to.
#[derive(Clone, Debug)]
enum Block<'a> {
    Module(Place),
    Function { name: &'a str, line: usize, start: usize, place: Place },
    Other(Place),
}

impl Block<'_> {
    fn place(&self) -> Place {
        match self {
            Self::Module(place) | Self::Function { place, .. } | Self::Other(place) => *place,
        }
    }
}

struct Reader<'t, 'a> {
    code: &'t [&'t Token<'a>],
    at: usize,
    blocks: Vec<Block<'a>>,
    functions: Vec<Function<'a>>,
    paths: Vec<NamedPath<'a>>,
    test_modules: Vec<&'a str>,
    /// Whether an attribute has declared the item that comes next as test code.
    is_test: bool,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn read(&mut self) {
        let mut pending: Option<Block<'a>> = None;
        while let Some(token) = self.peek(0) {
            let place = self.place();
            if token.is("#") {
                self.is_test |= self.skip_attribute();
                continue;
            }
            if token.is("use") {
                self.read_use(place);
                self.is_test = false;
                continue;
            }
            if self.skip_quote() {
                continue;
            }
            match (token.text, self.peek(1)) {
                ("mod", Some(name)) if token.kind == Kind::Word => {
                    pending = Some(Block::Module(place));
                    if place == Place::Test && self.peek(2).is_some_and(|token| token.is(";")) {
                        self.test_modules.push(name.text);
                    }
                }
                ("fn", Some(name)) if token.kind == Kind::Word && name.kind == Kind::Word => {
                    pending = Some(Block::Function { name: name.text, line: name.line, start: self.at, place });
                }
                ("{", _) => {
                    let inner = if place == Place::Test { Place::Test } else { Place::Inner };
                    self.blocks.push(pending.take().unwrap_or(Block::Other(inner)));
                    self.is_test = false;
                }
                ("}", _) => self.close(token),
                (";", _) if !self.is_in_brackets() => (pending, self.is_test) = (None, false),
                _ => self.read_path(place),
            }
            self.at += 1;
        }
    }

    /// Returns whether the semicolon here belongs to an array type, as in `[u8; 2]`.
    fn is_in_brackets(&self) -> bool {
        let mut depth = 0_usize;
        for token in self.code.get(self.at..).unwrap_or_default() {
            match token.text {
                "[" => depth += 1,
                "]" if depth == 0 => return true,
                "]" => depth -= 1,
                "{" | "}" | ";" if depth == 0 && !token.is(";") => return false,
                _ => {}
            }
        }
        false
    }

    fn peek(&self, ahead: usize) -> Option<&'t Token<'a>> {
        self.code.get(self.at + ahead).copied()
    }

    fn place(&self) -> Place {
        let around = self.blocks.last().map_or(Place::Module, |block| match block {
            Block::Module(Place::Test) => Place::Test,
            _ if block.place() == Place::Test => Place::Test,
            Block::Module(_) | Block::Function { .. } | Block::Other(_) => Place::Inner,
        });
        if self.is_test { Place::Test } else { around }
    }

    fn close(&mut self, brace: &Token<'a>) {
        if let Some(Block::Function { name, line, start, place }) = self.blocks.pop() {
            let body = self.code.get(start..=self.at).unwrap_or_default();
            let mut lines: Vec<usize> = body.iter().flat_map(|token| token_lines(token)).collect();
            lines.push(brace.line);
            lines.dedup();
            self.functions.push(Function { name, line, lines: lines.len(), place });
        }
    }

    /// Skips an attribute; returns whether what follows is test code.
    fn skip_attribute(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        if self.peek(0).is_some_and(|token| token.is("!")) {
            self.at += 1;
        }
        self.skip_group();
        let attribute = self.code.get(start..self.at).unwrap_or_default();
        let word = |ahead: usize| attribute.get(ahead).map_or("", |token| token.text);
        let names_test = attribute.iter().any(|token| token.is("test"));
        let negates = attribute.iter().any(|token| token.is("not"));
        word(2) == "test" || names_test && !negates && (word(2) == "cfg" || word(2) == "tokio")
    }

    /// Skips a bracketed group, when one begins here.
    fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek(0) {
            match token.text {
                "(" | "[" | "{" if token.kind == Kind::Punctuation => depth += 1,
                ")" | "]" | "}" if token.kind == Kind::Punctuation => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_quote(&mut self) -> bool {
        let is_quote = self.peek(0).is_some_and(|token| QUOTES.contains(&token.text))
            && self.peek(1).is_some_and(|token| token.is("!"));
        if is_quote {
            self.at += 2;
            self.skip_group();
        }
        is_quote
    }

    /// Reads the path that begins here, and leaves its last token for the caller to pass.
    fn read_path(&mut self, place: Place) {
        let Some(first) = self.peek(0) else { return };
        let before = self.at.checked_sub(1).and_then(|at| self.code.get(at));
        // `$crate::…` is resolved where a macro is used, `a.b::<c>()` is a method.
        let continues = before.is_some_and(|token| ["::", "$", "."].contains(&token.text));
        if first.kind != Kind::Word || continues {
            return;
        }
        let (line, mut segments) = (first.line, vec![first.text]);
        while self.peek(1).is_some_and(|token| token.is("::"))
            && let Some(next) = self.peek(2).filter(|token| token.kind == Kind::Word)
        {
            segments.push(next.text);
            self.at += 2;
        }
        if segments.len() > 1 {
            self.push_path(segments, line, place);
        }
    }

    fn push_path(&mut self, segments: Vec<&'a str>, line: usize, place: Place) {
        let depth = self.blocks.iter().filter(|block| matches!(block, Block::Module(_))).count();
        self.paths.push(NamedPath { segments, line, depth, place });
    }

    /// Reads a `use` declaration up to its semicolon.
    fn read_use(&mut self, place: Place) {
        self.at += 1;
        self.read_use_tree(&[], place);
        while self.peek(0).is_some_and(|token| !token.is(";")) {
            self.at += 1;
        }
        self.at += 1;
    }

    fn read_use_tree(&mut self, prefix: &[&'a str], place: Place) {
        let mut segments = prefix.to_vec();
        let line = self.peek(0).map_or(0, |token| token.line);
        while let Some((kind, text)) = self.peek(0).map(|token| (token.kind, token.text)) {
            match text {
                "::" => {}
                "{" => {
                    self.at += 1;
                    while self.peek(0).is_some_and(|token| !token.is("}")) {
                        self.read_use_tree(&segments, place);
                        if self.peek(0).is_some_and(|token| token.is(",")) {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "as" => self.at += 1,
                "*" => segments.push("*"),
                _ if kind == Kind::Word => segments.push(text),
                _ => break,
            }
            self.at += 1;
        }
        self.push_path(segments, line, place);
    }
}

/// The lines of a token: a string may span several.
fn token_lines(token: &Token<'_>) -> std::ops::RangeInclusive<usize> {
    token.line..=token.line + token.text.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str) -> Vec<String> {
        let code = Code::read(source);
        code.paths.iter().map(|path| format!("{} {}", path.segments.join("::"), path.depth)).collect()
    }

    #[test]
    fn uses_are_flattened_and_paths_in_expressions_are_found() {
        let source = "use crate::{a::B, c as d};\nfn f() -> x::Y { z::<crate::e::F>(); g.h::<i>() }";
        assert_eq!(paths(source), ["crate::a::B 0", "crate::c 0", "x::Y 0", "crate::e::F 0"]);
    }

    #[test]
    fn emitted_code_and_macro_crates_are_left_out() {
        assert_eq!(paths("fn f() { quote! { crate::a::B }; m::n!($crate::o::P); }"), ["m::n 0"]);
    }

    #[test]
    fn modules_that_only_tests_see_are_named() {
        let source = "#[cfg(test)]\nmod a;\nmod b;\n#[cfg(test)]\nmod c {}\n#[cfg(all(test, unix))]\npub(crate) mod d;";
        assert_eq!(Code::read(source).test_modules, ["a", "d"]);
    }

    #[test]
    fn inner_modules_are_counted() {
        assert_eq!(paths("mod a { use super::b; }"), ["super::b 1"]);
    }

    #[test]
    fn functions_are_measured_in_lines_of_code_and_placed() {
        let source = "fn a() {\n\n    // why\n    let x: [u8; 2] = b;\n}\nimpl T { fn c() {} }\n#[cfg(test)]\nmod tests {\n    \
                      fn d() {}\n}\nfn e() -> [u8; 2] {}\n#[test]\nfn f() {}\ntrait G { fn h(); }\nfn i() {}";
        let code = Code::read(source);
        let found: Vec<(&str, usize, Place)> = code.functions.iter().map(|f| (f.name, f.lines, f.place)).collect();
        let expected = [
            ("a", 3, Place::Module),
            ("c", 1, Place::Inner),
            ("d", 1, Place::Test),
            ("e", 1, Place::Module),
            ("f", 1, Place::Test),
            ("i", 1, Place::Module),
        ];
        assert_eq!(found, expected);
    }
}
