import type { ApiError, Code, LinkNotice } from '../../ipc/types';
import { errorText } from '../../words/errors';
import { withoutScheme } from '../../words/origins';
import { t } from '../../words/words';
import { ofTarget } from '../invitations/names';

/** What a link is told to be, and what to do now. */
export interface Told {
  title: string;
  text: string;
  /** The link itself, as text that does nothing. */
  shown?: string;
}

/** Why nobody was called, where it stays so however often the person tries. */
const FINAL: readonly Code[] = ['own_id', 'guest_device', 'no_service', 'forbidden'];

export const mayCallAgain = (error: ApiError): boolean => !FINAL.includes(error.code);

/** Whether the person may call from the notice. */
export const mayCall = (notice: LinkNotice): boolean => notice.kind === 'not_called' && mayCallAgain(notice.error);

/** `hasRequests`: somebody could sign in here, and see session requests. */
export function told(notice: LinkNotice, now: number, hasRequests = true): Told {
  switch (notice.kind) {
    case 'join':
      return { title: t('connect.unknown_title', { service: withoutScheme(notice.service) }), text: t('link.join_text') };
    case 'not_joined':
      return { title: t('link.not_joined_title', { service: withoutScheme(notice.service) }), text: errorText(notice.error, now) };
    case 'request_elsewhere':
      return {
        title: t('link.elsewhere_title'),
        text: notice.home
          ? t('link.elsewhere_text', { service: withoutScheme(notice.service), home: withoutScheme(notice.home) })
          : t('link.elsewhere_text_homeless', { service: withoutScheme(notice.service) }),
      };
    case 'request_signed_out':
      return hasRequests
        ? { title: t('link.signed_out_title'), text: t('link.signed_out_text', { service: withoutScheme(notice.service) }) }
        : { title: t('link.no_requests_title'), text: t('link.no_requests_text', { service: withoutScheme(notice.service) }) };
    case 'not_called':
      return { title: t('link.not_called_title', { target: ofTarget(notice.target) }), text: errorText(notice.error, now) };
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
    case 'more':
      return { title: t('link.more_title'), text: t('link.more') };
    case 'not_one_link':
      return { title: t('link.refused_title'), text: `${t('link.not_one_link')} ${t('link.refused_text')}` };
  }
}
