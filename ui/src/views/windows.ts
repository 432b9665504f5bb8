// What the program's windows show: the `view` of their address.
export const WINDOWS = ['main', 'accept', 'session', 'call', 'ring', 'host', 'assist', 'popup', 'why_not'] as const;

export type WindowView = (typeof WINDOWS)[number];

export function viewOf(params: URLSearchParams): WindowView {
  return WINDOWS.find((view) => view === params.get('view')) ?? 'main';
}
