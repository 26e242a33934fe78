//! Mends what an asynchronous reader gives, and writes it to an asynchronous writer:
//! `cat big.txt | cargo run --release --example tokio > mended.txt`
//!
//! hanmend does no input and output of its own, so it needs no runtime: a stream is pushed what
//! has come, and gives what is final. However the reads fall, the text is the same.

use std::io;

use hanmend::event::Silent;
use hanmend::pipeline::End;
use hanmend::{Error, Fixer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let end = runtime.block_on(mend(&Fixer::default(), tokio::io::stdin(), tokio::io::stdout()))?;
    eprintln!("encoding: {}", end.encoding.name());
    Ok(())
}

/// Mends `input` to `output`, in the memory that the stream's bound says.
pub(crate) async fn mend(
    fixer: &Fixer,
    mut input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<End> {
    let mut stream = fixer.stream();
    let (mut piece, mut mended) = (vec![0; 64 * 1024], Vec::new());
    loop {
        let n = input.read(&mut piece).await?;
        if n == 0 {
            break;
        }
        // 64 KiB take well under a millisecond where the text is clean; in a runtime that serves
        // many, do longer work in `spawn_blocking`. The stream is `Send`.
        stream.push(&piece[..n], &mut mended, &mut Silent).map_err(invalid)?;
        output.write_all(&mended).await?;
        mended.clear();
    }
    let end = stream.finish(&mut mended, &mut Silent).map_err(invalid)?;
    output.write_all(&mended).await?;
    output.flush().await?;
    Ok(end)
}

/// A character that the output encoding lacks: with UTF-8 out, which is the default, there is none.
fn invalid(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
