import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { keysText } from '../../words/hot_keys';
import { speak } from '../../words/language.svelte';

const open = async (scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Settings' }));
  const dialog = await screen.findByRole('dialog', { name: 'Settings' });
  return { mock, user, dialog };
};

const STOP = /^Stop every session here: /;

describe('the keys that work in any program', () => {
  it('are shown as the keyboard names them, and changed by pressing others', async () => {
    const { mock, user, dialog } = await open();
    const keys = await within(dialog).findByRole('button', { name: STOP });
    expect(keys).toHaveTextContent('Ctrl+Alt+Shift+End');
    await user.click(keys);
    expect(keys).toHaveTextContent('Press the new keys');
    await user.keyboard('{Control>}{Alt>}s{/Alt}{/Control}');
    expect(called(mock, 'choose_hot_key')).toEqual([{ hotKey: 'stop', choice: { keys: 'Control+Alt+KeyS' } }]);
    await waitFor(() => expect(within(dialog).getByRole('button', { name: STOP })).toHaveTextContent('Ctrl+Alt+S'));
  });

  it('need one that changes others, and are not what people write or answer with', async () => {
    const { mock, user, dialog } = await open();
    const keys = await within(dialog).findByRole('button', { name: STOP });
    await user.click(keys);
    await user.keyboard('{Shift>}s{/Shift}');
    expect(dialog).toHaveTextContent('Hold Ctrl, Alt or the like with it.');
    await fireEvent.keyDown(keys, { key: 'Enter', code: 'Enter', ctrlKey: true });
    expect(dialog).toHaveTextContent('This key cannot be used.');
    await user.keyboard('{Escape}');
    expect(keys).toHaveTextContent('Ctrl+Alt+Shift+End');
    expect(dialog).toBeVisible();
    expect(called(mock, 'choose_hot_key')).toEqual([]);
  });

  it('stay as they were where the new ones are not to be had', async () => {
    const { user, dialog } = await open();
    await user.click(await within(dialog).findByRole('button', { name: STOP }));
    await user.keyboard('{Control>}{Alt>}t{/Alt}{/Control}');
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(/Another program/);
    await user.click(within(dialog).getByRole('button', { name: STOP }));
    await user.keyboard('{Control>}{Alt>}{Shift>}{Home}{/Shift}{/Alt}{/Control}');
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(/The other of these two/);
    expect(within(dialog).getByRole('button', { name: STOP })).toHaveTextContent('Ctrl+Alt+Shift+End');
  });

  it('are switched off and on', async () => {
    const { mock, user, dialog } = await open();
    await user.click(await within(dialog).findByRole('switch', { name: 'Stop every session here' }));
    await waitFor(() => expect(within(dialog).queryByRole('button', { name: STOP })).toBeNull());
    await user.click(within(dialog).getByRole('switch', { name: 'Stop every session here' }));
    expect(await within(dialog).findByRole('button', { name: STOP })).toBeVisible();
    expect(called(mock, 'choose_hot_key').map(({ choice }) => choice)).toEqual(['off', 'usual']);
  });

  it('are not offered where no program can have them', async () => {
    const { dialog } = await open('no-hot-keys');
    expect(await within(dialog).findByText(/lets no program have such keys/)).toBeVisible();
    expect(within(dialog).queryByRole('button', { name: STOP })).toBeNull();
  });

  it('are named in the language of the windows', () => {
    expect(keysText('Control+Shift+Meta+KeyE')).toBe('Ctrl+Shift+Super+E');
    speak('de');
    expect(keysText('Control+Alt+Shift+Home')).toBe('Strg+Alt+Umsch+Pos1');
    speak('en');
  });
});

describe('the window of who hosts', () => {
  it('says how to stop without it', async () => {
    stage('?scenario=joined-connected');
    render(App, { view: 'accept', id: '' });
    expect(await screen.findByText('Stop: Ctrl+Alt+Shift+End')).toBeVisible();
  });

  it('says where that does not work', async () => {
    stage('?scenario=hot-keys-taken');
    render(App, { view: 'accept', id: '' });
    expect(await screen.findByText('Ctrl+Alt+Shift+End does not stop: another program has these keys. Choose others in the settings.')).toBeVisible();
  });
});
