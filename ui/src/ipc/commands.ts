// Every command of the window's edge, once. They reject with an ApiError; what they return is only ever read
// data, never the effect of an act: acts show through hints.
import { transport } from './transport';
import type {
  ApiError,
  AppState,
  AssignTo,
  Assist,
  BookEntryId,
  CallId,
  ComputerState,
  ContactFields,
  DeviceId,
  Directory,
  EditFields,
  ExpiryChoice,
  FolderView,
  HistoryEntry,
  HotKey,
  HotKeyChoice,
  HotKeysState,
  IntroductionsState,
  InvitationId,
  Joining,
  LinksState,
  Mailing,
  NewInvitation,
  NewRequest,
  OfferView,
  OwnProfileId,
  Permission,
  PermissionProfiles,
  Preferences,
  RequestId,
  RequestLink,
  RequestPage,
  RequestQuery,
  RequestView,
  SchemeState,
  SessionId,
  SessionState,
  SystemView,
  Taking,
  Target,
  Tiles,
  TransferAct,
  TransferView,
  TypedTime,
  ZoneClock,
} from './types';

const invoke = <T>(command: string, args?: Record<string, unknown>): Promise<T> => transport().invoke<T>(command, args);

// The client
export const appState = () => invoke<AppState>('app_state');
/** The page has painted: the window may be shown. */
export const ready = () => invoke<void>('ready');
/** What a window that is kept ready shows, once that is known: an address of this page. */
export const awaitedPage = () => invoke<string>('awaited_page');
export const chooseService = (origin: string) => invoke<void>('choose_service', { origin });
export const signIn = (email: string, password: string) => invoke<void>('sign_in', { email, password });
export const signOut = () => invoke<void>('sign_out');
/** `navigator.clipboard` cannot be relied on in every web view. */
export const copyText = (text: string) => invoke<void>('copy_text', { text });
/** What the main window was asked to show, once. */
export const pendingRequest = () => invoke<RequestId | null>('pending_request');
export const pendingProblem = () => invoke<ApiError | null>('pending_problem');
/** The keys that work in whatever program the person is. */
export const hotKeysState = () => invoke<HotKeysState>('hot_keys_state');
/** Only keys that work are kept. */
export const chooseHotKey = (hotKey: HotKey, choice: HotKeyChoice) => invoke<void>('choose_hot_key', { hotKey, choice });
/** Back from a pop-up to where the person was before a hot key led them there. */
export const leavePopup = () => invoke<void>('leave_popup');
/** This window becomes a slim bar at the top of the screen. */
export const collapseWindow = () => invoke<void>('collapse_window');
export const expandWindow = () => invoke<void>('expand_window');
export const closeWindow = () => invoke<void>('close_window');

// Settings
export const setPreferences = (preferences: Preferences) => invoke<void>('set_preferences', { preferences });
export const computerState = () => invoke<ComputerState>('computer_state');
export const setAutostart = (on: boolean) => invoke<void>('set_autostart', { on });
/** `needs_the_person`: they choose it in the system's settings. */
export const takeScheme = (scheme: string) => invoke<Taking>('take_scheme', { scheme });
export const giveBackScheme = (scheme: string) => invoke<Taking>('give_back_scheme', { scheme });
/** Windows only. */
export const openDefaultAppsSettings = (ofBeckon: boolean) => invoke<void>('open_default_apps_settings', { ofBeckon });

// Links from the system, and the downloaded client
/** What the person is asked about at the first start; empty where nothing is asked. */
export const linksQuestion = () => invoke<SchemeState[]>('links_question');
/** What only the person can choose, in the system's settings. */
export const openLinks = () => invoke<string[]>('open_links');
export const leaveLinks = () => invoke<void>('leave_links');
export const linksState = () => invoke<LinksState>('links_state');
export const mainWindowTouched = () => invoke<void>('main_window_touched');
export const dismissLink = (number: number) => invoke<void>('dismiss_link', { number });
/** Has whoever opened such links before this program open this one, unchanged. */
export const handLinkOn = (number: number) => invoke<void>('hand_link_on', { number });
/** Whom the link names, and who could not be called when it came; the call's window opens by itself. */
export const callByLink = (number: number) => invoke<void>('call_by_link', { number });
/** The person agreed to the service that the link names. */
export const joinByLink = (number: number) => invoke<void>('join_by_link', { number });
export const assistState = () => invoke<Assist>('assist_state');
export const assistJoin = (service: string, code: string) => invoke<void>('assist_join', { service, code });

