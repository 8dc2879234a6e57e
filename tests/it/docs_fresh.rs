//! The documents that the program writes about itself. `CAIRN_BLESS=1 cargo test docs_fresh`
//! writes them again.

use std::{fs, path::Path};

use cairn::{
    app::keymap,
    cli, content,
    say::{Lang, Say},
};

#[track_caller]
pub(crate) fn check(path: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("CAIRN_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, fresh).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept.replace("\r\n", "\n") == fresh,
        "{path} is not what the program says: run with CAIRN_BLESS=1"
    );
}

#[test]
fn the_reference_of_the_command_line_is_the_programs() {
    check("docs/cli.md", &cli::markdown());
}

#[test]
fn the_shape_of_a_result_ends_where_its_line_does() {
    let page = cli::markdown();
    let mut shapes = page.lines().filter(|it| it.starts_with("JSON: `"));
    assert!(shapes.clone().count() > 20);
    let open = shapes.find(|it| !it.ends_with('`'));
    assert_eq!(open, None);
}

#[test]
fn the_key_table_is_the_programs() {
    check("docs/keys.md", &keymap::markdown(&Say::new(Lang::English)));
}

#[test]
fn the_page_on_vital_signs_is_the_programs() {
    check("docs/vital-signs.md", &content::vital_signs_page());
}
