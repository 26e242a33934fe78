//! `hanmend unzip`

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use zip::ZipArchive;

mod kept;
mod twice;

use super::flags;
use super::names::{Names, shown};
use super::session;
use super::status::Status;
use super::usage::Usage;
use crate::batch::problem::Problem;
use crate::batch::target::Target;
use kept::Kept;

/// List a zip archive, or take its files out, under their right names
#[derive(Args, Clone, Debug)]
#[command(after_long_help = AFTER)]
pub(crate) struct UnzipArgs {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    /// Take the files out, below DIR; without it, they are listed
    #[arg(short = 'O', long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Encoding of the names that are not UTF-8: auto, or a label such as gbk or big5
    #[arg(short, long, value_name = "LABEL", default_value = "auto")]
    encoding: String,
}

const AFTER: &str = "\
Archives made on a Chinese Windows have names in GBK or Big5, and nothing in them says so. All names
together tell their encoding. What is in the files stays as it is. Nothing is written outside DIR, and
nothing is overwritten. Files keep their time (one without a zone is taken for UTC) and whether they can be
run.

Examples:
  hanmend unzip old.zip
  hanmend unzip -O old/ old.zip
  hanmend unzip -e big5 -O old/ old.zip

Exit status: 0 done, 2 an error on any file (the others are still done)";

/// Bytes copied at once.
const COPY: usize = 64 * 1024;

pub(crate) fn run(args: &UnzipArgs) -> Result<Status, Usage> {
    let encoding = flags::encoding(&args.encoding)?;
    let broken = |e: io::Error| Usage::Open("ARCHIVE", args.archive.clone(), e);
    let file = File::open(&args.archive).map_err(broken)?;
    let again = file.try_clone().map_err(broken)?;
    let mut archive = ZipArchive::new(file).map_err(|e| {
        let reason = format!("{e}; it is no zip archive, or was cut off: fetch it again");
        broken(io::Error::other(reason))
    })?;
    let twice = twice::names(again, archive.central_directory_start());
    let mut raw = Vec::new();
    for n in 0..archive.len() {
        let name = archive.by_index_raw(n).map(|member| member.name_raw().to_vec());
        raw.push(name.map_err(|e| broken(io::Error::other(e)))?);
    }
    let names = Names::new(encoding, raw.iter().map(Vec::as_slice));
    let (mut status, mut listed, mut used) = (Status::Done, String::new(), HashSet::new());
    let mut complain = |raw: &[u8], reason: &str| {
        eprintln!("hanmend: {}: {}: {reason}", args.archive.display(), shown(raw));
        status = Status::Failed;
    };
    for (n, raw) in raw.iter().enumerate() {
        let done = path(&names, raw).and_then(|path| match used.insert(path.clone()) {
            true => Ok(path),
            false => Err(format!("another file of the archive is {}", path.display())),
        });
        let done = done.and_then(|path| match &args.output_dir {
            Some(dir) => take_out(&mut archive, n, raw, dir, &path),
            None => {
                let slash = if is_folder(raw) { "/" } else { "" };
                listed
                    .push_str(&format!("{}{slash}\n", shown(path.as_os_str().as_encoded_bytes())));
                Ok(())
            }
        });
        if let Err(reason) = done {
            complain(raw, &reason);
        }
    }
    for (raw, number) in twice {
        complain(&raw, &format!("{number} files have this name; one of them is taken"));
    }
    if session::print(listed.as_bytes()) == Status::Failed {
        return Ok(Status::Failed);
    }
    Ok(status)
}

fn is_folder(raw: &[u8]) -> bool {
    raw.ends_with(b"/")
}

/// The path of a member below the target folder.
fn path(names: &Names, raw: &[u8]) -> Result<PathBuf, String> {
    let text = names.text(raw)?;
    let mut path = PathBuf::new();
    // Windows writes its own separator where the standard has another.
    for (n, part) in text.split(['/', '\\']).enumerate() {
        let is_drive = n == 0 && part.len() == 2 && part.ends_with(':');
        if part == ".." || is_drive || (n == 0 && part.is_empty()) {
            return Err("the name leads out of the folder, and is left out".to_owned());
        }
        if part.contains(char::is_control) {
            return Err("the name has a control character in it, and is left out".to_owned());
        }
        if matches!(part, "" | ".") {
            continue;
        }
        match names.mended(part.as_bytes())? {
            Some(mended) => path.push(mended.name),
            None => path.push(part),
        }
    }
    Ok(path)
}

/// Writes member `n` to `path` below `dir`.
fn take_out(
    archive: &mut ZipArchive<File>,
    n: usize,
    raw: &[u8],
    dir: &Path,
    path: &Path,
) -> Result<(), String> {
    let mut member = archive.by_index(n).map_err(|e| e.to_string())?;
    if member.is_symlink() {
        return Err("is a symbolic link, and is left out".to_owned());
    }
    let folder = if is_folder(raw) { path } else { path.parent().unwrap_or(Path::new("")) };
    make(dir, folder).map_err(|e| e.to_string())?;
    if is_folder(raw) {
        return Ok(());
    }
    let target = dir.join(path);
    if fs::symlink_metadata(&target).is_ok() {
        return Err(format!("{} is there already", target.display()));
    }
    let kept = Kept::of(&member);
    let mut write = || -> Result<(), Problem> {
        let mut file = Target::create(&target)?;
        let mut buffer = vec![0; COPY];
        let mut at = 0;
        loop {
            match member.read(&mut buffer).map_err(|e| Problem::Read(e, at))? {
                0 => return file.finish(),
                len => {
                    file.write(&buffer[..len])?;
                    at += len as u64;
                }
            }
        }
    };
    write().map_err(|problem| problem.to_string())?;
    kept.set(&target).map_err(|e| format!("is taken out, but not with its time and mode: {e}"))
}

/// Makes `folder` below `dir`, and follows no link on the way.
fn make(dir: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let mut at = dir.to_owned();
    for part in folder {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(data) if data.is_dir() => {}
            Ok(_) => {
                let reason = format!("{} is there already, and is no folder", at.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
            }
            Err(_) => fs::create_dir(&at)?,
        }
    }
    Ok(())
}
