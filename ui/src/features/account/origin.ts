import { t } from '../../words/words';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The service's origin out of what was typed, or what is wrong with it. */
export function serviceOrigin(typed: string): { origin: string } | { problem: string } {
  const text = typed.trim();
  if (!text) return { problem: t('start.missing') };
  let url: URL;
  try {
    // A bare name is what most people type.
    url = new URL(/^[a-z][a-z+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return { problem: t('start.not_https') };
  }
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!allowed) return { problem: t('start.not_https') };
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password) {
    return { problem: t('start.only_origin') };
  }
  return { origin: url.origin };
}
