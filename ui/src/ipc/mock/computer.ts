import type { ComputerState, HotKeysState, HotKeyState, Preferences, SchemeState } from '../types';
import { type Answers, refuse, type Stage } from './index';

/** As at the first start. */
export function askingAboutLinks(): ComputerState {
  const computer = thisComputer();
  for (const links of computer.schemes) if (links.scheme === 'beckon') links.holder = { who: 'nobody' };
  return computer;
}

/** A computer on which another program opens `anydesk:` links. */
export function thisComputer(): ComputerState {
  return {
    portable: null,
    autostart: false,
    takes_links: true,
    schemes: [
      { scheme: 'beckon', holder: { who: 'us' }, former: null, can_stop: true },
      { scheme: 'anydesk', holder: { who: 'another', program: 'AnyDesk' }, former: null, can_stop: true },
    ],
  };
}

export function someHotKeys(): HotKeysState {
  const of = (keys: string): HotKeyState => ({ keys, usual: keys, taken: false });
  return { possible: true, stop: of('Control+Alt+Shift+End'), popup: of('Control+Alt+Shift+Home') };
}

export function computerCommands({ world, hint, later }: Stage): Answers {
  const find = (scheme: unknown) =>
    world.computer.schemes.find((links) => links.scheme === scheme) ?? refuse('not_when_portable');
  const left = () => world.computer.schemes.filter(({ holder }) => holder.who !== 'us');
  const take = (links: SchemeState) => {
    if (links.holder.who === 'another') links.former = links.holder.program;
    if (links.holder.who === 'nobody' || !world.personChooses) links.holder = { who: 'us' };
  };
  const answered = () => {
    world.asksAboutLinks = false;
    changed();
  };
  const changed = () => later(60, () => hint({ kind: 'state' }));

  return {
    set_preferences: ({ preferences }) => {
      world.app.preferences = preferences as Preferences;
      world.app.language = world.app.preferences.language ?? 'en';
      changed();
    },
    hot_keys_state: () => world.hotKeys,
    choose_hot_key: ({ hotKey, choice }) => {
      const { hotKeys } = world;
      const [chosen, other] = hotKey === 'stop' ? [hotKeys.stop, hotKeys.popup] : [hotKeys.popup, hotKeys.stop];
      const keys = choice === 'usual' ? chosen.usual : choice === 'off' ? null : (choice as { keys: string }).keys;
      if (keys !== null && keys === other.keys) refuse('hot_key_twice');
      if (keys === 'Control+Alt+KeyT') refuse('hot_key_taken');
      Object.assign(chosen, { keys, taken: false });
      changed();
    },
    computer_state: () => world.computer,
    set_autostart: ({ on }) => {
      world.computer.autostart = Boolean(on);
      changed();
    },
    take_scheme: ({ scheme }) => {
      const links = find(scheme);
      take(links);
      answered();
      return links.holder.who === 'us' ? 'done' : 'needs_the_person';
    },
    give_back_scheme: ({ scheme }) => {
      const links = find(scheme);
      answered();
      if (world.personChooses) return 'needs_the_person';
      links.holder = links.former === null ? { who: 'nobody' } : { who: 'another', program: links.former };
      links.former = null;
      changed();
      return 'done';
    },
    open_default_apps_settings: () => undefined,
    links_question: () => (world.asksAboutLinks ? left() : []),
    open_links: () => {
      const taken = left();
      for (const links of taken) take(links);
      answered();
      return taken.filter(({ holder }) => holder.who !== 'us').map(({ scheme }) => scheme);
    },
    leave_links: answered,
  };
}
