//! Frames on a stream: four bytes of length, then so many bytes. What the other side sends
//! is hostile: a length is believed only as far as bytes follow it, and a stream that
//! stands still in the middle of a frame is given up.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{error::Elapsed, timeout},
};

/// How long nothing at all may move inside a frame.
const STALL: Duration = Duration::from_secs(30);
/// The slowest that a frame may be on the whole, in bytes a second: a mobile link at its
/// worst is ten times as fast.
const SLOWEST_BYTES_A_SECOND: usize = 500;
/// What is read or written at once, in bytes. A length alone never takes more memory.
const PIECE_BYTES: usize = 16 * 1024;
/// The length before each frame, in bytes.
const LENGTH_BYTES: usize = 4;

/// Why no more frames come or go.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The other side says that a frame is longer than any frame may be.
    #[error("a frame of {bytes} bytes was announced; at most {bytes_max} are read")]
    TooLong {
        /// As announced.
        bytes: usize,
        /// The most that is read.
        bytes_max: usize,
    },
    /// Nothing moved for too long, or too slowly.
    #[error("the stream stood still inside a frame")]
    Stalled(#[from] Elapsed),
    /// The connection or the stream ended.
    #[error("the stream ended")]
    Ended(#[from] io::Error),
}

impl Broken {
    /// Nobody is there any more.
    pub(super) fn closed() -> Self {
        io::Error::from(io::ErrorKind::ConnectionReset).into()
    }
}

/// The next frame, of at most `bytes_max` bytes; none where the stream ends in order.
///
/// It may wait for ever for a frame to begin: whether the other side is there at all, the
/// connection knows.
pub(super) async fn read<R: AsyncRead + Unpin>(
    stream: &mut R,
    bytes_max: usize,
) -> Result<Option<Vec<u8>>, Broken> {
    let mut length = [0; LENGTH_BYTES];
    let begun = stream.read(&mut length).await?;
    let Some(rest) = length.get_mut(begun..).filter(|_| begun > 0) else {
        return Ok(None);
    };
    timeout(STALL, stream.read_exact(rest)).await??;
    let bytes = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if bytes > bytes_max {
        return Err(Broken::TooLong { bytes, bytes_max });
    }
    timeout(longest(bytes), read_body(stream, bytes)).await?
}

async fn read_body<R: AsyncRead + Unpin>(
    stream: &mut R,
    bytes: usize,
) -> Result<Option<Vec<u8>>, Broken> {
    let mut frame = Vec::with_capacity(bytes.min(PIECE_BYTES));
    while frame.len() < bytes {
        let left = (bytes - frame.len()).min(PIECE_BYTES) as u64;
        let mut piece = (&mut *stream).take(left);
        if timeout(STALL, piece.read_buf(&mut frame)).await?? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
    }
    Ok(Some(frame))
}

/// Writes a frame; on return the stream has taken all of it.
pub(super) async fn write<W: AsyncWrite + Unpin>(
    stream: &mut W,
    frame: &[u8],
) -> Result<(), Broken> {
    let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
    timeout(STALL, stream.write_all(&length.to_be_bytes())).await??;
    timeout(longest(frame.len()), write_body(stream, frame)).await??;
    Ok(())
}

async fn write_body<W: AsyncWrite + Unpin>(
    stream: &mut W,
    frame: &[u8],
) -> Result<(), Broken> {
    for piece in frame.chunks(PIECE_BYTES) {
        timeout(STALL, stream.write_all(piece)).await??;
    }
    Ok(timeout(STALL, stream.flush()).await??)
}

/// The longest that so many bytes may take.
fn longest(bytes: usize) -> Duration {
    STALL + Duration::from_secs((bytes / SLOWEST_BYTES_A_SECOND) as u64)
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    const FRAME_BYTES_MAX: usize = 1024 * 1024;

    /// Runs with a clock that jumps to the next timer as soon as nothing else is to be done.
    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(test)
    }

    #[test]
    fn frames_of_any_size_come_out_as_they_went_in() {
        run(async {
            let (mut here, mut there) = duplex(1000);
            let sizes = [0, 1, 999, PIECE_BYTES, PIECE_BYTES + 1, FRAME_BYTES_MAX];
            let writing = tokio::spawn(async move {
                for size in sizes {
                    write(&mut here, &vec![7; size]).await.unwrap();
                }
            });
            for size in sizes {
                let frame = read(&mut there, FRAME_BYTES_MAX).await.unwrap();
                assert_eq!(frame, Some(vec![7; size]));
            }
            writing.await.unwrap();
            assert_eq!(read(&mut there, FRAME_BYTES_MAX).await.unwrap(), None);
        });
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_anything_is_kept() {
        run(async {
            let (mut here, mut there) = duplex(64);
            here.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
            let refused = read(&mut there, FRAME_BYTES_MAX).await.unwrap_err();
            assert!(matches!(refused, Broken::TooLong { .. }), "{refused}");
        });
    }

    #[test]
    fn a_stream_that_stands_still_inside_a_frame_is_given_up() {
        for begun in [1, LENGTH_BYTES, LENGTH_BYTES + 5] {
            run(async {
                let (mut here, mut there) = duplex(64);
                let bytes = [&100_u32.to_be_bytes()[..], &[0; 5]].concat();
                here.write_all(&bytes[..begun]).await.unwrap();
                let refused = read(&mut there, FRAME_BYTES_MAX).await.unwrap_err();
                assert!(matches!(refused, Broken::Stalled(_)), "{refused}");
            });
        }
    }

    #[test]
    fn a_frame_that_comes_byte_by_byte_is_given_up_although_it_never_stands_still() {
        run(async {
            let (mut here, mut there) = duplex(64);
            let dripping = tokio::spawn(async move {
                here.write_all(&10_000_u32.to_be_bytes()).await.unwrap();
                while here.write_all(&[0]).await.is_ok() {
                    tokio::time::sleep(STALL / 2).await;
                }
            });
            let begun = tokio::time::Instant::now();
            let refused = read(&mut there, FRAME_BYTES_MAX).await.unwrap_err();
            assert!(matches!(refused, Broken::Stalled(_)), "{refused}");
            assert!(begun.elapsed() <= longest(10_000) + STALL);
            drop(there);
            dripping.await.unwrap();
        });
    }

    #[test]
    fn a_reader_that_does_not_read_is_given_up() {
        run(async {
            let (mut here, _there) = duplex(64);
            let refused = write(&mut here, &[0; 1000]).await.unwrap_err();
            assert!(matches!(refused, Broken::Stalled(_)), "{refused}");
        });
    }

    #[test]
    fn a_stream_cut_inside_a_frame_is_no_frame() {
        run(async {
            let (mut here, mut there) = duplex(64);
            here.write_all(&[0, 0, 0, 9, 1, 2]).await.unwrap();
            drop(here);
            let refused = read(&mut there, FRAME_BYTES_MAX).await.unwrap_err();
            assert!(matches!(refused, Broken::Ended(_)), "{refused}");
        });
    }
}
