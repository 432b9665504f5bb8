//! The near side of a system that is spoken to elsewhere: on a task, or on a thread of its own.

use tokio::sync::{broadcast, mpsc};

use super::{Answer, Order, Toast, ToastId, Toaster};

/// Hands orders on to whoever speaks with the system, and waits for nobody.
pub struct Desktop {
    pub orders: mpsc::Sender<Order>,
    pub answers: broadcast::Sender<Answer>,
}

impl Desktop {
    fn order(&self, order: Order) {
        if self.orders.try_send(order).is_err() {
            tracing::debug!("a toast is not shown: too many wait");
        }
    }
}

impl Toaster for Desktop {
    fn show(&self, toast: Toast) {
        self.order(Order::Show(toast));
    }

    fn update(&self, toast: Toast) {
        self.order(Order::Update(toast));
    }

    fn withdraw(&self, id: &ToastId) {
        self.order(Order::Withdraw(id.clone()));
    }

    fn answers(&self) -> broadcast::Receiver<Answer> {
        self.answers.subscribe()
    }
}
