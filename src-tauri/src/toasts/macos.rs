//! Toasts by the notification centre of macOS. It knows bundles only: a bare program shows none.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use block2::{DynBlock, RcBlock};
use objc2::rc::Retained;
use objc2::runtime::{Bool, NSObject, NSObjectProtocol, ProtocolObject};
use objc2::{AnyThread as _, DefinedClass as _, define_class, msg_send};
use objc2_foundation::{NSArray, NSBundle, NSError, NSSet, NSString};
use objc2_user_notifications::{
    UNAuthorizationOptions, UNMutableNotificationContent, UNNotification, UNNotificationAction,
    UNNotificationActionOptions, UNNotificationCategory, UNNotificationCategoryOptions,
    UNNotificationDefaultActionIdentifier, UNNotificationDismissActionIdentifier,
    UNNotificationPresentationOptions, UNNotificationRequest, UNNotificationResponse,
    UNUserNotificationCenter, UNUserNotificationCenterDelegate,
};
use tokio::sync::broadcast;

use super::{Answer, BACKLOG, Button, Order, Pressed, Toast, ToastId, Toaster, Toasts};

pub fn open() -> Toasts {
    let answers = broadcast::Sender::new(BACKLOG);
    // Asking for the centre without a bundle ends the program.
    let bundled = NSBundle::mainBundle().bundleIdentifier().is_some();
    if bundled {
        let centre = UNUserNotificationCenter::currentNotificationCenter();
        let delegate = Delegate::new(answers.clone());
        centre.setDelegate(Some(ProtocolObject::from_ref(&*delegate)));
        // The centre does not keep it, and it is needed as long as the program runs.
        std::mem::forget(delegate);
        // What an earlier run left there has buttons that nobody hears.
        centre.removeAllDeliveredNotifications();
    } else {
        tracing::warn!("macOS shows no toasts of a program outside a bundle");
    }
    Arc::new(Desktop { bundled, answers, categories: Mutex::default() })
}

struct Desktop {
    bundled: bool,
    answers: broadcast::Sender<Answer>,
    /// Sets of buttons are told to the system beforehand, and all of them each time.
    categories: Mutex<BTreeMap<String, Vec<Button>>>,
}

impl Toaster for Desktop {
    fn show(&self, toast: Toast) {
        self.obey(Order::Show(toast));
    }

    fn update(&self, toast: Toast) {
        self.obey(Order::Update(toast));
    }

    fn withdraw(&self, id: &ToastId) {
        self.obey(Order::Withdraw(id.clone()));
    }

    fn answers(&self) -> broadcast::Receiver<Answer> {
        self.answers.subscribe()
    }
}

impl Desktop {
    /// Every call hands something over and returns; what comes of it is said in blocks.
    fn obey(&self, order: Order) {
        if !self.bundled {
            return;
        }
        match order {
            Order::Show(toast) => self.ask_and_add(&toast),
            Order::Update(toast) => self.add_if_standing(&toast),
            Order::Withdraw(id) => {
                let ids = NSArray::from_retained_slice(&[NSString::from_str(id.as_str())]);
                let centre = UNUserNotificationCenter::currentNotificationCenter();
                centre.removePendingNotificationRequestsWithIdentifiers(&ids);
                centre.removeDeliveredNotificationsWithIdentifiers(&ids);
            }
        }
    }

    /// The first toast asks whether there may be any, and shows if so.
    fn ask_and_add(&self, toast: &Toast) {
        let request = self.request(toast);
        let allowed = RcBlock::new(move |allowed: Bool, _: *mut NSError| {
            if allowed.as_bool() {
                add(&request);
            } else {
                tracing::debug!("the person wants no toasts");
            }
        });
        UNUserNotificationCenter::currentNotificationCenter()
            .requestAuthorizationWithOptions_completionHandler(UNAuthorizationOptions::Alert, &allowed);
    }

    fn add_if_standing(&self, toast: &Toast) {
        let request = self.request(toast);
        let delivered = RcBlock::new(move |standing: std::ptr::NonNull<NSArray<UNNotification>>| {
            #[expect(unsafe_code, reason = "the system lends the array for the time of the call")]
            let standing = unsafe { standing.as_ref() };
            if standing.iter().any(|one| one.request().identifier() == request.identifier()) {
                add(&request);
            }
        });
        UNUserNotificationCenter::currentNotificationCenter()
            .getDeliveredNotificationsWithCompletionHandler(&delivered);
    }

