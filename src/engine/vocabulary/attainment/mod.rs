//! How the results of indicators stand to their targets: which is held against which, in which direction, what came of
//! it. The indicator is the unit under evaluation.

mod run;
pub(super) mod values;

use super::{ARGS, Also, BOOL, FIELD, Function, LIST, NUMBER, Name, Nature, Param, TEXT, UNIT, row};

/// What answers from the indicator under evaluation.
pub(super) const MEASURED: Nature = UNIT.also(Also::Measures);

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "result",
        &[],
        MEASURED,
        FIELD,
        run::result,
        (
            "il risultato dell'anno di cui la tabella dà conto; in bianco se manca",
            "the result of the year that the table reports on; blank if it is missing",
            "present(result())",
        ),
    ),
    row(
        "target",
        &[],
        MEASURED,
        FIELD,
        run::target,
        (
            "il target con cui si confronta il risultato; di un piano, quello del suo primo anno",
            "the target that the result is held against; of a plan, that of its first year",
            "present(target())",
        ),
    ),
    row(
        "result_before",
        &[],
        MEASURED,
        FIELD,
        run::result_before,
        (
            "il risultato dell'anno prima di quello di cui la tabella dà conto",
            "the result of the year before the one that the table reports on",
            "present(result_before())",
        ),
    ),
    row(
        "starting_point",
        &[],
        MEASURED,
        FIELD,
        run::starting_point,
        (
            "l'ultimo risultato prima dell'anno del target, altrimenti il valore di partenza",
            "the last result before the year of the target, else the baseline",
            "present(starting_point())",
        ),
    ),
    row(
        "result_is_due",
        &[],
        MEASURED,
        BOOL,
        run::result_is_due,
        (
            "altri indicatori hanno già un risultato per lo stesso anno",
            "other indicators have a result of the same year",
            "result_is_due()",
        ),
    ),
    row(
        "results_lacking",
        &[Param::Name(Name::Pattern)],
        MEASURED,
        LIST,
        run::results_lacking,
        (
            "i risultati che mancano, di anni per cui altri indicatori ne hanno uno, la cui cella non dice il motivo (secondo lo schema)",
            "the results that are missing, of years in which other indicators have one, whose cell does not say why (by the pattern)",
            "count(results_lacking(\"motivo\")) == 0",
        ),
    ),
    row(
        "targets_in_order",
        &[],
        MEASURED,
        LIST,
        run::targets_in_order,
        (
            "i target dell'indicatore che hanno un anno, dal primo all'ultimo",
            "the targets of the indicator that have a year, first to last",
            "count(targets_in_order()) > 1",
        ),
    ),
    row(
        "results_reported",
        &[],
        ARGS.also(Also::Measures),
        LIST,
        run::results_reported,
        (
            "i risultati dell'anno di cui la tabella dà conto, quelli che si misurano",
            "the results of the year that the table reports on, those that can be measured",
            "count(results_reported()) > 4",
        ),
    ),
    row(
        "results_on_target",
        &[],
        ARGS.also(Also::Measures),
        LIST,
        run::results_on_target,
        (
            "di quei risultati, quelli uguali al loro target",
            "of those results, the ones equal to their target",
            "count(results_on_target()) == 0",
        ),
    ),
    row(
        "year_told",
        &[Param::Field],
        MEASURED,
        TEXT,
        run::year_told,
        (
            "l'anno scritto nell'intestazione di un risultato o di un target, vuoto se non ce n'è uno",
            "the year in the heading of a result or a target, empty if there is none",
            "year_told(result()) == \"2024\"",
        ),
    ),
    row(
        "direction",
        &[],
        MEASURED,
        TEXT,
        run::direction,
        (
            "il verso dell'indicatore: «crescente», «decrescente», «esatto»; vuoto se nulla lo dice o se i segnali si contraddicono",
            "the direction of the indicator: “crescente”, “decrescente”, “esatto”; empty if nothing tells it or what tells it contradicts itself",
            "direction() == \"crescente\"",
        ),
    ),
    row(
        "direction_by",
        &[Param::Text],
        MEASURED,
        TEXT,
        run::direction_by,
        (
            "il verso secondo un solo segnale: «dichiarato», «operatore», «baseline», «parole»; vuoto se non dice nulla",
            "the direction by one sign alone: “dichiarato”, “operatore”, “baseline”, “parole”; empty if it tells nothing",
            "direction_by(\"dichiarato\") == direction_by(\"operatore\")",
        ),
    ),
    row(
        "judged",
        &[],
        MEASURED,
        BOOL,
        run::judged,
        ("il risultato si può confrontare con il target", "the result can be held against the target", "judged()"),
    ),
    row("met", &[], MEASURED, BOOL, run::met, ("il target è raggiunto", "the target is met", "met()")),
    row(
        "attainment",
        &[],
        MEASURED,
        NUMBER,
        run::attainment,
        (
            "quanto del target è raggiunto, in percentuale, anche oltre 100",
            "how much of the target is reached, in percent, beyond 100 too",
            "attainment() <= 120",
        ),
    ),
    row(
        "deviation",
        &[],
        MEASURED,
        TEXT,
        run::deviation,
        (
            "il risultato meno il target, con segno e unità",
            "the result less the target, with sign and unit",
            "deviation()",
        ),
    ),
    row(
        "comparable",
        &[Param::Field, Param::Field],
        MEASURED,
        BOOL,
        run::comparable,
        (
            "i due valori dell'indicatore sono numeri della stessa unità",
            "the two values of the indicator are numbers of one unit",
            "comparable(target(), starting_point())",
        ),
    ),
    row(
        "same_value",
        &[Param::Field, Param::Field],
        MEASURED,
        BOOL,
        run::same_value,
        (
            "i due valori dell'indicatore sono uguali",
            "the two values of the indicator are the same",
            "same_value(result(), target())",
        ),
    ),
    row(
        "worse",
        &[Param::Field, Param::Field],
        MEASURED,
        BOOL,
        run::worse,
        (
            "il primo valore è peggiore del secondo, nel verso dell'indicatore",
            "the first value is worse than the second, in the direction of the indicator",
            "!worse(target(), starting_point())",
        ),
    ),
    row(
        "worsening",
        &[Param::List],
        MEASURED,
        LIST,
        run::worsening,
        (
            "i valori dell'elenco peggiori di quello che li precede, nel verso dell'indicatore",
            "the values of the list that are worse than the one before, in the direction of the indicator",
            "count(worsening(targets_in_order())) == 0",
        ),
    ),
    row(
        "attainment_differs",
        &[Param::Field],
        MEASURED,
        BOOL,
        run::attainment_differs,
        (
            "la percentuale scritta nel campo non è quanto del target è raggiunto, né con il massimo di 100 né senza",
            "the percentage in the field is not how much of the target is reached, neither capped at 100 nor not",
            "!attainment_differs(first(raggiungimento))",
        ),
    ),
    row(
        "difference",
        &[Param::Field, Param::Field],
        MEASURED,
        NUMBER,
        run::difference,
        (
            "il primo valore dell'indicatore meno il secondo, in punti se sono quote",
            "the first value of the indicator less the second, in points for shares",
            "difference(result(), target()) > 0",
        ),
    ),
    row(
        "change",
        &[Param::Field, Param::Field],
        MEASURED,
        NUMBER,
        run::change,
        (
            "la variazione dal secondo valore al primo, in percentuale del secondo",
            "the change from the second value to the first, in percent of the second",
            "change(result(), result_before()) < 15",
        ),
    ),
];
