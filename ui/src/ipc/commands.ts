// Every command of the window's edge, once. They reject with an ApiError; what they return is only ever read
// data, never the effect of an act: acts show through hints.
import { transport } from './transport';
import type {
  AppState,
  Assist,
  ComputerState,
  HistoryEntry,
  Joining,
  LinksState,
  NewRequest,
  Permission,
  Preferences,
  RequestId,
  RequestLink,
  RequestPage,
  RequestQuery,
  RequestView,
  SessionId,
  SessionState,
  Taking,
} from './types';

const invoke = <T>(command: string, args?: Record<string, unknown>): Promise<T> => transport().invoke<T>(command, args);

// The client
export const appState = () => invoke<AppState>('app_state');
/** The page has painted: the window may be shown. */
export const ready = () => invoke<void>('ready');
export const chooseService = (origin: string) => invoke<void>('choose_service', { origin });
export const signIn = (email: string, password: string) => invoke<void>('sign_in', { email, password });
export const signOut = () => invoke<void>('sign_out');
/** `navigator.clipboard` cannot be relied on in every web view. */
export const copyText = (text: string) => invoke<void>('copy_text', { text });
/** What the main window was asked to show, once. */
export const pendingRequest = () => invoke<RequestId | null>('pending_request');
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
export const linksState = () => invoke<LinksState>('links_state');
export const dismissLink = (number: number) => invoke<void>('dismiss_link', { number });
/** The person agreed to the service that the link names. */
export const joinByLink = (number: number) => invoke<void>('join_by_link', { number });
export const assistState = () => invoke<Assist>('assist_state');
export const assistJoin = (service: string, code: string) => invoke<void>('assist_join', { service, code });

// Session requests, as an agent
export const listRequests = (query: RequestQuery) => invoke<RequestPage>('list_requests', { query });
export const getRequest = (id: RequestId) => invoke<RequestView | null>('get_request', { id });
export const requestLink = (id: RequestId) => invoke<RequestLink>('request_link', { id });
export const requestHistory = (id: RequestId) => invoke<HistoryEntry[]>('request_history', { id });
export const createRequest = (request: NewRequest) => invoke<void>('create_request', { request });
export const commentRequest = (id: RequestId, comments: string) => invoke<void>('comment_request', { id, comments });
export const claimRequest = (id: RequestId) => invoke<void>('claim_request', { id });
export const releaseRequest = (id: RequestId) => invoke<void>('release_request', { id });
export const newLink = (id: RequestId) => invoke<void>('new_link', { id });
export const closeRequest = (id: RequestId) => invoke<void>('close_request', { id });
export const sendMailAgain = (id: RequestId) => invoke<void>('send_mail_again', { id });
export const reopenRequest = (id: RequestId) => invoke<void>('reopen_request', { id });
/** Connects or asks, as the request's `connect` says; the session window opens by itself. */
export const connect = (id: RequestId) => invoke<void>('connect', { id });

// Joining and hosting
/** A join code or a session link. `confirmed`: the person agreed to a service that was never used. */
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
export const endSession = (id: SessionId) => invoke<void>('end_session', { id });
export const endAndClose = (id: SessionId, comment: string | null) => invoke<void>('end_and_close', { id, comment });
export const cancelAsk = (id: SessionId) => invoke<void>('cancel_ask', { id });
export const tryNow = (id: SessionId) => invoke<void>('try_now', { id });
