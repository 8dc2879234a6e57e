//! A disk in memory whose power fails: it remembers every operation, and what may be left of
//! them when it stops after any one. Also a disk that refuses, or has no space.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use cairn::{
    platform::Opening,
    store::{Disk, Error, Part, StorageBackend},
};

/// What a disk writes whole or not at all, in bytes.
const SECTOR_LEN: usize = 512;

/// What each file holds.
pub(crate) type Image = BTreeMap<Part, Vec<u8>>;

/// A disk that keeps everything in memory. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlakyDisk(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    files: Image,
    /// Every operation on each file since the beginning, in order.
    ops: Vec<(Part, Op)>,
    /// Writings until the disk refuses everything.
    refuses_after: Option<usize>,
    /// Bytes that the files may have together.
    space: Option<usize>,
    reserve_len: usize,
    /// Remembers no operation.
    is_plain: bool,
    /// Passes for a disk whose files are too large to be checked whenever they are opened.
    is_large: bool,
    /// What other clinics share, by their names.
    beside: BTreeMap<String, FlakyDisk>,
}

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Clear,
    SetLen(usize),
    Write(usize, Vec<u8>),
    Sync,
}

#[derive(Debug)]
struct FlakyFile {
    part: Part,
    disk: FlakyDisk,
}

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Dice(pub(crate) u64);

/// How much of what was not synced is left after the power failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Left {
    Nothing,
    Everything,
    Some,
}

impl FlakyDisk {
    /// A disk with these files on it.
    pub(crate) fn with(files: Image) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().files = files;
        disk
    }

    /// The same, but its files pass for large ones, which are believed when they are opened.
    pub(crate) fn large(files: Image) -> Self {
        let disk = Self::with(files);
        disk.0.lock().unwrap().is_large = true;
        disk
    }

    /// The same, but it remembers nothing of what is done to it.
    pub(crate) fn plain(files: Image) -> Self {
        let disk = Self::with(files);
        disk.0.lock().unwrap().is_plain = true;
        disk
    }

    pub(crate) fn files(&self) -> Image {
        self.0.lock().unwrap().files.clone()
    }

    /// What stands beside the files: what other clinics share, by their names.
    pub(crate) fn all_beside(&self) -> BTreeMap<String, Image> {
        let inner = self.0.lock().unwrap();
        let beside = inner.beside.iter();
        beside
            .map(|(name, it)| (name.clone(), it.files()))
            .collect()
    }

    /// Puts that there.
    pub(crate) fn put_beside(&self, beside: BTreeMap<String, Image>) {
        let disks = beside.into_iter().map(|(name, it)| (name, Self::plain(it)));
        self.0.lock().unwrap().beside = disks.collect();
    }

    pub(crate) fn ops(&self) -> Vec<(Part, Op)> {
        self.0.lock().unwrap().ops.clone()
    }

    pub(crate) fn ops_len(&self) -> usize {
        self.0.lock().unwrap().ops.len()
    }

    /// After `ops` more writings everything is refused; `None` heals the disk.
    pub(crate) fn refuse_after(&self, ops: Option<usize>) {
        self.0.lock().unwrap().refuses_after = ops;
    }

    /// Leaves room for `bytes` more and sets `reserve` more bytes aside.
    pub(crate) fn fill_up(&self, bytes: usize, reserve: usize) {
        let mut inner = self.0.lock().unwrap();
        let used: usize = inner.files.values().map(Vec::len).sum();
        inner.reserve_len = reserve;
        inner.space = Some(used + bytes + reserve);
    }

    pub(crate) fn empty_out(&self) {
        self.0.lock().unwrap().space = None;
    }

    fn step<T>(
        &self,
        part: Part,
        op: impl FnOnce() -> Op,
        act: impl FnOnce(&mut Inner) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut inner = self.0.lock().unwrap();
        inner.answers()?;
        if let Some(left) = &mut inner.refuses_after {
            *left -= 1;
        }
        let value = act(&mut inner)?;
        if !inner.is_plain {
            inner.ops.push((part, op()));
        }
        Ok(value)
    }
}

impl Inner {
    fn answers(&self) -> io::Result<()> {
        match self.refuses_after {
            Some(0) => Err(io::Error::other("refused")),
            _ => Ok(()),
        }
    }

