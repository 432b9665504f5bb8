//! The streams that a viewer opens on one connection, and what becomes of them. They end with it.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::SharedClock;
use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::beside::Beside;
use crate::close_code::CloseCode;
use crate::gate::Gate;
use crate::input::{Hands, InputWatch, Order};
use crate::opening::{Opening, hear};
use crate::parts::HostParts;
use crate::screen::{MonitorBoard, Places, Screen, ScreenState, serve};

/// After the control stream: chat and switches do not wait for pictures.
const PRIORITY: i32 = -1;

pub(crate) struct Streams {
    connection: Connection,
    parts: HostParts,
    gate: Arc<dyn Gate>,
    beside: Arc<Beside>,
    clock: SharedClock,
    /// How long the viewer may take to say what a stream is for.
    within: Duration,
    tasks: TaskTracker,
    hands: Option<mpsc::Sender<Order>>,
    places: Arc<Places>,
    monitors: Arc<MonitorBoard>,
    state: watch::Sender<ScreenState>,
    states: watch::Receiver<ScreenState>,
    fault: mpsc::Sender<CloseCode>,
    faults: mpsc::Receiver<CloseCode>,
    stop: CancellationToken,
    _dropped: DropGuard,
}

pub(crate) enum Happened {
    /// The screen does something else.
    State(ScreenState),
    /// The viewer broke the protocol.
    Fault(CloseCode),
}

impl Streams {
    pub(crate) fn new(
        connection: Connection,
        parts: HostParts,
        gate: Arc<dyn Gate>,
        beside: Arc<Beside>,
        clock: SharedClock,
        within: Duration,
        tasks: TaskTracker,
    ) -> Self {
        let (state, states) = watch::channel(ScreenState::default());
        let (fault, faults) = mpsc::channel(1);
        let places = Arc::new(Places::new(clock.clone()));
        let stop = CancellationToken::new();
        let _dropped = stop.clone().drop_guard();
        Self {
            connection,
            parts,
            gate,
            beside,
            clock,
            within,
            tasks,
            hands: None,
            places,
            monitors: Arc::default(),
            state,
            states,
            fault,
            faults,
            stop,
            _dropped,
        }
    }

    /// Takes what the viewer opens, and returns when there is something to tell. Nothing is lost when it is
    /// dropped half way.
    pub(crate) async fn next(&mut self) -> Happened {
        loop {
            tokio::select! {
                opened = self.connection.accept_bi() => match opened {
                    Ok((send, receive)) => self.take(send, receive),
                    // The control stream tells of the end.
                    Err(_) => std::future::pending().await,
                },
                Some(code) = self.faults.recv() => return Happened::Fault(code),
                Ok(()) = self.states.changed() => return Happened::State(*self.states.borrow_and_update()),
            }
        }
    }

    /// A switch was turned.
    pub(crate) fn switches_turned(&self) {
        self.order(Order::SwitchesTurned);
        self.beside.files.switches_turned();
    }

    /// Whatever the viewer holds down comes up.
    pub(crate) fn let_go(&self) {
        self.order(Order::LetGo);
    }

    /// Where too many orders wait already, each of them is asked about anyway.
    fn order(&self, order: Order) {
        if let Some(hands) = &self.hands {
            let _ = hands.try_send(order);
        }
    }

    fn take(&mut self, send: SendStream, receive: RecvStream) {
        let Some(hands) = self.hands() else { return };
        let screen = Screen {
            capture: self.parts.capture.clone(),
            hands,
            state: self.state.clone(),
            monitors: self.monitors.clone(),
            clock: self.clock.clone(),
        };
        let places = self.places.clone();
        let beside = self.beside.clone();
        let (fault, stop, patience) = (self.fault.clone(), self.stop.clone(), self.clock.sleep(self.within));
        self.tasks.spawn(async move {
            let used = async {
                if let Err(code) = serve_one(send, receive, &screen, &places, &beside, patience).await {
                    // Where a fault waits already, the session ends anyway.
                    let _ = fault.try_send(code);
                }
            };
            stop.run_until_cancelled(used).await;
        });
    }

    /// One pair for all screens of the connection.
    fn hands(&mut self) -> Option<mpsc::Sender<Order>> {
        if self.hands.is_none() {
            let watch = InputWatch {
                gate: self.gate.clone(),
                clock: self.clock.clone(),
                typing: self.parts.typing.clone(),
                faults: self.fault.clone(),
            };
            let started = Hands::start(self.parts.input.clone(), self.parts.pointer.clone(), watch);
            self.hands = started.inspect_err(|error| tracing::error!(%error, "no thread for input")).ok();
        }
        self.hands.clone()
    }
}

async fn serve_one(
    send: SendStream,
    mut receive: RecvStream,
    screen: &Screen,
    places: &Places,
    beside: &Beside,
    patience: impl Future<Output = ()>,
) -> Result<(), CloseCode> {
    let opening = tokio::select! {
        opening = hear(&mut receive) => opening,
        () = patience => return Ok(()),
    };
    let monitor = match opening {
        Ok(Opening::Screen { monitor }) => monitor,
        Ok(Opening::Monitors) => return screen.monitors.read_out(receive, send).await,
        Ok(opening) => return beside.serve(opening, send, receive).await,
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(CloseCode::Unreadable),
        Err(_) => return Ok(()),
    };
    let Some(_place) = places.take().await else { return Ok(()) };
    // A stream that is gone has no place in a queue.
    let _ = send.set_priority(PRIORITY);
    match serve(tokio::io::join(receive, send), monitor, screen).await {
        Err(ended) if ended.is_fault_of_viewer() => {
            tracing::warn!(%ended, "the viewer broke the screen's protocol");
            Err(CloseCode::Unreadable)
        }
        Err(ended) => {
            tracing::info!(%ended, "a screen is shown no longer");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
