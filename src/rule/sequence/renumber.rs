//! Numbers a broken series anew.

use rustc_hash::FxHashMap;

use super::series::{Break, Series};
use super::{Defect, Marker, Ordinal, Repair};
use crate::diagnostic::{Applicability, Edit};

/// A series with more breaks is not mended by numbering it anew.
const MAX_BREAKS: usize = 3;

/// Where more items than this are missing, a number is more likely to be none than to be wrong.
const MAX_MISSING: usize = 2;

/// Offers repairs for the breaks of a document.
pub(super) struct Renumbering<'a> {
    ordinals: &'a [Ordinal],
    markers: &'a [Marker],
    series: &'a [Series],
    prose: &'a str,
    /// Where the markers of broken series are: the series, and the place in there.
    places: FxHashMap<usize, (usize, usize)>,
    /// How many breaks each series has.
    breaks: FxHashMap<usize, usize>,
}

impl<'a> Renumbering<'a> {
    pub(super) fn new(
        ordinals: &'a [Ordinal],
        markers: &'a [Marker],
        (series, breaks): (&'a [Series], &[Break]),
        prose: &'a str,
    ) -> Self {
        let mut places = FxHashMap::default();
        for (number, series) in series.iter().enumerate().filter(|_| !breaks.is_empty()) {
            places.extend(series.items.iter().enumerate().map(|(at, &marker)| (marker, (number, at))));
        }
        let mut counts = FxHashMap::default();
        for (number, _) in breaks.iter().filter_map(|found| places.get(&found.marker)) {
            *counts.entry(*number).or_default() += 1;
        }
        Self { ordinals, markers, series, prose, places, breaks: counts }
    }

    /// The series from the break on, numbered after the last good marker, each marker in its own writing.
    pub(super) fn repair(&self, found: &Break) -> Option<Repair> {
        let &(series, at) = self.places.get(&found.marker)?;
        if !self.is_slip(found) || self.breaks.get(&series).is_some_and(|&count| count > MAX_BREAKS) {
            return None;
        }
        let first = found.last.map_or(0, |last| self.markers[last].value) + 1;
        let mut edits = Vec::new();
        for (value, &marker) in (first..).zip(&self.series[series].items[at..]) {
            if self.markers[marker].value != value {
                edits.push(self.renumbered(self.markers[marker], value)?);
            }
        }
        (!edits.is_empty()).then(|| Repair::new(Applicability::Unsafe, edits))
    }

    /// Whether the numbers may be all that is wrong.
    fn is_slip(&self, found: &Break) -> bool {
        let settings = &self.ordinals[self.markers[found.marker].ordinal].settings;
        settings.renumbers
            && match found.defect {
                Defect::Missing | Defect::Mixed => found.missing().len() <= MAX_MISSING,
                Defect::Duplicate | Defect::Order => true,
                // the beginning is mostly there, without its number
                Defect::Start | Defect::Unpaired => false,
            }
    }

    /// What gives a marker another number. `None` if it cannot be written, or would not be read as that number.
    fn renumbered(&self, marker: Marker, value: u32) -> Option<Edit> {
        let (ordinal, text) = (&self.ordinals[marker.ordinal], marker.range.of(self.prose));
        let written = ordinal.with_value(text, value)?;
        (ordinal.value(&written) == Some(value)).then(|| Edit::minimal(marker.range, text, &written))
    }
}
