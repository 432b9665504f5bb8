import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';

import { stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { call } from '../../words/program.svelte';
import { t } from '../../words/words';
import { told } from '../links/words';
import WhyNot from './WhyNot.svelte';

describe('a custom client whose file cannot be used', () => {
  it('says why, and offers nothing to press', () => {
    render(WhyNot, { id: 'among_downloads' });
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('does not start');
    expect(document.body).toHaveTextContent('where downloads arrive');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows no words that it does not know', () => {
    render(WhyNot, { id: '<b>x</b>' });
    expect(document.body).toHaveTextContent('could not be read');
    expect(document.body).not.toHaveTextContent('<b>');
  });
});

describe('a custom client without session requests', () => {
  afterEach(() => call(undefined));

  it('offers nowhere to sign in, and is called by its own name', async () => {
    stage('?scenario=no-requests');
    render(App, { view: 'main', id: '' });
    const user = userEvent.setup();
    expect(await screen.findByRole('heading', { name: 'Have someone help you' })).toBeVisible();
    await waitFor(() => expect(screen.getByRole('navigation')).toHaveAccessibleName('Acme Helper'));
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull();
    await user.keyboard('{Control>}k{/Control}');
    const palette = await screen.findByRole('dialog');
    await within(palette).findAllByRole('option');
    expect(within(palette).queryByRole('option', { name: /Sign in/ })).toBeNull();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    const settings = await screen.findByRole('dialog', { name: 'Settings' });
    await waitFor(() => expect(settings).toHaveTextContent('Acme Helper starts without a window'));
    expect(settings).not.toHaveTextContent('Sign in');
  });

  it('says where a link to a session request is opened instead', () => {
    const notice = { kind: 'request_signed_out', service: 'https://support.acme.example' } as const;
    expect(told(notice, 0).title).toBe('Sign in to see this request');
    expect(told(notice, 0, false)).toEqual({
      title: 'This program shows no session requests',
      text: expect.stringContaining('at support.acme.example. Open it in the client in which you sign in'),
    });
  });
});

describe('what the program is called', () => {
  afterEach(() => call(undefined));

  it('is Beckon, or what a custom client’s file says, as plain text', () => {
    expect(t('tray.open')).toBe('Open Beckon');
    call('Acme {beckon} $& Helper');
    expect(t('tray.open')).toBe('Open Acme {beckon} $& Helper');
  });
});
