//! What a zip archive says of a file beside its name: when it was changed, and whether it can be run.

use std::fs::{File, Permissions};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zip::read::ZipFile;
use zip::{DateTime, ExtraField};

/// What is kept of a file.
pub(super) struct Kept {
    changed: Option<SystemTime>,
    can_be_run: bool,
}

impl Kept {
    pub(super) fn of<R: Read>(member: &ZipFile<'_, R>) -> Kept {
        let exact = member.extra_data_fields().find_map(|field| match field {
            ExtraField::ExtendedTimestamp(time) => time.mod_time(),
            _ => None,
        });
        let seconds = exact.map(u64::from).or_else(|| member.last_modified().map(seconds));
        Kept {
            changed: seconds.map(|n| UNIX_EPOCH + Duration::from_secs(n)),
            can_be_run: member.unix_mode().is_some_and(|mode| mode & 0o111 != 0),
        }
    }

    /// Sets it for the file at `path`.
    pub(super) fn set(&self, path: &Path) -> io::Result<()> {
        let file = File::options().write(true).open(path)?;
        if self.can_be_run {
            file.set_permissions(runnable(file.metadata()?.permissions()))?;
        }
        match self.changed {
            Some(time) => file.set_modified(time),
            None => Ok(()),
        }
    }
}

/// Who may read it may run it.
#[cfg(unix)]
fn runnable(old: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(old.mode() | (old.mode() & 0o444) >> 2)
}

#[cfg(not(unix))]
fn runnable(old: Permissions) -> Permissions {
    old
}

/// The time of a zip archive, which has no zone and is taken for UTC, in seconds since 1970.
fn seconds(time: DateTime) -> u64 {
    let (year, month) = (u64::from(time.year()), u64::from(time.month()));
    // Years begin with March, so that a leap day ends one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year / 4 - year / 100 + year / 400;
    let day = 365 * year + leaps + (153 * month + 2) / 5 + u64::from(time.day()) - 1;
    let hours = (day - TO_1970) * 24 + u64::from(time.hour());
    (hours * 60 + u64::from(time.minute())) * 60 + u64::from(time.second())
}

/// Days from the first of March of the year 0 to 1970.
const TO_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_those_of_other_programs() {
        let time = |y, m, d| DateTime::from_date_and_time(y, m, d, 12, 30, 58).unwrap();
        assert_eq!(seconds(time(1980, 1, 1)), 315_577_858);
        assert_eq!(seconds(time(2024, 2, 29)), 1_709_209_858);
        assert_eq!(seconds(time(2000, 3, 1)), 951_913_858);
    }
}
