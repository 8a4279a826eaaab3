//! The rule language: how a rule file is made, and every function that rules may call.

use std::fmt::{self, Write as _};

use super::{DOC_MARK, DocPage, name, table};
use crate::engine::{FunctionInfo, KeyInfo, functions, key_tables, template};
use crate::model::Lang;
use crate::pack::Packs;

/// The pages on the rule language, one in each language. `packs` give the rule file that they begin with.
pub fn language_docs(packs: &Packs) -> Vec<DocPage> {
    let pages = [("linguaggio.md", Lang::It), ("language.md", Lang::En)];
    // To a text nothing fails to be written.
    pages.map(|(path, lang)| DocPage { path: path.to_owned(), text: page(packs, lang).unwrap_or_default() }).into()
}

fn page(packs: &Packs, lang: Lang) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let t = |it, en| lang.pick(it, en);
    writeln!(out, "{DOC_MARK}\n\n# {}\n", t("Il linguaggio delle regole", "The rule language"))?;
    writeln!(out, "{}\n", t("[In English](language.md)", "[In italiano](linguaggio.md)"))?;
    writeln!(out, "{}", t(OPENING.0, OPENING.1))?;
    file(&mut out, packs, lang)?;
    writeln!(out, "{}", t(VALUES.0, VALUES.1))?;
    chapters(&mut out, &functions(), lang)?;
    Ok(out)
}

/// How a rule file is made.
fn file(out: &mut String, packs: &Packs, lang: Lang) -> fmt::Result {
    let t = |it, en| lang.pick(it, en);
    writeln!(
        out,
        "## {}\n\n{}",
        t("Come è fatto il file di una regola", "How a rule file is made"),
        t(FILE.0, FILE.1)
    )?;
    let first = packs.packs.iter().find(|p| p.form().is_none() && !p.rules.is_empty()).or(packs.packs.first());
    if let Some(pack) = first {
        let norms: Vec<&str> = pack.schedule.norms.keys().map(String::as_str).take(NORMS).collect();
        writeln!(out, "```rhai\n{}```\n", template(pack, "NOI-01", &norms, lang))?;
    }
    for keys in key_tables() {
        writeln!(out, "### {}: `{}`\n", keys.title().get(lang), keys.heading)?;
        let rows: Vec<Vec<String>> = keys.keys.iter().map(|key| row(key, lang)).collect();
        table(out, &[t("Voce", "Key"), t("Significato", "Meaning")], &rows)?;
    }
    Ok(())
}

fn row(key: &KeyInfo, lang: Lang) -> Vec<String> {
    let required = if key.is_required { lang.pick(" (obbligatoria)", " (required)") } else { "" };
    vec![format!("{}{required}", name(key.name)), lang.pick(key.it, key.en).replace('|', "\\|")]
}

fn chapters(out: &mut String, functions: &[FunctionInfo], lang: Lang) -> fmt::Result {
    let t = |it, en| lang.pick(it, en);
    writeln!(out, "## {}\n\n{}", t("Le funzioni", "The functions"), t(FUNCTIONS.0, FUNCTIONS.1))?;
    let mut chapter = None;
    let mut rows = Vec::new();
    let headings = [t("Funzione", "Function"), t("Dà", "Gives"), t("Significato", "Meaning"), t("Esempio", "Example")];
    for function in functions {
        if chapter != Some(&function.chapter) {
            table(out, &headings, &rows)?;
            rows.clear();
            writeln!(out, "### {}\n", function.chapter.get(lang))?;
            chapter = Some(&function.chapter);
        }
        let params: Vec<&str> = function.params.iter().map(|p| p.get(lang)).collect();
        let in_cell = |text: &str| text.replace('|', "\\|");
        rows.push(vec![
            name(&in_cell(&format!("{}({})", function.name, params.join(", ")))),
            function.returns.get(lang).to_owned(),
            in_cell(function.meaning.get(lang)),
            name(&in_cell(function.example)),
        ]);
    }
    table(out, &headings, &rows)
}

/// Norms named in the rule file that is shown.
const NORMS: usize = 4;

const OPENING: (&str, &str) = (
    "Una regola è un file di testo: un'intestazione che la descrive, la condizione che deve valere, gli esempi che la\nprovano. La condizione è una sola espressione sui campi del documento, senza variabili né cicli: non legge file, non\nconosce l'ora, non può bloccare il programma. Tutto ciò che si può sapere prima di usarla è controllato quando si carica,\ne un errore è detto con file, riga, colonna e rimedio.\n",
    "A rule is a text file: a header that describes it, the condition that must hold, the examples that prove it. The\ncondition is one expression over the fields of the document, without variables or loops: it reads no file, knows no time\nand cannot hang the program. Whatever can be known of it beforehand is checked when it is loaded, and a mistake is told\nwith file, line, column and remedy.\n",
);