// Session requests, as an agent
export const listRequests = (query: RequestQuery) => invoke<RequestPage>('list_requests', { query });
/** How many stand before it in that list; none where the list does not have it. */
export const placeOfRequest = (query: RequestQuery, id: RequestId) => invoke<number | null>('place_of_request', { query, id });
/** How many are Ready of those that concern who is signed in. */
export const readyRequests = () => invoke<number>('ready_requests');
export const getRequest = (id: RequestId) => invoke<RequestView | null>('get_request', { id });
/** To whom requests can be given; from the cache, empty as long as the service has not said. */
export const getDirectory = () => invoke<Directory>('get_directory');
/** By which the service reads what is typed as a time. */
export const zoneClocks = () => invoke<ZoneClock[]>('zone_clocks');
export const requestLink = (id: RequestId) => invoke<RequestLink>('request_link', { id });
export const requestHistory = (id: RequestId) => invoke<HistoryEntry[]>('request_history', { id });
export const createRequest = (request: NewRequest) => invoke<void>('create_request', { request });
/** In place of the one with its id, which waits in the outbox after a refusal. */
export const replaceCreate = (request: NewRequest) => invoke<void>('replace_create', { request });
/** What waits in the outbox after a refusal is sent once more, as it is. */
export const retryCreate = (id: RequestId) => invoke<void>('retry_create', { id });
export const discardCreate = (id: RequestId) => invoke<void>('discard_create', { id });
/** What is absent stays as it is. */
export const editRequest = (id: RequestId, edit: EditFields) => invoke<void>('edit_request', { id, edit });
export const commentRequest = (id: RequestId, comments: string) => invoke<void>('comment_request', { id, comments });
export const claimRequest = (id: RequestId) => invoke<void>('claim_request', { id });
export const releaseRequest = (id: RequestId) => invoke<void>('release_request', { id });
export const assignRequest = (id: RequestId, to: AssignTo) => invoke<void>('assign_request', { id, to });
/** Without another expiry, the one that was chosen holds for the new time. */
export const rescheduleRequest = (id: RequestId, schedule: TypedTime, expiry: ExpiryChoice | null) =>
  invoke<void>('reschedule_request', { id, schedule, expiry });
export const startNow = (id: RequestId) => invoke<void>('start_now', { id });
export const newLink = (id: RequestId) => invoke<void>('new_link', { id });
export const closeRequest = (id: RequestId) => invoke<void>('close_request', { id });
export const sendMailAgain = (id: RequestId) => invoke<void>('send_mail_again', { id });
/** The person knows that its mail failed, and those that failed before it. */
export const undeliveredIsSeen = (id: RequestId) => invoke<void>('undelivered_is_seen', { id });
export const reopenRequest = (id: RequestId, expiry: ExpiryChoice) =>
  invoke<void>('reopen_request', { id, expiry });
/** Connects or asks, as the request's `connect` says; the session window opens by itself. */
export const connect = (id: RequestId) => invoke<void>('connect', { id });

// Joining and hosting
/**
 * A join code or a session link. `confirmed`: the person agreed to a service that was never used. An ID or an alias is
 * called, and the call's window opens by itself.
 */
export const connectTo = (address: string, confirmed: boolean) =>
  invoke<Joining>('connect_to', { address, confirmed });
export const allow = (request: RequestId, revision: number, switches: Permission[]) =>
  invoke<void>('allow', { request, revision, switches });
export const deny = (request: RequestId) => invoke<void>('deny', { request });
export const leave = (request: RequestId) => invoke<void>('leave', { request });
export const setSwitches = (request: RequestId, switches: Permission[]) =>
  invoke<void>('set_switches', { request, switches });

// Sessions, on either side
export const sessionState = (id: SessionId) => invoke<SessionState | null>('session_state', { id });
export const sendChat = (id: SessionId, text: string) => invoke<void>('send_chat', { id, text });
/** As the viewer: may it do this too? The answer shows when the host's person gives it. */
export const askFor = (id: SessionId, permission: Permission) => invoke<void>('ask_for', { id, permission });
/** As the host: one switch, also as the yes to what was asked. For a while is 15 minutes. */
export const turnSwitch = (id: SessionId, permission: Permission, turn: 'on' | 'on_for_a_while' | 'off') =>
  invoke<void>('turn_switch', { id, permission, turn });
export const refuseAsk = (id: SessionId, permission: Permission) => invoke<void>('refuse_ask', { id, permission });
export const endSession = (id: SessionId) => invoke<void>('end_session', { id });
export const endAndClose = (id: SessionId, comment: string | null) => invoke<void>('end_and_close', { id, comment });
export const cancelAsk = (id: SessionId) => invoke<void>('cancel_ask', { id });
/** The address of a socket with the other screen's bytes, good once and for a moment. */
export const openScreen = (id: SessionId, monitor: number) => invoke<string>('open_screen', { id, monitor });
export const tryNow = (id: SessionId) => invoke<void>('try_now', { id });

