// A client in the browser: for `npm run dev`, the tests and screenshots. It keeps the promise of the real one:
// acts answer nothing, and what they changed is announced by hints.
import type { Transport } from '../transport';
import type { ApiError, Code, Hint } from '../types';
import { agentCommands } from './agent';
import { callCommands } from './calls';
import { computerCommands } from './computer';
import { hostCommands } from './host';
import { invitationCommands } from './invitations';
import { linkCommands } from './links';
import { profileCommands } from './profiles';
import { sessionCommands } from './session';
import { tileCommands } from './tiles';
import { world, type World } from './world';

/** Arguments as they cross the edge: whoever reads one says what it is. */
export type Args = Record<string, unknown>;
export type Answers = Record<string, (args: Args) => unknown>;

export interface Stage {
  world: World;
  now(): number;
  hint(hint: Hint): void;
  /** Something that happens by itself a little later. */
  later(ms: number, happens: () => void): void;
}

export function refuse(code: Code, params: Record<string, string> = {}): never {
  const error: ApiError = { code, params, trace: code === 'internal' ? '7f3a9c21' : '' };
  throw error;
}

export interface Mock extends Transport {
  stage: Stage;
  /** Every command that was called, in order. */
  calls: { command: string; args: Args }[];
}

export function mockTransport(search = '', latency = 40): Mock {
  const params = new URLSearchParams(search);
  const heard = new Set<(hint: Hint) => void>();
  const stage: Stage = {
    world: world(params, Date.now()),
    now: () => Date.now(),
    hint: (hint) => heard.forEach((listener) => listener(hint)),
    later: (ms, happens) => void setTimeout(happens, ms),
  };
  const answers: Answers = { ...agentCommands(stage), ...hostCommands(stage), ...sessionCommands(stage), ...computerCommands(stage), ...linkCommands(stage, params), ...tileCommands(stage), ...profileCommands(stage), ...invitationCommands(stage), ...callCommands(stage) };
  const hanging = ['list_requests', 'tiles_state'];
  const calls: Mock['calls'] = [];
  const reads = ['app_state', 'links_state', 'assist_state', 'introductions_state', 'ready', 'close_window', 'session_state', 'transfers', 'file_offers', 'host_folder', 'computer_state', 'hot_keys_state', 'permission_profiles'];

  return {
    stage,
    calls,
    async invoke<T>(command: string, args: Args = {}): Promise<T> {
      calls.push({ command, args });
      if (latency > 0) await new Promise((wake) => setTimeout(wake, latency));
      if (stage.world.hangs && hanging.includes(command)) return new Promise<T>(() => {});
      // No screen is imitated: the room stays dark.
      if (command === 'open_screen') return new Promise<T>(() => {});
      if (stage.world.fails && !reads.includes(command)) refuse(stage.world.fails as Code);
      const answer = answers[command];
      if (!answer) throw new Error(`the fake client has no command ${command}`);
      // What crosses the edge is a copy, as it is with the real client.
      const value = answer(args);
      return (value === undefined ? undefined : JSON.parse(JSON.stringify(value))) as T;
    },
    listen(listener) {
      heard.add(listener);
      return Promise.resolve(() => void heard.delete(listener));
    },
  };
}