    /// The same identifier takes the place of the earlier one.
    fn request(&self, toast: &Toast) -> Retained<UNNotificationRequest> {
        let content = UNMutableNotificationContent::new();
        content.setTitle(&NSString::from_str(&toast.title));
        content.setBody(&NSString::from_str(&toast.body));
        content.setCategoryIdentifier(&NSString::from_str(&self.category(&toast.buttons)));
        let identifier = NSString::from_str(toast.id.as_str());
        UNNotificationRequest::requestWithIdentifier_content_trigger(&identifier, &content, None)
    }

    fn category(&self, buttons: &[Button]) -> String {
        let id: String = buttons.iter().flat_map(|button| [button.id, "/"]).collect();
        let mut categories = self.categories.lock().unwrap_or_else(PoisonError::into_inner);
        if categories.get(&id).is_none_or(|known| known != buttons) {
            categories.insert(id.clone(), buttons.to_vec());
            let all: Vec<_> = categories.iter().map(|(id, buttons)| category(id, buttons)).collect();
            UNUserNotificationCenter::currentNotificationCenter()
                .setNotificationCategories(&NSSet::from_retained_slice(&all));
        }
        id
    }
}

fn add(request: &UNNotificationRequest) {
    let added = RcBlock::new(|error: *mut NSError| {
        if !error.is_null() {
            tracing::warn!("macOS does not show a toast");
        }
    });
    UNUserNotificationCenter::currentNotificationCenter()
        .addNotificationRequest_withCompletionHandler(request, Some(&added));
}

fn category(id: &str, buttons: &[Button]) -> Retained<UNNotificationCategory> {
    let action = |button: &Button| {
        UNNotificationAction::actionWithIdentifier_title_options(
            &NSString::from_str(button.id),
            &NSString::from_str(&button.label),
            UNNotificationActionOptions::Foreground,
        )
    };
    let actions: Vec<_> = buttons.iter().take(2).map(action).collect();
    UNNotificationCategory::categoryWithIdentifier_actions_intentIdentifiers_options(
        &NSString::from_str(id),
        &NSArray::from_retained_slice(&actions),
        &NSArray::new(),
        UNNotificationCategoryOptions::CustomDismissAction,
    )
}

define_class!(
    #[unsafe(super(NSObject))]
    #[name = "BeckonToastDelegate"]
    #[ivars = broadcast::Sender<Answer>]
    struct Delegate;

    unsafe impl NSObjectProtocol for Delegate {}

    unsafe impl UNUserNotificationCenterDelegate for Delegate {
        /// Also while a window of Beckon is in front: it may be another one.
        #[unsafe(method(userNotificationCenter:willPresentNotification:withCompletionHandler:))]
        fn will_present(
            &self,
            _centre: &UNUserNotificationCenter,
            _notification: &UNNotification,
            answer: &DynBlock<dyn Fn(UNNotificationPresentationOptions)>,
        ) {
            answer.call((UNNotificationPresentationOptions::Banner | UNNotificationPresentationOptions::List,));
        }

        #[unsafe(method(userNotificationCenter:didReceiveNotificationResponse:withCompletionHandler:))]
        fn did_receive(
            &self,
            _centre: &UNUserNotificationCenter,
            response: &UNNotificationResponse,
            done: &DynBlock<dyn Fn()>,
        ) {
            let toast = ToastId(response.notification().request().identifier().to_string());
            let pressed = pressed(&response.actionIdentifier());
            // Nobody listens: nobody is interested.
            let _ = self.ivars().send(Answer { toast, pressed });
            done.call(());
        }
    }
);

impl Delegate {
    #[expect(unsafe_code, reason = "`init` of NSObject takes nothing and does not fail")]
    fn new(answers: broadcast::Sender<Answer>) -> Retained<Self> {
        let this = Self::alloc().set_ivars(answers);
        unsafe { msg_send![super(this), init] }
    }
}

#[expect(unsafe_code, reason = "constants of the system")]
fn pressed(action: &NSString) -> Pressed {
    let (body, dismissed) =
        unsafe { (UNNotificationDefaultActionIdentifier, UNNotificationDismissActionIdentifier) };
    if action == body {
        Pressed::Body
    } else if action == dismissed {
        Pressed::Dismissed
    } else {
        Pressed::Button(action.to_string())
    }
}