const FILE: (&str, &str) = (
    "`riscontro rules new ptpct/nome-del-difetto --rules mie-regole` scrive questo file, da completare; il nome è il\ndifetto, non il rimedio. `riscontro test mie-regole` dice che cosa resta da scrivere e se gli esempi tornano. Fra la prima\nriga e `---*/` sta l'intestazione, in [TOML](https://toml.io); sotto, la condizione.\n",
    "`riscontro rules new ptpct/nome-del-difetto --rules mie-regole --lang en` writes this file, to be completed; the name is\nthe fault, not the remedy. `riscontro test mie-regole` tells what is left to write and whether the examples hold. Between\nthe first line and `---*/` stands the header, in [TOML](https://toml.io); below it the condition.\n",
);

const VALUES: (&str, &str) = (
    r#"## Valori e operatori

| Tipo | Che cos'è | Come si scrive |
|---|---|---|
| campo | una cella del documento, con ciò che vi si è letto | il suo nome: `area_rischio` |
| elenco | più celle: un campo in un gruppo (`group_by`) o nella tabella intera, un campo di ciò che sta sotto | il suo nome, o `all("area_rischio")` |
| testo | parole della regola, o ricavate da un campo | `"Si"`, fra virgolette diritte |
| numero | esatto, senza arrotondamenti nascosti | `5`, `0.8`: il decimale è un punto |
| condizione | vera o falsa | `true`, `false` |

| Operatore | Su | Significato |
|---|---|---|
| `&&`, `\|\|`, `!` | condizioni | e, o, non |
| `==`, `!=` | campi, testi, numeri | uguale, diverso. I testi si confrontano senza badare a maiuscole, accenti, apostrofi e spazi |
| `<`, `<=`, `>`, `>=` | numeri | minore, maggiore. Di un campo: `number(campo)` |
| `+`, `-`, `*`, `/`, `%` | numeri | le quattro operazioni e il resto |
| `[a, b]` | testi | un elenco scritto nella regola, per `any_of` e simili |

Una cella in bianco o illeggibile non è né vera né falsa: se la condizione ne ha bisogno, la regola è *non valutabile* e il
programma lo dice. Dove il bianco è materia di un'altra regola, si chiede `present(campo)` in `when`. Con `&&` e `||` ciò che
sta a destra si calcola solo se serve.
"#,
    r#"## Values and operators

| Type | What it is | How it is written |
|---|---|---|
| field | one cell of the document, with what was read in it | its name: `area_rischio` |
| list | several cells: a field in a group (`group_by`) or in the whole table, a field of what stands below | its name, or `all("area_rischio")` |
| text | words of the rule, or taken from a field | `"Si"`, between straight quotes |
| number | exact, without hidden rounding | `5`, `0.8` |
| condition | true or false | `true`, `false` |

| Operator | On | Meaning |
|---|---|---|
| `&&`, `\|\|`, `!` | conditions | and, or, not |
| `==`, `!=` | fields, texts, numbers | equal, different. Texts are compared regardless of case, accents, apostrophes and blanks |
| `<`, `<=`, `>`, `>=` | numbers | less, greater. Of a field: `number(field)` |
| `+`, `-`, `*`, `/`, `%` | numbers | arithmetic |
| `[a, b]` | texts | a list written in the rule, for `any_of` and the like |

A cell that is blank or unreadable is neither true nor false: if the condition needs it, the rule is *not evaluable* and the
program says so. Where a blank is another rule's matter, ask `present(field)` in `when`. What stands to the right of `&&`
and `||` is computed only if it is needed.
"#,
);

const FUNCTIONS: (&str, &str) = (
    "Le stesse sullo schermo: `riscontro rules --functions`. Fra virgolette vanno i nomi: di un campo, di un catalogo, di uno\nschema di testo, di un tipo di scheda. Quali siano, lo dice la pagina di ogni documento fra\nquelle che scrive `riscontro rules --docs CARTELLA`.\n",
    "The same on the screen: `riscontro rules --functions --lang en`. Names stand between quotes: of a field, a catalogue, a\npattern, a kind of schedule. Which there are is told by the page of each document among those that\n`riscontro rules --docs DIR` writes.\n",
);