    fn has_room_for(&self, part: Part, len: usize) -> io::Result<()> {
        let others = self.files.iter().filter(|(it, _)| **it != part);
        let used = others.map(|(_, bytes)| bytes.len()).sum::<usize>() + self.reserve_len;
        match self.space {
            Some(space) if used + len > space => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

impl Disk for FlakyDisk {
    fn open(
        &self,
        part: Part,
        opening: Opening,
    ) -> Result<Box<dyn StorageBackend>, Error> {
        let mut inner = self.0.lock().unwrap();
        let is_there = inner.files.contains_key(&part);
        match opening {
            Opening::Existing if !is_there => {
                let what = "the file is missing";
                return Err(Error::Damaged { part, what });
            }
            Opening::New => assert!(!is_there, "{part} is there already"),
            Opening::Existing | Opening::Either => {}
        }
        inner.files.entry(part).or_default();
        let disk = self.clone();
        Ok(Box::new(FlakyFile { part, disk }))
    }

    fn is_soon_checked(&self, _part: Part) -> bool {
        !self.0.lock().unwrap().is_large
    }

    fn clear_cache(&self) -> Result<(), Error> {
        let clear = |inner: &mut Inner| {
            inner.files.remove(&Part::Cache);
            Ok(())
        };
        self.step(Part::Cache, || Op::Clear, clear)
            .map_err(|source| Error::Disk {
                step: "remove",
                path: "cache".into(),
                source,
            })
    }

    fn release_reserve(&self) -> Result<(), Error> {
        self.0.lock().unwrap().reserve_len = 0;
        Ok(())
    }

    fn keep_reserve(&self) -> Result<(), Error> {
        let inner = self.0.lock().unwrap();
        let is_tight = inner.space.is_some() && inner.reserve_len == 0;
        if is_tight { Err(Error::Full) } else { Ok(()) }
    }

    fn beside(&self, clinic: &str) -> Result<Arc<dyn Disk>, Error> {
        let mut inner = self.0.lock().unwrap();
        let is_plain = inner.is_plain;
        let beside = inner.beside.entry(clinic.to_owned()).or_default();
        beside.0.lock().unwrap().is_plain = is_plain;
        Ok(Arc::new(beside.clone()))
    }
}

impl StorageBackend for FlakyFile {
    fn len(&self) -> io::Result<u64> {
        let inner = self.disk.0.lock().unwrap();
        inner.answers()?;
        Ok(inner.files[&self.part].len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let inner = self.disk.0.lock().unwrap();
        inner.answers()?;
        let start = usize::try_from(offset).unwrap();
        let found = inner.files[&self.part].get(start..start + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).unwrap();
        self.disk.step(
            self.part,
            || Op::SetLen(len),
            |inner| {
                inner.has_room_for(self.part, len)?;
                inner.files.get_mut(&self.part).unwrap().resize(len, 0);
                Ok(())
            },
        )
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.step(self.part, || Op::Sync, |_| Ok(()))
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        let op = || Op::Write(start, data.to_vec());
        self.disk.step(self.part, op, |inner| {
            write_at(inner.files.get_mut(&self.part).unwrap(), start, data);
            Ok(())
        })
    }
}

/// Walks along the operations of a disk, and says what may be left at each one.
pub(crate) struct PowerCuts {
    /// What is surely on disk.
    synced: Image,
    /// What was done since the last sync of each file.
    unsynced: BTreeMap<Part, Vec<Op>>,
}

impl PowerCuts {
    pub(crate) fn from(synced: Image) -> Self {
        let unsynced = BTreeMap::new();
        Self { synced, unsynced }
    }

    /// Does the next operation.
    pub(crate) fn step(&mut self, part: Part, op: Op) {
        if let Op::Clear = op {
            self.synced.remove(&part);
            self.unsynced.remove(&part);
            return;
        }
        let unsynced = self.unsynced.entry(part).or_default();
        let file = self.synced.entry(part).or_default();
        if let Op::Sync = op {
            unsynced.drain(..).for_each(|op| apply(file, &op));
        } else {
            unsynced.push(op);
        }
    }

    /// What is left if the power fails here.
    pub(crate) fn image(&self, left: Left, dice: &mut Dice) -> Image {
        let mut image = self.synced.clone();
        for (part, ops) in &self.unsynced {
            let file = image.entry(*part).or_default();
            let mut ops: Vec<&Op> = ops.iter().collect();
            match left {
                Left::Nothing => ops.clear(),
                Left::Everything => {}
                Left::Some => dice.shuffle(&mut ops),
            }
            for op in ops {
                match (left, op) {
                    (Left::Some, Op::Write(at, data)) => tear(file, *at, data, dice),
                    (Left::Some, _) if dice.below(2) == 0 => {}
                    _ => apply(file, op),
                }
            }
        }
        image
    }
}

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

fn apply(file: &mut Vec<u8>, op: &Op) {
    match op {
        Op::SetLen(len) => file.resize(*len, 0),
        Op::Write(at, data) => write_at(file, *at, data),
        Op::Clear | Op::Sync => {}
    }
}

/// Writes all, none, or some sectors.
fn tear(file: &mut Vec<u8>, at: usize, data: &[u8], dice: &mut Dice) {
    match dice.below(4) {
        0 => {}
        1 => write_at(file, at, data),
        _ => {
            let mut at = at;
            let mut data = data;
            while !data.is_empty() {
                let in_sector = (SECTOR_LEN - at % SECTOR_LEN).min(data.len());
                let (sector, rest) = data.split_at(in_sector);
                if dice.below(2) == 0 {
                    write_at(file, at, sector);
                }
                at += in_sector;
                data = rest;
            }
        }
    }
}

fn write_at(file: &mut Vec<u8>, at: usize, data: &[u8]) {
    let end = at + data.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(data);
}
