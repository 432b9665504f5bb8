// What the program's windows show: the `view` of their address.
export const WINDOWS = ['main', 'accept', 'session', 'call', 'ring', 'host', 'assist', 'popup', 'why_not'] as const;

/** The `view` of a window that is kept ready, and shows nothing yet. */
export const SPARE = 'spare';

/** What it may become: windows that come because somebody else wants something, or by a link. */
export const UNFORESEEN = ['call', 'ring', 'popup'] as const satisfies WindowView[];

export type WindowView = (typeof WINDOWS)[number];

export function viewOf(params: URLSearchParams): WindowView {
  return WINDOWS.find((view) => view === params.get('view')) ?? 'main';
}
