//! What the page may ask for. Each command is one call of the client; the error shape is the wire's.

mod account;
pub mod bar;
mod calls;
mod computer;
pub mod files;
mod hosting;
mod hot_keys;
mod invitations;
mod links;
mod mail;
mod profiles;
mod requests;
mod sessions;
mod tiles;
mod window;

use beckon_client::Client;
use beckon_wire::ApiError;
use tauri::State;
use tauri::ipc::Invoke;

pub use computer::{computer, dress, installation, settle_links};

type Answer<T> = Result<T, ApiError>;
type Desk<'a> = State<'a, Client>;

pub fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        account::app_state,
        account::choose_service,
        account::sign_in,
        account::sign_out,
        requests::list_requests,
        requests::place_of_request,
        requests::ready_requests,
        requests::get_request,
        requests::get_directory,
        requests::zone_clocks,
        requests::request_link,
        requests::request_history,
        requests::create_request,
        requests::replace_create,
        requests::retry_create,
        requests::discard_create,
        requests::edit_request,
        requests::comment_request,
        requests::claim_request,
        requests::release_request,
        requests::assign_request,
        requests::reschedule_request,
        requests::start_now,
        requests::new_link,
        requests::close_request,
        requests::reopen_request,
        requests::send_mail_again,
        requests::undelivered_is_seen,
        sessions::connect,
        sessions::session_state,
        sessions::send_chat,
        sessions::end_session,
        sessions::end_and_close,
        sessions::cancel_ask,
        sessions::ask_for,
        sessions::turn_switch,
        sessions::refuse_ask,
        sessions::open_screen,
        sessions::let_go_of_keys,
        sessions::try_now,
        sessions::first_act,
        sessions::system_info,
        sessions::lock_at_end,
        files::transfers,
        files::act_on_transfer,
        files::look_into,
        files::send_files,
        files::fetch_files,
        files::file_offers,
        files::take_offer,
        files::decline_offer,
        files::host_folder,
        files::choose_host_folder,
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
        links::main_window_touched,
        links::dismiss_link,
        links::join_by_link,
        links::call_by_link,
        links::hand_link_on,
        links::links_question,
        links::open_links,
        links::leave_links,
        links::assist_state,
        links::assist_join,
        profiles::permission_profiles,
        profiles::keep_profile,
        profiles::delete_profile,
        tiles::tiles_state,
        tiles::look_at_tiles,
        tiles::add_favorite,
        tiles::remove_favorite,
        tiles::rename_tile,
        tiles::add_contact,
        tiles::edit_contact,
        tiles::remove_contact,
        tiles::set_alias,
        tiles::clear_alias,
        tiles::set_block,
        tiles::set_discovery,
        tiles::forget_session,
        invitations::introductions_state,
        invitations::invite,
        invitations::edit_invitation,
        invitations::cancel_invitation,
        invitations::send_invitation_again,
        invitations::accept_invitation,
        invitations::reject_invitation,
        mail::invite_by_email,
        calls::call,
        calls::call_again,
        calls::cancel_call,
        calls::allow_call,
        calls::deny_call,
        hot_keys::hot_keys_state,
        hot_keys::choose_hot_key,
        bar::collapse_window,
        bar::expand_window,
        window::ready,
        window::awaited_page,
        window::pending_request,
        window::pending_problem,
        window::close_window,
        window::leave_popup,
        window::copy_text,
    ]
}
