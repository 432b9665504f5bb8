// What the dialog for a new request holds, and what is wrong with it.
import { v7 } from 'uuid';

import type { ApiError, Language, NewRequest, ProposedProfile, WaitingCreate } from '../../../ipc/types';
import { clock } from '../../../state/clock.svelte';
import { errorText } from '../../../words/errors';
import { spoken } from '../../../words/language.svelte';
import { commentsProblem, emailProblem, recipientProblem } from '../rules';
import { fromAssign, toAssign } from './assignees';
import { endOf, type ExpiryDraft, expiryChoice, expiryDraft, expiryProblem, momentOf, scheduleProblem, soon, wallTime, when } from './when';

/** In the order in which they are filled in. */
export const FIELDS = ['recipient', 'email', 'comments', 'assign', 'schedule', 'expires'] as const;
export type FieldName = (typeof FIELDS)[number];

export class Draft {
  // Made with the dialog, so that pressing twice creates once.
  readonly id: string;
  recipient = $state('');
  email = $state('');
  sendMail = $state(false);
  language = $state<Language>(spoken());
  comments = $state('');
  assignTo = $state('myself');
  scheduled = $state(false);
  when = $state(soon(clock.now));
  expiry = $state<ExpiryDraft>({ kind: '86400', date: '', time: '' });
  profile = $state.raw<ProposedProfile>('default');

  /** `from` what was typed before and is not at the service. */
  constructor(from?: WaitingCreate) {
    this.id = from?.id ?? v7();
    if (!from) return;
    const { recipient, comments, assign_to, contact, schedule, expiry, profile, kept_at } = from;
    this.recipient = recipient;
    this.comments = comments;
    this.assignTo = fromAssign(assign_to);
    this.profile = profile;
    this.email = contact?.email ?? '';
    this.sendMail = contact?.send_mail ?? false;
    this.language = contact?.language ?? spoken();
    this.scheduled = schedule !== null;
    if (schedule) this.when = when(Date.parse(schedule.at), schedule.zone);
    this.expiry = expiryDraft(expiry, endOf(expiry, Date.parse(schedule?.at ?? kept_at)));
  }

  /** What it is counted from. */
  get from(): number {
    return (this.scheduled ? momentOf(this.when) : null) ?? clock.now;
  }

  problem(field: FieldName): string | undefined {
    if (field === 'recipient') return recipientProblem(this.recipient);
    if (field === 'email') return emailProblem(this.email, this.sendMail);
    if (field === 'comments') return commentsProblem(this.comments);
    if (field === 'schedule') return this.scheduled ? scheduleProblem(this.when, clock.now) : undefined;
    return field === 'expires' ? expiryProblem(this.expiry, this.from, clock.now) : undefined;
  }

  get firstProblem(): FieldName | undefined {
    return FIELDS.find((field) => this.problem(field));
  }

  request(): NewRequest {
    return {
      id: this.id,
      recipient: this.recipient.trim(),
      email: this.email.trim(),
      send_mail: this.sendMail,
      language: this.language,
      comments: this.comments,
      assign_to: toAssign(this.assignTo),
      schedule: this.scheduled ? wallTime(this.when) : null,
      expiry: expiryChoice(this.expiry),
      profile: this.profile,
    };
  }
}

const FIELD_OF: Record<string, FieldName> = {
  not_an_email: 'email',
  mail_not_set: 'email',
  not_assignable: 'assign',
  schedule_in_the_past: 'schedule',
  unknown_zone: 'schedule',
  no_such_time: 'schedule',
  expires_too_soon: 'expires',
  expires_too_late: 'expires',
};

/** Beside which field a refusal of the service belongs. */
export function refusedField(error: ApiError | null): FieldName | undefined {
  if (!error) return undefined;
  return FIELD_OF[error.code] ?? FIELDS.find((field) => field === error.params.field);
}

export function refusal(error: ApiError | null, field: FieldName): string | undefined {
  return error && refusedField(error) === field ? errorText(error, clock.now) : undefined;
}
