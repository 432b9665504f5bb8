// The shapes that cross the window's edge. All but the last few are generated from the Rust types.
export type { AccountView } from './bindings/AccountView';
export type { Act } from './bindings/Act';
export type { ApiError } from './bindings/ApiError';
export type { AppState } from './bindings/AppState';
export type { AskView } from './bindings/AskView';
export type { Assist } from './bindings/Assist';
export type { AssignTo } from './bindings/AssignTo';
export type { ChatLine } from './bindings/ChatLine';
export type { Code } from './bindings/Code';
export type { ComputerState } from './bindings/ComputerState';
export type { Connect } from './bindings/Connect';
export type { Ending } from './bindings/Ending';
export type { Hint } from './bindings/Hint';
export type { HistoryEntry } from './bindings/HistoryEntry';
export type { HostDevice } from './bindings/HostDevice';
export type { JoinedState } from './bindings/JoinedState';
export type { Joining } from './bindings/Joining';
export type { KeyMemory } from './bindings/KeyMemory';
export type { LinkNotice } from './bindings/LinkNotice';
export type { LinkRefusal } from './bindings/LinkRefusal';
export type { LinksState } from './bindings/LinksState';
export type { Language } from './bindings/Language';
export type { MailView } from './bindings/MailView';
export type { NewRequest } from './bindings/NewRequest';
export type { Person } from './bindings/Person';
export type { Phase } from './bindings/Phase';
export type { Preferences } from './bindings/Preferences';
export type { ProfileId } from './bindings/ProfileId';
export type { Reach } from './bindings/Reach';
export type { RequestId } from './bindings/RequestId';
export type { RequestLink } from './bindings/RequestLink';
export type { RequestPage } from './bindings/RequestPage';
export type { RequestQuery } from './bindings/RequestQuery';
export type { RequestView } from './bindings/RequestView';
export type { Role } from './bindings/Role';
export type { SchemeState } from './bindings/SchemeState';
export type { Scope } from './bindings/Scope';
export type { ServiceState } from './bindings/ServiceState';
export type { SessionId } from './bindings/SessionId';
export type { SessionState } from './bindings/SessionState';
export type { SortBy } from './bindings/SortBy';
export type { StatusName } from './bindings/StatusName';
export type { Taking } from './bindings/Taking';
export type { Theme } from './bindings/Theme';

import type { PermissionSet } from './bindings/PermissionSet';

export type Permission = PermissionSet[number];

/** The order in which permissions are shown, the same as in the product page's table. */
export const PERMISSIONS = [
  'input',
  'clipboard',
  'file_manager',
  'audio',
  'block_input',
  'restart',
  'lock_desk',
  'sysinfo',
  'whiteboard',
  'user_pointer',
  'record_session',
  'tcp_tunnel',
  'privacy_feature',
] as const satisfies readonly Permission[];
