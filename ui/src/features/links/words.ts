import type { Code, LinkNotice, Target } from '../../ipc/types';
import { errorText } from '../../words/errors';
import { groupedId } from '../../words/ids';
import { t } from '../../words/words';

/** What a link is told to be, and what to do now. */
export interface Told {
  title: string;
  text: string;
  /** The link itself, as text that does nothing. */
  shown?: string;
}

/** Why nobody was called, where it stays so however often the person tries. */
const FINAL: readonly Code[] = ['own_id', 'guest_device', 'no_service', 'forbidden'];

/** Whether the person may call from the notice. */
export const mayCall = (notice: LinkNotice): boolean =>
  notice.kind === 'not_called' && !FINAL.includes(notice.error.code);

const named = (target: Target): string => ('alias' in target ? target.alias : groupedId(target.id));

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
    case 'not_called':
      return { title: t('link.not_called_title', { target: named(notice.target) }), text: errorText(notice.error, now) };
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
