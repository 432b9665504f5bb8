import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { serviceOrigin } from './origin';

const show = (scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  return { mock, user: userEvent.setup() };
};

describe('the main window', () => {
  it('shows who is not signed in no requests, and what to do with a code', async () => {
    show('signed-out');
    expect(await screen.findByRole('heading', { name: 'Have someone help you' })).toBeVisible();
    const places = within(screen.getByRole('navigation')).getAllByRole('link').map((link) => link.textContent?.trim());
    expect(places).toEqual(['Get help', 'Favorites', 'Recent', 'Discovery']);
  });

  it('asks for the service first', async () => {
    const { mock, user } = show('first-start');
    await user.type(await screen.findByLabelText('Address of the service'), 'support.acme.example{Enter}');
    await waitFor(() => expect(called(mock, 'choose_service')).toEqual([{ origin: 'https://support.acme.example' }]));
    expect(await screen.findByRole('heading', { name: 'Have someone help you' })).toBeVisible();
  });

  it('copies the ID and says so', async () => {
    const { mock, user } = show('agent');
    await user.click(await screen.findByRole('button', { name: /Copy your ID/ }));
    expect(called(mock, 'copy_text')).toEqual([{ text: '482119070' }]);
    expect(await screen.findByText('Copied', { selector: '[role=status]' })).toBeInTheDocument();
  });

  it('shows the alias below the ID, and copies that', async () => {
    const { mock, user } = show('agent');
    await user.click(await screen.findByRole('button', { name: 'Copy your alias, ana@acme' }));
    expect(called(mock, 'copy_text')).toEqual([{ text: 'ana@acme' }]);
  });

  it('tells that the page is ready once, after the first state', async () => {
    const { mock } = show('agent');
    await waitFor(() => expect(called(mock, 'ready')).toHaveLength(1));
    mock.stage.hint({ kind: 'state' });
    await waitFor(() => expect(called(mock, 'app_state')).toHaveLength(2));
    expect(called(mock, 'ready')).toHaveLength(1);
  });

  it('opens the list of keys with a question mark, but not out of a text field', async () => {
    const { user } = show('agent');
    const field = await screen.findByRole('textbox', { name: 'Connect to' });
    await user.type(field, '?');
    expect(screen.queryByRole('dialog')).toBeNull();
    field.blur();
    await user.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeVisible();
  });
});

describe('signing in', () => {
  const submit = (user: ReturnType<typeof userEvent.setup>) =>
    user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Sign in' }));

  const open = async () => {
    const { mock, user } = show('signed-out');
    await user.click((await screen.findAllByRole('button', { name: 'Sign in' }))[0] as HTMLElement);
    await user.type(await screen.findByLabelText('Email'), 'ana@acme.example');
    return { mock, user };
  };

  it('leads to the requests', async () => {
    const { user } = await open();
    await user.type(screen.getByLabelText('Password'), 'right');
    await submit(user);
    expect(await screen.findByRole('link', { name: 'Requests', current: 'page' })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('does not say which of the two was wrong', async () => {
    const { user } = await open();
    await user.type(screen.getByLabelText('Password'), 'wrong');
    await submit(user);
    expect(await screen.findByRole('alert')).toHaveTextContent('The email or the password is not right.');
  });

  it('counts down after too many tries, and does not try meanwhile', async () => {
    const { mock, user } = await open();
    await user.type(screen.getByLabelText('Password'), 'often');
    await submit(user);
    expect(await screen.findByRole('alert')).toHaveTextContent(/try again in 4\d seconds/);
    await submit(user);
    expect(called(mock, 'sign_in')).toHaveLength(1);
  });
});

describe('the address of a service', () => {
  it.each([
    ['https://support.acme.com', 'https://support.acme.com'],
    [' https://support.acme.com:8443/ ', 'https://support.acme.com:8443'],
    ['support.acme.com', 'https://support.acme.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is taken as %s', (typed, origin) => {
    expect(serviceOrigin(typed)).toEqual({ origin });
  });

  it.each(['', 'http://support.acme.com', 'ftp://a.example', 'https://', 'https://a.example/x', 'https://u:p@a.example', 'https://a.example?x'])(
    '“%s” is refused with a reason',
    (typed) => {
      expect(serviceOrigin(typed)).toHaveProperty('problem');
    },
  );
});
