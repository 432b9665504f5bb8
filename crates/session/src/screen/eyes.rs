//! The thread that looks at the screen and paints what it sees: neither may block the others.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use beckon_domain::SharedClock;
use tokio::sync::oneshot;

use crate::capture::{CannotCapture, Capture, CaptureSource, Monitor, Monitors, PointerShape};
use crate::paint::{Manner, Painter};
use crate::picture::Picture;
use crate::rfb::{Update, encoding};

/// The handle; the thread ends with it.
pub(super) struct Eyes {
    looks: SyncSender<(Look, oneshot::Sender<Result<Painted, NoPicture>>)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) manner: Manner,
    /// The viewer said anew what it understands.
    pub(super) introduce: bool,
    /// It has nothing of the picture.
    pub(super) from_scratch: bool,
    /// It wants another resolution, and does not get it.
    pub(super) refuse_size: bool,
}

pub(super) struct Painted {
    /// RFB messages; empty where nothing changed.
    pub(super) bytes: Vec<u8>,
    pub(super) monitor: Monitor,
    /// When they are others than before, or another one is seen.
    pub(super) monitors: Option<Monitors>,
    pub(super) hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoPicture {
    #[error(transparent)]
    Cannot(#[from] CannotCapture),
    #[error("the viewer cannot follow another resolution")]
    CannotResize,
}

impl Eyes {
    /// How long one look waits for something to happen.
    const PATIENCE: Duration = Duration::from_millis(50);

    /// Answers once the first picture is there.
    pub(super) async fn open(
        source: Arc<dyn CaptureSource>,
        monitor: u8,
        clock: SharedClock,
    ) -> Result<(Self, Monitor, Monitors), CannotCapture> {
        let (looks, asked) = sync_channel(1);
        let (opened, answer) = oneshot::channel();
        let run = move || match Thread::open(&*source, monitor, clock) {
            Ok((thread, monitor)) => {
                let _ = opened.send(Ok((monitor, thread.told_monitors.clone())));
                thread.run(&asked);
            }
            Err(error) => drop(opened.send(Err(error))),
        };
        let thread = std::thread::Builder::new().name("screen".to_owned()).spawn(run);
        thread.map_err(|_| CannotCapture::Failed)?;
        let (monitor, monitors) = answer.await.map_err(|_| CannotCapture::Failed)??;
        Ok((Self { looks }, monitor, monitors))
    }

    /// One at a time.
    pub(super) async fn look(&self, look: Look) -> Result<Painted, NoPicture> {
        let (reply, answer) = oneshot::channel();
        // A thread that ended was ended by a fault of the system's.
        self.looks.try_send((look, reply)).map_err(|_| CannotCapture::Failed)?;
        answer.await.map_err(|_| CannotCapture::Failed)?
    }
}

struct Thread {
    capture: Box<dyn Capture>,
    clock: SharedClock,
    picture: Picture,
    painter: Painter,
    pointer: Option<PointerShape>,
    pointer_is_new: bool,
    /// What the viewer knows of the monitor.
    told_size: (u16, u16),
    told_name: String,
    told_monitors: Monitors,
}

impl Thread {
    fn open(
        source: &dyn CaptureSource,
        monitor: u8,
        clock: SharedClock,
    ) -> Result<(Self, Monitor), CannotCapture> {
        let mut capture = source.open(monitor)?;
        let mut picture = Picture::default();
        let seen = capture.look(&mut picture, Duration::ZERO)?;
        let (told_size, told_name) = (picture.size(), seen.monitor.name.clone());
        let told_monitors = capture.monitors().clone();
        let mut painter = Painter::default();
        painter.restart(told_size);
        let (pointer, pointer_is_new) = (seen.pointer, true);
        let thread = Self {
            capture,
            clock,
            picture,
            painter,
            pointer,
            pointer_is_new,
            told_size,
            told_name,
            told_monitors,
        };
        Ok((thread, seen.monitor))
    }

    fn run(mut self, asked: &Receiver<(Look, oneshot::Sender<Result<Painted, NoPicture>>)>) {
        while let Ok((look, reply)) = asked.recv() {
            // Who asked may have gone.
            let _ = reply.send(self.look(look));
        }
    }

    fn look(&mut self, look: Look) -> Result<Painted, NoPicture> {
        if look.from_scratch {
            self.painter.restart(self.picture.size());
        }
        let now = self.clock.monotonic();
        let nothing_to_tell = !(look.introduce || look.refuse_size || self.must_show_pointer(&look));
        let due = if nothing_to_tell { self.painter.due_in(now) } else { Some(Duration::ZERO) };
        let seen = self.capture.look(&mut self.picture, due.unwrap_or(Eyes::PATIENCE).min(Eyes::PATIENCE))?;
        if let Some(pointer) = seen.pointer {
            (self.pointer, self.pointer_is_new) = (Some(pointer), true);
        }
        let mut bytes = self.news(&look, &seen.monitor)?;
        bytes.extend(self.paint(&look));
        Ok(Painted { bytes, monitor: seen.monitor, monitors: self.new_monitors(), hidden: seen.hidden })
    }

    fn new_monitors(&mut self) -> Option<Monitors> {
        let monitors = self.capture.monitors();
        let are_others = *monitors != self.told_monitors;
        are_others.then(|| self.told_monitors.clone_from(monitors))?;
        Some(self.told_monitors.clone())
    }

    /// What is not pixels: an update of its own, since a new size must not come with pixels of the old one.
    fn news(&mut self, look: &Look, monitor: &Monitor) -> Result<Vec<u8>, NoPicture> {
        let mut update = Update::default();
        if look.introduce {
            introduce(look, &mut update);
        }
        if look.manner.encodings.desktop_name && monitor.name != self.told_name {
            update.name(&monitor.name);
            self.told_name.clone_from(&monitor.name);
        }
        self.tell_size(look, &mut update)?;
        self.tell_pointer(look, &mut update);
        Ok(update.finish().unwrap_or_default())
    }

    fn tell_size(&mut self, look: &Look, update: &mut Update) -> Result<(), NoPicture> {
        let (size, understood) = (self.picture.size(), look.manner.encodings);
        let is_new = size != self.told_size;
        if is_new && !understood.can_resize() {
            return Err(NoPicture::CannotResize);
        }
        if is_new {
            self.told_size = size;
            self.painter.restart(size);
        }
        if understood.extended_desktop_size && (is_new || look.introduce || look.refuse_size) {
            update.extended_size(size, look.refuse_size && !is_new);
        } else if is_new {
            update.size(size);
        }
        Ok(())
    }

    fn tell_pointer(&mut self, look: &Look, update: &mut Update) {
        let Some(pointer) = self.pointer.as_ref().filter(|_| self.must_show_pointer(look)) else { return };
        if look.manner.encodings.cursor_with_alpha {
            update.cursor_with_alpha(pointer);
        } else {
            update.cursor(pointer, look.manner.format);
        }
        self.pointer_is_new = false;
    }

    fn must_show_pointer(&self, look: &Look) -> bool {
        let understood = look.manner.encodings;
        let can = understood.cursor || understood.cursor_with_alpha;
        can && self.pointer.is_some() && (self.pointer_is_new || look.introduce)
    }

    fn paint(&mut self, look: &Look) -> Vec<u8> {
        let now = self.clock.monotonic();
        let changed = self.picture.take_changed();
        let mut update = Update::default();
        self.painter.paint(&self.picture, &changed, &look.manner, now, &mut update);
        update.finish().unwrap_or_default()
    }
}

/// Says what is understood here too.
fn introduce(look: &Look, update: &mut Update) {
    let understood = look.manner.encodings;
    let offers = [
        (understood.qemu_key, encoding::QEMU_EXTENDED_KEY),
        (understood.more_buttons, encoding::EXTENDED_MOUSE_BUTTONS),
    ];
    offers.into_iter().filter(|(asked, _)| *asked).for_each(|(_, number)| update.offer(number));
}
