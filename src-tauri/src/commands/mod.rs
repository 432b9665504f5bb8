//! What the page may ask for. Each command is one call of the client; the error shape is the wire's.

mod account;
mod hosting;
mod requests;
mod sessions;
mod window;

use beckon_client::Client;
use beckon_wire::ApiError;
use tauri::State;
use tauri::ipc::Invoke;

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
        window::ready,
        window::close_window,
        window::copy_text,
    ]
}