/** The viewer's person clicked or typed in the remote screen for the first time: their clipboard is shared from then on. */
export const firstAct = (id: SessionId) => invoke<void>('first_act', { id });
/** The window is not typed into any more: what is held down on the other side comes up. */
export const letGoOfKeys = (id: SessionId) => invoke<void>('let_go_of_keys', { id });
/** `null`: the host does not tell. */
export const systemInfo = (id: SessionId) => invoke<SystemView | null>('system_info', { id });
export const lockAtEnd = (id: SessionId, wanted: boolean) => invoke<void>('lock_at_end', { id, wanted });
export const transfers = (id: SessionId) => invoke<TransferView[]>('transfers', { id });
export const actOnTransfer = (id: SessionId, number: number, act: TransferAct) =>
  invoke<void>('act_on_transfer', { id, number, act });
/** What is in a folder below the host's; what is sent from then on goes there. */
export const lookInto = (id: SessionId, folder: string[]) => invoke<FolderView>('look_into', { id, folder });
/** Opens the system's dialog. */
export const sendFiles = (id: SessionId, folders: boolean) => invoke<void>('send_files', { id, folders });
/** The system's dialog asks where to. */
export const fetchFiles = (id: SessionId, wanted: string[][]) => invoke<void>('fetch_files', { id, wanted });
/** What the host's person offers. */
export const fileOffers = (id: SessionId) => invoke<OfferView[]>('file_offers', { id });
/** Where to, the system asks the person. */
export const takeOffer = (id: SessionId, number: number) => invoke<void>('take_offer', { id, number });
export const declineOffer = (id: SessionId, number: number) => invoke<void>('decline_offer', { id, number });
export const hostFolder = () => invoke<string | null>('host_folder');
export const chooseHostFolder = () => invoke<void>('choose_host_folder');

// Permission profiles
export const permissionProfiles = () => invoke<PermissionProfiles>('permission_profiles');
/** A new one with a new UUIDv7, or the one that has this id anew. */
export const keepProfile = (id: OwnProfileId, name: string, permissions: readonly Permission[]) =>
  invoke<void>('keep_profile', { id, name, permissions });
export const deleteProfile = (id: OwnProfileId) => invoke<void>('delete_profile', { id });

// Tiles
export const tilesState = () => invoke<Tiles>('tiles_state');
/** Those on the screen, at most 200: when they appear, and every 30 s as long as somebody sees them. */
export const lookAtTiles = (targets: Target[]) => invoke<void>('look_at_tiles', { targets });
export const addFavorite = (target: Target) => invoke<void>('add_favorite', { target });
export const removeFavorite = (target: Target) => invoke<void>('remove_favorite', { target });
/** In the address book its entry's name; null takes the name away. */
export const renameTile = (target: Target, name: string | null) => invoke<void>('rename_tile', { target, name });
/** `id` is a new UUIDv7. */
export const addContact = (id: BookEntryId, fields: ContactFields) => invoke<void>('add_contact', { id, fields });
export const editContact = (id: BookEntryId, fields: ContactFields) => invoke<void>('edit_contact', { id, fields });
export const removeContact = (id: BookEntryId) => invoke<void>('remove_contact', { id });
/** The part before the @. */
export const setAlias = (name: string) => invoke<void>('set_alias', { name });
export const clearAlias = () => invoke<void>('clear_alias');
export const setBlock = (device: DeviceId, blocked: boolean) => invoke<void>('set_block', { device, blocked });
/** It is no longer among the recent sessions. */
export const forgetSession = (device: DeviceId) => invoke<void>('forget_session', { device });
export const setDiscovery = (on: boolean) => invoke<void>('set_discovery', { on });

// Invitations and calls
export const introductionsState = () => invoke<IntroductionsState>('introductions_state');
export const invite = (invitation: NewInvitation) => invoke<void>('invite', { new: invitation });
/** A new revision; the time is not extended. */
export const editInvitation = (id: InvitationId, profile: string, permissions: Permission[]) =>
  invoke<void>('edit_invitation', { id, profile, permissions });
export const cancelInvitation = (id: InvitationId) => invoke<void>('cancel_invitation', { id });
/** `again` is a new UUIDv7. */
export const sendInvitationAgain = (id: InvitationId, again: InvitationId) =>
  invoke<void>('send_invitation_again', { id, again });
/** *Connect*, for the revision that was shown; the session window opens by itself. */
export const acceptInvitation = (id: InvitationId, revision: number) =>
  invoke<void>('accept_invitation', { id, revision });
export const rejectInvitation = (id: InvitationId) => invoke<void>('reject_invitation', { id });
/** A message in the system's mail program; where there is none, its text is on the clipboard. */
export const inviteByEmail = () => invoke<Mailing>('invite_by_email');
/** An ID or alias, as typed; the call's window opens by itself. */
export const call = (target: string) => invoke<void>('call', { target });
/** Whom that call was for, once more. */
export const callAgain = (id: CallId) => invoke<void>('call_again', { id });
export const cancelCall = (id: CallId) => invoke<void>('cancel_call', { id });
export const allowCall = (id: CallId, switches: Permission[]) => invoke<void>('allow_call', { id, switches });
export const denyCall = (id: CallId) => invoke<void>('deny_call', { id });
