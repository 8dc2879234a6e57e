//! Taking records in from FHIR files: those of the shared data where they are, or a bundle
//! made here.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use cairn::clinic::{Clinic, Founding, Source};
use serde_json::{Value, json};

use super::{Outcome, homes, machine::timed, table::Table};

const FOLDER: &str = "target/bench-homes/import";
const SHARED: &str = "data/synthea-fhir";
/// The patients of the bundle that is made here, each with so many observations.
const OWN_PATIENTS: usize = 200;
const OWN_OBSERVATIONS: usize = 40;

pub(crate) fn measure(table: &mut Table) -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = root.join(FOLDER);
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Import".to_owned(),
        user: "Owner".to_owned(),
        passphrase: "measured only".to_owned().into(),
    };
    let clinic = Clinic::create(&home, founding, homes::surroundings(), |_| Ok(()))?;
    let owner = clinic.users()?.first().ok_or("no owner")?.user;
    let mut session = clinic.sign_in(owner, "measured only")?;
    let shared =
        env::var_os("CAIRN_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let mut files = fhir_files(&shared.join(SHARED));
    if files.is_empty() {
        eprintln!("no shared data: importing a bundle made here");
        let file = home.with_extension("ndjson");
        fs::write(&file, own_records())?;
        files = vec![file];
    }
    let sources: Vec<Source> = files.into_iter().map(Source::File).collect();
    let (imported, ms) =
        timed(|| session.import_fhir(&sources, Some("bench".to_owned()), &mut |_| {}));
    let imported = imported?;
    let taken: u64 = imported.resources.values().sum();
    let skipped = imported.skipped.iter().filter(|it| !it.field_only).count();
    let entries = f64::from(u32::try_from(taken)?) + f64::from(u32::try_from(skipped)?);
    table.set("import: entries a second", 0, entries / ms * 1e3);
    table.set("import: entries", 0, entries);
    Ok(session.sign_out()?)
}

fn fhir_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(fhir_files(&path));
        } else if path
            .extension()
            .is_some_and(|it| it == "json" || it == "ndjson")
        {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn own_records() -> String {
    let mut lines = String::new();
    let mut add = |resource: Value| {
        lines.push_str(&resource.to_string());
        lines.push('\n');
    };
    for patient in 0..OWN_PATIENTS {
        add(json!({
            "resourceType": "Patient", "id": format!("p{patient}"), "gender": "female",
            "birthDate": "1980-01-02",
            "name": [{ "family": format!("Family{patient}"), "given": ["Given"] }],
        }));
        for nth in 0..OWN_OBSERVATIONS {
            add(json!({
                "resourceType": "Observation", "id": format!("o{patient}-{nth}"),
                "status": "final", "subject": { "reference": format!("Patient/p{patient}") },
                "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] },
                "effectiveDateTime": format!("2024-01-{:02}T10:00:00Z", nth % 28 + 1),
                "valueQuantity": { "value": 60 + nth, "unit": "/min",
                    "system": "http://unitsofmeasure.org", "code": "/min" },
            }));
        }
    }
    lines
}
