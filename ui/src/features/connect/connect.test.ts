import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import ConnectField from './ConnectField.svelte';

const show = () => {
  const mock = stage('?scenario=signed-out');
  render(ConnectField);
  return { mock, field: screen.getByRole('textbox', { name: 'Connect to' }), user: userEvent.setup() };
};

describe('the connect field', () => {
  it('joins with a code, and is empty afterwards', async () => {
    const { mock, field, user } = show();
    await user.type(field, ' 7q4mx-2k9td {Enter}');
    await waitFor(() => expect(field).toHaveValue(''));
    expect(called(mock, 'connect_to')).toEqual([{ address: '7q4mx-2k9td', confirmed: false }]);
  });

  it('says under the field what is wrong, and stops saying it when the text changes', async () => {
    const { field, user } = show();
    await user.type(field, 'hello{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('neither an ID or alias, nor a join code or session link');
    expect(field).toHaveAttribute('aria-invalid', 'true');
    expect(field).toHaveValue('hello');
    await user.type(field, 'x');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each(['123 456 789', 'ben@acme'])('calls %s, and is empty afterwards', async (address) => {
    const { mock, field, user } = show();
    await user.type(field, `${address}{Enter}`);
    await waitFor(() => expect(field).toHaveValue(''));
    expect(called(mock, 'connect_to')).toEqual([{ address, confirmed: false }]);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says why nobody was called', async () => {
    const { field, user } = show();
    await user.type(field, '482119070{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('That is this device itself.');
    expect(field).toHaveValue('482119070');
  });

  it('asks what to enter when there is nothing, without asking the client', async () => {
    const { mock, field, user } = show();
    await user.type(field, '{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Enter an ID, an alias or a join code');
    expect(called(mock, 'connect_to')).toEqual([]);
  });

  it('names a service that was never used and joins there only after a yes', async () => {
    const { mock, field, user } = show();
    await user.type(field, 'https://help.other.example/j/abc{Enter}');
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('Join at https://help.other.example?');
    expect(dialog.querySelector('a')).toBeNull();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    await user.click(screen.getByRole('button', { name: 'Join there' }));
    await waitFor(() => expect(called(mock, 'connect_to').at(-1)?.confirmed).toBe(true));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  });

  it('joins nowhere after a no', async () => {
    const { mock, field, user } = show();
    await user.type(field, 'https://help.other.example/j/abc{Enter}');
    await screen.findByRole('alertdialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called(mock, 'connect_to')).toHaveLength(1);
  });
});
