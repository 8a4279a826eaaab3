//! What a user adds to packs without touching them.

use std::sync::Arc;

use super::load::Packs;
use super::schedule::FieldSource;
use crate::text;

impl Packs {
    /// The fields of a kind that columns hold; empty if the kind is not there.
    pub fn columns(&self, kind: &str) -> Vec<Arc<str>> {
        let fields = self.get(kind).map_or(&[][..], |pack| &pack.schedule.fields);
        fields.iter().filter(|f| f.source == FieldSource::Column).map(|f| f.name.clone()).collect()
    }

    /// Gives a field headings of the user's own, before those that it has. No other field of the kind keeps them:
    /// whoever names a heading knows what stands below it.
    pub fn add_headings(&mut self, kind: &str, field: &str, headings: Vec<String>) {
        let Some(pack) = self.packs.iter_mut().find(|p| &*p.schedule.kind == kind) else { return };
        let schedule = &mut Arc::make_mut(pack).schedule;
        let words: Vec<String> = headings.iter().map(|h| text::words(h)).collect();
        let is_own = |heading: &String| words.contains(&text::words(heading));
        for spec in &mut schedule.fields {
            spec.headings.retain(|h| !is_own(h));
            spec.also.retain(|h| !is_own(h));
            spec.late.retain(|h| !is_own(h));
        }
        let telling = &mut schedule.recognition.telling;
        schedule.recognition.foreign.retain(|h| !is_own(h));
        schedule.recognition.foreign_leaning.retain(|h| !is_own(h));
        let Some(spec) = schedule.fields.iter_mut().find(|f| &*f.name == field) else { return };
        // Where the field tells the kind, so does its heading of one's own.
        if spec.headings.iter().any(|h| telling.iter().any(|t| text::words(t) == text::words(h))) {
            telling.extend(headings.iter().cloned());
        }
        for asked in [&mut schedule.recognition.asked, &mut schedule.recognition.asked_alone] {
            if spec.headings.iter().any(|h| asked.iter().any(|t| text::words(t) == text::words(h))) {
                asked.extend(headings.iter().cloned());
            }
        }
        spec.headings.splice(0..0, headings);
    }
}
