// The shapes that cross the window's edge. All but the last few are generated from the Rust types.
export type { AccountId } from './bindings/AccountId';
export type { AccountView } from './bindings/AccountView';
export type { Act } from './bindings/Act';
export type { ApiError } from './bindings/ApiError';
export type { AppState } from './bindings/AppState';
export type { AskView } from './bindings/AskView';
export type { Assignee } from './bindings/Assignee';
export type { AssignTo } from './bindings/AssignTo';
export type { Assist } from './bindings/Assist';
export type { Block } from './bindings/Block';
export type { BookEntryId } from './bindings/BookEntryId';
export type { CallId } from './bindings/CallId';
export type { CallState } from './bindings/CallState';
export type { ChatLine } from './bindings/ChatLine';
export type { Code } from './bindings/Code';
export type { ComputerState } from './bindings/ComputerState';
export type { Connect } from './bindings/Connect';
export type { ContactFields } from './bindings/ContactFields';
export type { DeviceEntry } from './bindings/DeviceEntry';
export type { DeviceId } from './bindings/DeviceId';
export type { Directory } from './bindings/Directory';
export type { EditFields } from './bindings/EditFields';
export type { Ending } from './bindings/Ending';
export type { Expiry } from './bindings/Expiry';
export type { ExpiryChoice } from './bindings/ExpiryChoice';
export type { FolderEntry } from './bindings/FolderEntry';
export type { FolderView } from './bindings/FolderView';
export type { Hint } from './bindings/Hint';
export type { HistoryEntry } from './bindings/HistoryEntry';
export type { HostDevice } from './bindings/HostDevice';
export type { HotKey } from './bindings/HotKey';
export type { HotKeyChoice } from './bindings/HotKeyChoice';
export type { HotKeysState } from './bindings/HotKeysState';
export type { HotKeyState } from './bindings/HotKeyState';
export type { IntroductionsState } from './bindings/IntroductionsState';
export type { InvitationId } from './bindings/InvitationId';
export type { InvitationState } from './bindings/InvitationState';
export type { JoinedState } from './bindings/JoinedState';
export type { Joining } from './bindings/Joining';
export type { KeyMemory } from './bindings/KeyMemory';
export type { NotSent } from './bindings/NotSent';
export type { Language } from './bindings/Language';
export type { CustomState } from './bindings/CustomState';
export type { LastSession } from './bindings/LastSession';
export type { LockedSetting } from './bindings/LockedSetting';
export type { LinkNotice } from './bindings/LinkNotice';
export type { LinkRefusal } from './bindings/LinkRefusal';
export type { LinksState } from './bindings/LinksState';
export type { Mailing } from './bindings/Mailing';
export type { MailView } from './bindings/MailView';
export type { NamedProfile } from './bindings/NamedProfile';
export type { MonitorsState } from './bindings/MonitorsState';
export type { MonitorView } from './bindings/MonitorView';
export type { Nearby } from './bindings/Nearby';
export type { NewInvitation } from './bindings/NewInvitation';
export type { NewRequest } from './bindings/NewRequest';
export type { OfferView } from './bindings/OfferView';
export type { OwnDevice } from './bindings/OwnDevice';
export type { OwnProfile } from './bindings/OwnProfile';
export type { OwnProfileId } from './bindings/OwnProfileId';
export type { Peer } from './bindings/Peer';
export type { PermissionProfiles } from './bindings/PermissionProfiles';
export type { Person } from './bindings/Person';
export type { Phase } from './bindings/Phase';
export type { PlacingState } from './bindings/PlacingState';
export type { Preferences } from './bindings/Preferences';
export type { ProfileId } from './bindings/ProfileId';
export type { ProposedProfile } from './bindings/ProposedProfile';
export type { QueueEntry } from './bindings/QueueEntry';
export type { QueueId } from './bindings/QueueId';
export type { Reach } from './bindings/Reach';
export type { RequestId } from './bindings/RequestId';
export type { RequestLink } from './bindings/RequestLink';
export type { RequestPage } from './bindings/RequestPage';
export type { RequestQuery } from './bindings/RequestQuery';
export type { RequestView } from './bindings/RequestView';
export type { Role } from './bindings/Role';
export type { Schedule } from './bindings/Schedule';
export type { SchemeState } from './bindings/SchemeState';
export type { Scope } from './bindings/Scope';
export type { ServiceState } from './bindings/ServiceState';
export type { SessionId } from './bindings/SessionId';
export type { SessionSide } from './bindings/SessionSide';
export type { SessionState } from './bindings/SessionState';
export type { SortBy } from './bindings/SortBy';
export type { StatusName } from './bindings/StatusName';
export type { Taking } from './bindings/Taking';
export type { Target } from './bindings/Target';
export type { Theme } from './bindings/Theme';
export type { Tile } from './bindings/Tile';
export type { Tiles } from './bindings/Tiles';
export type { TypedContact } from './bindings/TypedContact';
export type { SystemView } from './bindings/SystemView';
export type { TransferAct } from './bindings/TransferAct';
export type { TransferTitle } from './bindings/TransferTitle';
export type { TransferView } from './bindings/TransferView';
export type { TypedTime } from './bindings/TypedTime';
export type { UndeliveredMail } from './bindings/UndeliveredMail';
export type { WaitingCreate } from './bindings/WaitingCreate';
export type { ZoneClock } from './bindings/ZoneClock';

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
