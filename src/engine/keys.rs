//! What each key of a rule file means, for whoever writes one: from here come the chapter of the language and the
//! descriptions that editors show. A test holds the lists to what is read.

use crate::model::Bilingual;

/// A key of a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyInfo {
    /// As written.
    pub name: &'static str,
    /// Whether every rule must have it.
    pub is_required: bool,
    /// What it means in Italian.
    pub it: &'static str,
    /// What it means in English.
    pub en: &'static str,
}

/// Where in a rule file a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTable {
    /// Its heading in the file.
    pub heading: &'static str,
    /// What the table is for.
    pub title: (&'static str, &'static str),
    /// Its keys.
    pub keys: &'static [KeyInfo],
}

impl KeyTable {
    /// What the table is for, in both languages.
    pub fn title(&self) -> Bilingual {
        Bilingual::new(self.title.0, self.title.1)
    }
}

const fn must(name: &'static str, it: &'static str, en: &'static str) -> KeyInfo {
    KeyInfo { name, is_required: true, it, en }
}

const fn may(name: &'static str, it: &'static str, en: &'static str) -> KeyInfo {
    KeyInfo { name, is_required: false, it, en }
}

/// The keys at the top of the header.
const TOP: &[KeyInfo] = &[
    must(
        "code",
        "sigla breve e stabile, che si cita nei verbali: maiuscole e cifre unite da trattini. Una sigla usata non cambia mai significato",
        "short stable reference that officials cite: capital letters and digits joined by hyphens. One once used is never reused with another meaning",
    ),
    must(
        "severity",
        "`errore` (una contraddizione, una regola del modulo non rispettata, un dato chiesto e lasciato in bianco, una norma verificata), `avviso`, `osservazione`; un giudizio non è mai un errore",
        "`errore` (a contradiction, a broken rule of the form, a blank where the form asks, a verified norm), `avviso`, `osservazione`; a judgement is never an `errore`",
    ),
    must(
        "basis",
        "la norma: un nome fra quelli di `[norms]` in `schedule.toml`, dove sta anche la sua certezza",
        "the norm: a name of `[norms]` in `schedule.toml`, where its certainty stands too",
    ),
    may(
        "each",
        "ciò che si controlla uno per uno (`processo`, `domanda`, `voce`). Senza, la condizione vale per la tabella intera",
        "what is checked one by one (`processo`, `domanda`, `voce`). Without it the condition is of the whole table",
    ),
    may(
        "group_by",
        "un campo, o più: la condizione vale per ogni gruppo con lo stesso valore, e i campi sono elenchi",
        "a field or several: the condition is of each group with the same value, and fields are lists",
    ),
    may(
        "when",
        "condizione: dove è falsa la regola non si applica",
        "condition: where it is false the rule does not apply",
    ),
    may(
        "at",
        "il campo la cui cella riceve il rilievo, o un elenco di celle",
        "the field whose cell gets the finding, or a list of cells",
    ),
    may(
        "related",
        "altre celle su cui il rilievo si fonda, anche più d'una espressione",
        "other cells that the finding rests on, one expression or several",
    ),
    may(
        "hint",
        "espressione: la correzione proposta, `{hint}` nei messaggi",
        "expression: the correction proposed, `{hint}` in messages",
    ),
    may("expected", "espressione: che cosa ci si attendeva", "expression: what should have stood there"),
    may(
        "cause",
        "espressione: i rilievi di una tabella con la stessa causa sono uno solo, con tutte le celle",
        "expression: findings of a table with the same cause are one, with all their cells",
    ),
    must("it", "i testi in italiano", "the texts in Italian"),
    must("en", "i testi in inglese", "the texts in English"),
    may("method", "`\"heuristic\"` dove deve giudicare una persona", "`\"heuristic\"` where a person must judge"),
    may("valid_from", "il primo anno dei documenti per cui vale", "the first year of the documents it is for"),
    may("valid_to", "l'ultimo anno", "the last year"),
    may(
        "needs",
        "altri documenti che legge, colonne e voci di riscontro.toml (`plan.complete`) senza le quali non è valutabile; di `\"a|b\"` ne basta una; `\"previous\"` è il documento precedente. Le colonne usate dalla condizione non vanno scritte",
        "other kinds of document it reads, columns and keys of riscontro.toml (`plan.complete`) without which it cannot be evaluated; of `\"a|b\"` one is enough; `\"previous\"` is the document before. Columns that the condition uses need not be named",
    ),
    may(
        "let",
        "espressioni con un nome, da usare in tutte quelle che seguono e nei messaggi",
        "expressions with a name, for all those that follow and for messages",
    ),
    may(
        "params",
        "valori con un nome, che un ente può cambiare: `default`, che cosa sono in `it` e `en`, e in `declared` la voce di riscontro.toml che li dà",
        "values with a name, which a body may change: `default`, what they are in `it` and `en`, and in `declared` the key of riscontro.toml that gives them",
    ),
    may(
        "superseded_by",
        "sigle di regole: dove una di quelle parla, questa tace",
        "codes of rules: where one of those reports, this one is silent",
    ),
    may(
        "absent",
        "`\"finding\"` se il difetto è proprio che la colonna manchi: un solo rilievo, sull'intestazione",
        "`\"finding\"` where the fault is that the column is missing at all: one finding, on the heading row",
    ),
    may(
        "severity_when",
        "un'altra gravità in certi casi: `when`, `severity`",
        "another severity in some cases: `when`, `severity`",
    ),
    may(
        "case",
        "un modo di rompere la regola, con il suo messaggio: vale il primo il cui `when` è vero",
        "one way to break the rule, with a message of its own: the first whose `when` holds",
    ),
    may(
        "equivalent",
        "cambiamenti di `riscontro test --mutate` che nessun documento può distinguere: `change`, e in `why` il motivo",
        "changes of `riscontro test --mutate` that no document can tell apart: `change`, and the reason in `why`",
    ),
    may(
        "example",
        "gli esempi: almeno uno con il difetto e uno senza",
        "the examples: at least one with the fault and one without",
    ),
];

