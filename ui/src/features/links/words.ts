import type { LinkNotice } from '../../ipc/types';
import { errorText } from '../../words/errors';
import { t } from '../../words/words';

/** What a link is told to be, and what to do now. */
export interface Told {
  title: string;
  text: string;
  /** The link itself, as text that does nothing. */
  shown?: string;
}

/** Without the scheme: it is https, except on this computer. */
const host = (origin: string): string => origin.replace(/^https?:\/\//, '');

export function told(notice: LinkNotice, now: number): Told {
  switch (notice.kind) {
    case 'join':
      return { title: t('connect.unknown_title', { service: host(notice.service) }), text: t('link.join_text') };
    case 'not_joined':
      return { title: t('link.not_joined_title', { service: host(notice.service) }), text: errorText(notice.error, now) };
    case 'request_elsewhere':
      return {
        title: t('link.elsewhere_title'),
        text: notice.home
          ? t('link.elsewhere_text', { service: host(notice.service), home: host(notice.home) })
          : t('link.elsewhere_text_homeless', { service: host(notice.service) }),
      };
    case 'request_signed_out':
      return { title: t('link.signed_out_title'), text: t('link.signed_out_text', { service: host(notice.service) }) };
    case 'call':
      return { title: t('link.call_title', { target: notice.target }), text: t('link.call_text') };
    case 'other_client':
      return {
        title: t('link.other_client_title'),
        text: t('link.other_client_text', { prefix: notice.prefix }),
        shown: notice.link,
      };
    case 'refused':
      return {
        title: t('link.refused_title'),
        text: `${t(`link.refused.${notice.reason}`)} ${t('link.refused_text')}`,
        shown: notice.link,
      };
    case 'not_one_link':
      return { title: t('link.refused_title'), text: `${t('link.not_one_link')} ${t('link.refused_text')}` };
  }
}
