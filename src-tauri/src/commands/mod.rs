//! What the page may ask for. Each command is one call of the client; the error shape is the wire's.

mod account;
mod computer;
mod hosting;
mod links;
mod requests;
mod sessions;
mod window;

use beckon_client::Client;
use beckon_wire::ApiError;
use tauri::State;
use tauri::ipc::Invoke;

pub use computer::{claim_free_schemes, computer, dress};

type Answer<T> = Result<T, ApiError>;
type Desk<'a> = State<'a, Client>;

pub fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        account::app_state,
        account::choose_service,
        account::sign_in,
        account::sign_out,
        requests::list_requests,
        requests::get_request,
        requests::request_link,
        requests::request_history,
        requests::create_request,
        requests::comment_request,
        requests::claim_request,
        requests::release_request,
        requests::new_link,
        requests::close_request,
        requests::reopen_request,
        requests::send_mail_again,
        sessions::connect,
        sessions::session_state,
        sessions::send_chat,
        sessions::end_session,
        sessions::end_and_close,
        sessions::cancel_ask,
        sessions::try_now,
        hosting::connect_to,
        hosting::allow,
        hosting::deny,
        hosting::leave,
        hosting::set_switches,
        computer::computer_state,
        computer::set_preferences,
        computer::set_autostart,
        computer::take_scheme,
        computer::give_back_scheme,
        computer::open_default_apps_settings,
        links::links_state,
        links::dismiss_link,
        links::join_by_link,
        links::assist_state,
        links::assist_join,
        window::ready,
        window::pending_request,
        window::close_window,
        window::copy_text,
    ]
}