const TEXTS: &[KeyInfo] = &[
    must("title", "il difetto in poche parole", "the fault in a few words"),
    must(
        "message",
        "una frase, in minuscolo e senza punto finale, che cita fra «» ciò che si è trovato; ammette `{campo}`, `{espressione}`, `{hint}`, `{anchor}` («voce n. 3»), `{anchors}` (tutte le unità), `{variant}` (la tabella del modulo)",
        "one sentence, lower case, no full stop, that quotes what was found; it takes `{field}`, `{expression}`, `{hint}`, `{anchor}` (“item no. 3”), `{anchors}` (all units), `{variant}` (the table of the form)",
    ),
    must("why", "perché conta", "why it matters"),
    must("remedy", "come si rimedia", "how to put it right"),
];

const CASE: &[KeyInfo] = &[
    must("when", "la condizione che lo distingue dagli altri", "the condition that tells it from the others"),
    must("it", "`message`, e se serve `remedy`, in italiano", "`message`, and if needed `remedy`, in Italian"),
    must("en", "gli stessi in inglese", "the same in English"),
    may("severity", "la sua gravità", "its severity"),
    may("at", "le sue celle", "its cells"),
    may("related", "le altre celle su cui si fonda", "the other cells it rests on"),
    may("hint", "la correzione proposta", "the correction proposed"),
    may("cause", "ciò che i suoi rilievi hanno in comune", "what its findings have in common"),
];

const EXAMPLE: &[KeyInfo] = &[
    must(
        "outcome",
        "`findings` (il difetto c'è), `passed`, `not_applicable`, `not_evaluable`",
        "`findings` (the fault is there), `passed`, `not_applicable`, `not_evaluable`",
    ),
    may("row", "una riga: `{ campo = \"valore\" }`", "one row: `{ field = \"value\" }`"),
    may("rows", "più righe", "several rows"),
    may("answers", "le risposte, per numero di domanda", "the answers, by number of question"),
    may("counts", "i conteggi, per tabella e numero di voce", "the counts, by table and number of item"),
    may("head", "dati del documento stesso (`anno`)", "data of the document itself (`anno`)"),
    may("documents", "le tabelle di altri documenti, per tipo", "tables of other kinds, by kind"),
    may(
        "prev",
        "il documento precedente: righe `[{…}]`, oppure `answers`, `counts`, `rows` con `head` e `documents`",
        "the previous document: rows `[{…}]`, or `answers`, `counts`, `rows` with `head` and `documents`",
    ),
    may("params", "altri valori dei parametri", "other values of parameters"),
    may(
        "declared",
        "ciò che l'ente dichiara, con le voci di `riscontro.toml`: `{ cycle = { year = 2024 } }`",
        "what the body declares, by the keys of `riscontro.toml`: `{ cycle = { year = 2024 } }`",
    ),
    may("as_of", "la data del controllo", "the date of the check"),
    may("drop", "domande che mancano dal modulo", "questions missing from the form"),
    may("drop_rows", "righe che mancano, per posizione", "rows missing, by place"),
    may("drop_counts", "voci che mancano, per tabella", "items missing, by table"),
    may("columns_without", "colonne che mancano", "columns missing"),
    may(
        "moved",
        "domande spostate dopo tutte le altre, con le loro righe",
        "questions that stand after all others, with their rows",
    ),
    may("boxed_rows", "righe il cui testo sta in una casella di testo", "rows whose text stands in a text box"),
    may(
        "headings",
        "altre intestazioni, per campo; di un campo con più colonne, un elenco",
        "other headings, by field; of a field with several columns, a list",
    ),
    may(
        "at",
        "dove sono i rilievi: numeri di riga, di domanda o di voce",
        "where the findings are: numbers of rows, questions or items",
    ),
    may("severity", "la loro gravità", "their severity"),
    may("hint", "la correzione proposta", "the correction proposed"),
    may("message", "il messaggio", "the message"),
    may("findings", "quanti sono", "how many there are"),
];

/// The keys of rule files, table by table.
pub fn key_tables() -> [KeyTable; 4] {
    let table = |heading, title, keys| KeyTable { heading, title, keys };
    [
        table("/*---", ("In cima", "At the top"), TOP),
        table("[it], [en]", ("I testi, in ciascuna lingua", "The texts, in each language"), TEXTS),
        table("[[case]]", ("Un caso con un messaggio suo", "A case with a message of its own"), CASE),
        table(
            "[[example]]",
            (
                "Un esempio: un piccolo documento e ciò che la regola ne deve dire",
                "An example: a small document and what the rule must say of it",
            ),
            EXAMPLE,
        ),
    ]
}
