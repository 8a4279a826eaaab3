//! The syntax of the script language, closed and bounded: rules are read with it, and run as plans.

use rhai::{AST, Engine, OptimizationLevel, ParseError};

/// Keywords that an expression has no use for.
const DISABLED: [&str; 21] = [
    "eval",
    "print",
    "debug",
    "type_of",
    "call",
    "curry",
    "Fn",
    "this",
    "try",
    "catch",
    "throw",
    "import",
    "export",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "in",
    "let",
    "const",
    "fn",
    "private",
];

/// Reads expressions; runs none.
pub(super) struct Script(Engine);

impl Script {
    pub(super) fn new() -> Self {
        Self(engine())
    }

    /// Reads one expression, nothing folded away: the checks want to see all of it.
    pub(super) fn parse(&self, text: &str) -> Result<AST, ParseError> {
        self.0.compile_expression(text)
    }
}

/// The library's engine without any function, its language reduced to expressions, its sizes bounded.
pub(super) fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_fast_operators(false);
    engine.set_optimization_level(OptimizationLevel::None);
    engine
        .set_allow_anonymous_fn(false)
        .set_allow_looping(false)
        .set_allow_if_expression(false)
        .set_allow_switch_expression(false)
        .set_allow_statement_expression(false)
        .set_allow_shadowing(false);
    engine
        .set_max_functions(0)
        .set_max_call_levels(0)
        .set_max_expr_depths(48, 1)
        .set_max_string_size(32_768)
        .set_max_array_size(1_000)
        .set_max_map_size(1)
        .set_max_variables(256)
        .set_max_operations(10_000);
    for word in DISABLED {
        engine.disable_symbol(word);
    }
    engine
}
