// What the command palette offers, in the order in which it is offered.
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Copy from '@lucide/svelte/icons/copy';
import Languages from '@lucide/svelte/icons/languages';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import ListFilter from '@lucide/svelte/icons/list-filter';
import LogIn from '@lucide/svelte/icons/log-in';
import LogOut from '@lucide/svelte/icons/log-out';
import Mail from '@lucide/svelte/icons/mail';
import PlugZap from '@lucide/svelte/icons/plug-zap';
import Plus from '@lucide/svelte/icons/plus';
import Search from '@lucide/svelte/icons/search';
import SettingsIcon from '@lucide/svelte/icons/settings';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import UserPlus from '@lucide/svelte/icons/user-plus';

import { inviteByEmail } from '../features/account/mail';
import type { Command } from '../features/palette/command';
import { copyText, setPreferences, signOut } from '../ipc/commands';
import type { Directory, Preferences, Scope } from '../ipc/types';
import type { Client } from '../state/client.svelte';
import { notices } from '../state/notices.svelte';
import { LANGUAGES } from '../words/language.svelte';
import { t } from '../words/words';
import { keyName } from './keys';
import type { View } from './views';

export interface Reach {
  client: Client;
  directory: Directory;
  views: readonly View[];
  show: (view: View) => void;
  create: () => void;
  search: () => void;
  filter: (scope: Scope) => void;
  invite: () => void;
  connectField: () => void;
  settings: () => void;
  keys: () => void;
  /** Not in a custom client without session requests. */
  signIn?: () => void;
}

const attempt = (act: Promise<unknown>) => void act.catch((thrown: unknown) => notices.problem(thrown));

export function commands(reach: Reach): Command[] {
  return [...ofRequests(reach), ...ofPlaces(reach), ...ofTheWindow(reach), ...ofPreferences(reach.client), ...ofTheAccount(reach)];
}

function ofRequests({ client, directory, create, search, filter }: Reach): Command[] {
  if (!client.account) return [];
  const show = (what: string, scope: Scope): Command => ({
    label: t('palette.show', { what }),
    icon: ListFilter,
    run: () => filter(scope),
  });
  const scopes = (['all', 'mine', 'my_queues', 'unassigned'] as const).map((scope) => show(t(`requests.scope.${scope}`), scope));
  const queues = directory.queues.map(({ id, name }) => show(name, { queue: id }));
  const anew: Command[] =
    client.account.role === 'viewer' ? [] : [{ label: t('requests.new_request'), icon: Plus, key: t('key.n'), run: create }];
  return [...anew, { label: t('requests.search'), icon: Search, key: t('key.slash'), run: search }, ...scopes, ...queues];
}

function ofPlaces({ views, show }: Reach): Command[] {
  return views.map((view) => ({ label: t('palette.show', { what: t(`nav.${view}`) }), icon: LayoutGrid, run: () => show(view) }));
}

function ofTheWindow({ client, invite, connectField, settings, keys }: Reach): Command[] {
  const device = client.home?.device;
  const copyId = { label: t('palette.copy_id'), icon: Copy, run: () => device && attempt(copyText(device)) };
  const inviting = [
    { label: t('invite.title'), icon: UserPlus, run: invite },
    { label: t('mail.invite'), icon: Mail, run: () => void inviteByEmail() },
  ];
  return [
    { label: t('keys.connect_field'), icon: PlugZap, key: t('key.l'), run: connectField },
    ...(device ? [...inviting, copyId] : []),
    { label: t('settings.open'), icon: SettingsIcon, key: keyName('key.comma'), run: settings },
    { label: t('nav.keys'), icon: CircleHelp, key: t('key.question'), run: keys },
  ];
}

function ofPreferences(client: Client): Command[] {
  const preferences = client.app?.preferences;
  if (!preferences) return [];
  const change = (changes: Partial<Preferences>) => () => attempt(setPreferences({ ...preferences, ...changes }));
  const themes = (['system', 'light', 'dark'] as const).map((theme) => ({
    label: t('palette.theme', { theme: t(`settings.theme.${theme}`) }),
    icon: SunMoon,
    run: change({ theme }),
  }));
  const languages = [null, ...LANGUAGES].map((language) => ({
    label: t('palette.language', { language: t(language ? `language.${language}` : 'settings.language.system') }),
    icon: Languages,
    run: change({ language }),
  }));
  return [...themes, ...languages];
}

function ofTheAccount({ client, signIn }: Reach): Command[] {
  if (client.account) return [{ label: t('account.sign_out'), icon: LogOut, run: () => attempt(signOut()) }];
  return client.home && signIn ? [{ label: t('account.sign_in'), icon: LogIn, run: signIn }] : [];
}
