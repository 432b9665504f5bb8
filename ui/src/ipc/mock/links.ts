import type { Assist, LinkNotice, LinksState } from '../types';
import { type Answers, refuse, type Stage } from './index';

const NOTICES: Record<string, LinkNotice> = {
  not_called: { kind: 'not_called', target: { id: '123456789' }, error: { code: 'already_calling', params: {}, trace: '' } },
  not_called_own: { kind: 'not_called', target: { alias: 'ana@acme' }, error: { code: 'own_id', params: {}, trace: '' } },
  join: { kind: 'join', service: 'https://support.other.example', code: '7Q4MX-2K9TD' },
  other_client: { kind: 'other_client', prefix: 'abc12345', link: 'anydesk:AnyDesk-abc12345_msi:123456789', former: 'AnyDesk' },
  other_client_alone: { kind: 'other_client', prefix: 'abc12345', link: 'anydesk-abc12345:123456789', former: null },
  refused: { kind: 'refused', reason: 'leading_dash', link: 'anydesk:--play\\x1b[31m \\\\\\\\attacker\\\\share' },
  not_joined: {
    kind: 'not_joined',
    service: 'https://support.acme.com',
    error: { code: 'joined_another', params: {}, trace: '' },
  },
  request_elsewhere: { kind: 'request_elsewhere', service: 'https://help.other.example', home: 'https://support.acme.com' },
  request_signed_out: { kind: 'request_signed_out', service: 'https://support.acme.com' },
  not_one_link: { kind: 'not_one_link' },
  only_more: { kind: 'more' },
};

/** `?link=not_called` and the like, `more` where more came; `?assist=told` or `?assist=untold`. */
export function linkCommands({ world, hint, later }: Stage, params: URLSearchParams): Answers {
  let waiting = (params.get('link') ?? '').split(',').flatMap((name) => NOTICES[name] ?? []);
  const more = params.get('link')?.split(',').includes('more') ?? false;
  let raised = params.get('link')?.split(',').includes('request') ?? false;
  let taken = 0;
  const next = () => {
    waiting = waiting.slice(1);
    taken += 1;
    later(0, () => hint({ kind: 'show' }));
  };
  const assist: Assist =
    params.get('assist') === 'told'
      ? { kind: 'told', service: 'https://support.acme.com', code: '7Q4MX-2K9TD' }
      : { kind: 'untold' };
  return {
    links_state: (): LinksState => {
      const [notice] = waiting;
      return { first: notice ? { number: taken + 1, notice } : null, behind: Math.max(0, waiting.length - 1), more, raised };
    },
    main_window_touched: () => {
      raised = false;
    },
    dismiss_link: ({ number }) => (number === taken + 1 ? next() : undefined),
    hand_link_on: ({ number }) => (number === taken + 1 ? next() : refuse('not_found')),
    call_by_link: ({ number }) => (number === taken + 1 ? next() : refuse('not_found')),
    join_by_link: ({ number }) => (number === taken + 1 ? next() : refuse('not_found')),
    assist_state: () => world.assist ?? assist,
    assist_join: ({ code }) => {
      if (code !== '7Q4MX-2K9TD') refuse('link_unknown');
      later(60, () => hint({ kind: 'question' }));
    },
  };
}
