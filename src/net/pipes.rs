//! The two directions of a stream, each a task of its own: frames come in one at a time and
//! only when somebody asks for the next, and go out in order.

use iroh::endpoint::{RecvStream, SendStream};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Duration, timeout},
};

use super::frames::{self, Broken};

/// How long the last frames may take to arrive when a connection is to end.
const LAST_FRAMES: Duration = Duration::from_secs(2);

/// Both directions.
pub(super) struct Pipes {
    incoming: mpsc::Receiver<Result<Vec<u8>, Broken>>,
    outgoing: Option<mpsc::UnboundedSender<Vec<u8>>>,
    written: mpsc::UnboundedReceiver<Result<usize, Broken>>,
    on_the_way: usize,
    tasks: JoinSet<()>,
}

/// What moved.
pub(super) enum Moved {
    /// A frame came.
    Heard(Vec<u8>),
    /// The stream took a frame of so many bytes.
    Left(usize),
}

impl Pipes {
    pub(super) fn new(
        (send, receive): (SendStream, RecvStream),
        bytes_max: usize,
    ) -> Self {
        let mut tasks = JoinSet::new();
        let (hear, incoming) = mpsc::channel(1);
        let (outgoing, to_write) = mpsc::unbounded_channel();
        let (tell, written) = mpsc::unbounded_channel();
        tasks.spawn(read(receive, hear, bytes_max));
        tasks.spawn(write(send, to_write, tell));
        Self {
            incoming,
            outgoing: Some(outgoing),
            written,
            on_the_way: 0,
            tasks,
        }
    }

    /// The next that moves. A frame is listened for only where asked: what is not asked for
    /// waits at the other side.
    pub(super) async fn next(&mut self, may_hear: bool) -> Result<Moved, Broken> {
        tokio::select! {
            heard = self.incoming.recv(), if may_hear => {
                heard.unwrap_or_else(|| Err(Broken::closed())).map(Moved::Heard)
            }
            Some(left) = self.written.recv() => {
                self.on_the_way = self.on_the_way.saturating_sub(1);
                left.map(Moved::Left)
            }
        }
    }

    /// Puts a frame on its way.
    pub(super) fn say(&mut self, frame: Vec<u8>) {
        self.on_the_way += 1;
        if let Some(outgoing) = &self.outgoing {
            // Whoever writes has ended, and says why.
            drop(outgoing.send(frame));
        }
    }

    /// Frames that the stream has not taken yet.
    pub(super) const fn on_the_way(&self) -> usize {
        self.on_the_way
    }

    /// Waits a moment for the other side to have what was said.
    pub(super) async fn finish(&mut self) {
        self.incoming.close();
        self.outgoing = None;
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        drop(timeout(LAST_FRAMES, ended).await);
        self.tasks.abort_all();
    }
}

async fn read(
    mut stream: RecvStream,
    hear: mpsc::Sender<Result<Vec<u8>, Broken>>,
    bytes_max: usize,
) {
    loop {
        let heard = tokio::select! {
            () = hear.closed() => return,
            heard = frames::read(&mut stream, bytes_max) => heard.transpose(),
        };
        let Some(heard) = heard else { return };
        let is_over = heard.is_err();
        if hear.send(heard).await.is_err() || is_over {
            return;
        }
    }
}

async fn write(
    mut stream: SendStream,
    mut outgoing: mpsc::UnboundedReceiver<Vec<u8>>,
    tell: mpsc::UnboundedSender<Result<usize, Broken>>,
) {
    while let Some(frame) = outgoing.recv().await {
        let written = frames::write(&mut stream, &frame).await;
        let is_over = written.is_err();
        drop(tell.send(written.map(|()| frame.len())));
        if is_over {
            return;
        }
    }
    if stream.finish().is_ok() {
        drop(stream.stopped().await);
    }
}
