//! probe
use generator::{Sources, Tolerance, compare_documents};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let old = std::fs::read(&a[1]).unwrap();
    let new = std::fs::read(&a[2]).unwrap();
    let strict = a.get(3).is_some_and(|x| x == "ours");
    let (p, o) = if strict { (std::fs::read_to_string("spec/profile.toml").unwrap(), Some(std::fs::read_to_string("spec/2026-02-09/overlay.yaml").unwrap())) } else { (String::new(), None) };
    let s = |d: &'static [u8]| Sources { document: d, document_name: "d", profile: Box::leak(p.clone().into_boxed_str()), names: "", overlay: o.clone().map(|x| &*Box::leak(x.into_boxed_str())), package: None, root: None };
    let t = std::time::Instant::now();
    let d = compare_documents(&s(Box::leak(old.into())), &s(Box::leak(new.into())), if strict { Tolerance::Strict } else { Tolerance::Lenient });
    eprintln!("{:?}", t.elapsed());
    match d {
        Err(r) => println!("{r}"),
        Ok(d) => {
            println!("{:?} {:?} bump {:?}", d.summary.wire, d.summary.rust, d.suggested_bump);
            for c in d.changes {
                println!("{:8} {:5} {} [{}] {:?} ops {} :: {}", c.wire.as_str(), c.rust.as_str(), c.id, c.fingerprint, c.direction, c.operations.len(), c.message);
                for i in c.rust_items.iter().take(6) { println!("        {} : {:?} -> {:?}", i.path, i.before, i.after); }
                if c.rust_items.len() > 6 { println!("        ... {}", c.rust_items.len()); }
            }
        }
    }
}
