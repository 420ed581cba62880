use super::terminal::{ForTerminal, paint};
use super::{Data, Markdown, Reader as _, Terminal, Workflow, end_of_options, shell, xml};

/// Every character that no terminal may get from a page, among letters.
fn hostile() -> Vec<char> {
    let all = (0..=0x10_ffff).filter_map(char::from_u32);
    all.filter(|c| super::characters::is_control(*c)).collect()
}

#[test]
fn no_control_comes_through() {
    assert!(
        hostile().len() > 65 + 12,
        "C0, DEL, C1 and the bidirectional ones"
    );
    for c in hostile() {
        let text = format!("a{c}b");
        let printed = terminal!("{} {}\n", text, paint(anstyle::Style::new(), &text));
        let expected = format!("a⟨U+{:04X}⟩b", u32::from(c));
        assert_eq!(&*printed, format!("{expected} {expected}\n"));
        assert!(!Terminal::coloured(&text).plain().contains(c) || c == '\n');
        assert!(!xml(&text).contains(c) || matches!(c, '\n' | '\t'));
        let markdown = markdown!("{}", text);
        assert!(!markdown.contains(c), "{markdown:?}");
    }
}

#[test]
fn colours_are_ours_alone() {
    let red = anstyle::AnsiColor::Red.on_default();
    let painted = paint(red, "\u{1b}[8mhidden\u{1b}[0m");
    assert_eq!(&*painted, "\u{1b}[31m⟨U+001B⟩[8mhidden⟨U+001B⟩[0m\u{1b}[0m");
    assert_eq!(painted.plain(), "⟨U+001B⟩[8mhidden⟨U+001B⟩[0m");
    // A title of the window, and what clears the screen, in what a library rendered.
    let rendered = Terminal::coloured("\u{1b}[1;31merror\u{1b}[0m: \u{1b}]0;x\u{7}\u{1b}[2J\u{1b}");
    assert_eq!(
        &*rendered,
        "\u{1b}[1;31merror\u{1b}[0m: ⟨U+001B⟩]0;x⟨U+0007⟩⟨U+001B⟩[2J⟨U+001B⟩"
    );
}

#[test]
fn no_line_is_a_command_of_a_log() {
    for line in [
        "::error::x",
        "  ::error file=a::x",
        "\t::set-output name=a::b",
        "a\n::stop-commands::x",
        "x ##[error]y",
        "##vso[task.setvariable]x",
        "##TeamCity[x]",
        "##[a]##[b]",
    ] {
        let printed = Terminal::message(line).printed();
        assert!(!printed.contains("##["), "{printed}");
        assert!(!printed.to_lowercase().contains("##vso["), "{printed}");
        assert!(!printed.to_lowercase().contains("##teamcity["), "{printed}");
        for line in printed.lines() {
            assert!(!line.trim().starts_with("::"), "{printed}");
        }
    }
    let styled = terminal!(
        "{}\n",
        paint(anstyle::AnsiColor::Red.on_default(), "::error::x")
    );
    assert!(styled.printed().contains("⟨U+003A⟩:error::x"));
    for fine in [
        " ::: a.yml:1:7\n",
        "a :: b",
        "::",
        "std::fmt::Display",
        "## [x]\n",
    ] {
        assert_eq!(Terminal::message(fine).printed(), fine);
    }
}

#[test]
fn colours_do_not_hide_a_command_of_a_log() {
    let red = anstyle::AnsiColor::Red.on_default();
    for (one, other) in [
        ("#", "#[error]x"),
        ("##", "[error]x"),
        ("##", "vso[x"),
        (":", ":error::x"),
    ] {
        for text in [
            terminal!("{}{}", paint(red, one), paint(red, other)),
            terminal!("\u{a0}{}{}", one, paint(red, other)),
        ] {
            let printed = text.printed();
            let plain = anstream::adapter::strip_str(&printed).to_string();
            assert_eq!(Terminal::message(&plain).printed(), plain, "{printed:?}");
            assert!(plain.contains(&other[1..]), "{printed:?}");
        }
    }
}

#[test]
fn a_message_stays_in_its_command() {
    let mut command = Workflow::new();
    let text = "a:b,c%\r\n::error::x\u{1b}[2J##[error]y";
    put!(
        command,
        "::error title={}::{}",
        text,
        Workflow::message(text)
    );
    let title = "a%3Ab%2Cc%25%0D%0A%3A%3Aerror%3A%3Ax⟨U+001B⟩[2J⟨U+0023⟩#[error]y";
    let message = "a:b,c%25%0D%0A::error::x⟨U+001B⟩[2J⟨U+0023⟩#[error]y";
    assert_eq!(&*command, format!("::error title={title}::{message}"));
}

#[test]
fn json_says_the_same_without_commands() {
    let mut text: String = hostile().into_iter().collect();
    text.push_str("####[error]x\u{fffe}\u{1ffff}\"\\");
    let json = Data::json(&[&text]).unwrap_or_else(|error| panic!("{error}"));
    let read: [String; 1] = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read[0], text);
    assert!(!json.contains("##"), "{json:?}");
    let controls = json.chars().filter(|c| super::characters::is_control(*c));
    assert_eq!(controls.collect::<String>(), "\n\n\n");
}

#[test]
fn an_argument_of_a_shell_is_one() {
    for plain in ["a/page", "a-b_c.d@dark", "日本語"] {
        assert_eq!(shell(plain), plain);
    }
    assert_eq!(shell("it's $(x)"), "'it'\\''s $(x)'");
    assert_eq!(shell(""), "''");
    assert_eq!((end_of_options("-x"), end_of_options("a-x")), ("-- ", ""));
}

#[test]
fn a_text_inside_another_is_not_escaped_twice() {
    let inner = terminal!("{}", "a\u{7}");
    let outer = terminal!("<{:>9}>", inner);
    assert_eq!(&*outer, "<a⟨U+0007⟩>");
    assert_eq!(ForTerminal::escape("⟨U+0007⟩"), "⟨U+0007⟩");
}

#[test]
fn markdown_stays_text() {
    let hostile = "# a\n- b | [x](y) ![i](j) <img src=x> `c` @team #12 ~~d~~ https://e.test $m$";
    let text = markdown!("{}", hostile);
    let events: Vec<_> = pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all())
        .filter(|event| {
            use pulldown_cmark::{Event, Tag, TagEnd};
            !matches!(
                event,
                Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
            )
        })
        .collect();
    assert!(events.is_empty(), "{events:?}");
    assert!(!text.contains("@team") && !text.contains("#12") && !text.contains("https:"));
    let html = Markdown::html("<b>@a #1 & http://e");
    assert_eq!(&*html, "&lt;b&gt;&#64;a &#35;1 &amp; http&#58;//e");
    assert_eq!(&*Markdown::code("a`b"), "``a`b``");
    assert_eq!(&*Markdown::code("`"), "`` ` ``");
    assert_eq!(
        &*Markdown::block("diff", "+ ```\n"),
        "````diff\n+ ```\n````\n"
    );
}

#[test]
fn xml_has_no_noncharacter() {
    assert_eq!(
        xml("a\u{fffe}\u{ffff}\u{1ffff}\u{fdd0}\u{0}\n\t<b>"),
        "a⟨U+FFFE⟩⟨U+FFFF⟩⟨U+1FFFF⟩⟨U+FDD0⟩⟨U+0000⟩\n\t<b>"
    );
}
