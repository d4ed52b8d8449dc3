//! Which cells of the table are played: every state of DNS under every answer of the edge, and beside each of them the record,
//! the other resolver and the store that stood least often beside it and beside one another.

use std::collections::HashMap;
use std::fmt;

use crate::dimensions::{BEFORE, Before, DNS, Dns, EDGE, Edge, OTHERS, Others, STORE};
use crate::world::StoreManner;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) dns: Dns,
    pub(crate) edge: Edge,
    pub(crate) before: Before,
    pub(crate) others: Others,
    pub(crate) store: StoreManner,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dns, edge, before, others, store } = self;
        write!(f, "{edge:?} | DNS {dns:?} | others {others:?} | before {before:?} | KV {store:?}")
    }
}

/// A cell as the places of its values in their dimensions.
type Places = [usize; 5];

const SIZES: Places = [DNS.len(), EDGE.len(), BEFORE.len(), OTHERS.len(), STORE.len()];

fn cell([dns, edge, before, others, store]: Places) -> Cell {
    Cell { dns: DNS[dns], edge: EDGE[edge], before: BEFORE[before], others: OTHERS[others], store: STORE[store] }
}

/// Two dimensions with a value of each.
type Pair = ((usize, usize), (usize, usize));

fn pairs(places: Places) -> impl Iterator<Item = Pair> {
    let later =
        move |one: usize| (one + 1..places.len()).map(move |other| ((one, places[one]), (other, places[other])));
    (0..places.len()).flat_map(later)
}

/// All of them.
pub(crate) fn cells() -> Vec<Cell> {
    let mut met: HashMap<Pair, usize> = HashMap::new();
    let mut rarest = |dns, edge| {
        let beside = product(SIZES[2], SIZES[3]).flat_map(|(before, others)| {
            product(1, SIZES[4]).map(move |(_, store)| [dns, edge, before, others, store])
        });
        let often = |places: &Places| pairs(*places).map(|pair| met.get(&pair).copied().unwrap_or(0)).sum::<usize>();
        let rarest = beside.min_by_key(often).unwrap();
        pairs(rarest).for_each(|pair| *met.entry(pair).or_default() += 1);
        cell(rarest)
    };
    product(SIZES[0], SIZES[1]).map(|(dns, edge)| rarest(dns, edge)).collect()
}

fn product(one: usize, other: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..one).flat_map(move |it| (0..other).map(move |second| (it, second)))
}

#[test]
fn every_two_values_of_different_dimensions_meet() {
    let cells = cells();
    let met =
        |one: &dyn Fn(&Cell) -> bool, other: &dyn Fn(&Cell) -> bool| cells.iter().any(|cell| one(cell) && other(cell));
    let mut missing = Vec::new();
    for before in BEFORE {
        for others in OTHERS {
            for store in STORE {
                let (b, o, s) =
                    (|c: &Cell| c.before == before, |c: &Cell| c.others == others, |c: &Cell| c.store == store);
                if !met(&b, &o) || !met(&b, &s) || !met(&o, &s) {
                    missing.push(format!("{before:?} {others:?} {store:?}"));
                }
                for dns in DNS {
                    let d = |c: &Cell| c.dns == dns;
                    if !met(&d, &b) || !met(&d, &o) || !met(&d, &s) {
                        missing.push(format!("{dns:?}: {before:?} {others:?} {store:?}"));
                    }
                }
                for edge in EDGE {
                    let e = |c: &Cell| c.edge == edge;
                    if !met(&e, &b) || !met(&e, &o) || !met(&e, &s) {
                        missing.push(format!("{edge:?}: {before:?} {others:?} {store:?}"));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} pairs are not met: {:#?}", missing.len(), &missing[..missing.len().min(10)]);
    assert!(cells.len() >= 400, "{} cells", cells.len());
}
