import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { call } from '../../words/program.svelte';

const open = async (scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Settings' }));
  const dialog = await screen.findByRole('dialog', { name: 'Settings' });
  return { mock, user, dialog };
};

describe('the settings', () => {
  it('open with Ctrl and comma, from a text field too, and close with Esc', async () => {
    stage('?scenario=agent');
    render(App, { view: 'main', id: '' });
    const user = userEvent.setup();
    await user.click(await screen.findByRole('textbox', { name: 'Connect to' }));
    await user.keyboard('{Control>},{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Settings' })).toBeVisible();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('dress every window at once', async () => {
    const { mock, user, dialog } = await open();
    expect(document.documentElement.dataset.theme).toBe('system');
    await user.click(within(dialog).getByRole('radio', { name: 'Dark' }));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    expect(called(mock, 'set_preferences')).toEqual([
      { preferences: { keep_running: null, alerts: true, theme: 'dark', language: null } },
    ]);
  });

  it('keep one choice when another is made', async () => {
    const { mock, user, dialog } = await open();
    await user.click(within(dialog).getByRole('switch', { name: 'Show alerts' }));
    await waitFor(() => expect(within(dialog).getByRole('switch', { name: 'Show alerts' })).not.toBeChecked());
    await user.click(within(dialog).getByRole('switch', { name: /Keep running/ }));
    await waitFor(() => expect(called(mock, 'set_preferences')).toHaveLength(2));
    expect(called(mock, 'set_preferences')[1]).toEqual({
      preferences: { keep_running: false, alerts: false, theme: 'system', language: null },
    });
  });

  it('lose none of two choices that come at once', async () => {
    const { mock, dialog } = await open();
    within(dialog).getByRole('radio', { name: 'Dark' }).click();
    within(dialog).getByRole('switch', { name: 'Do not disturb' }).click();
    await waitFor(() => expect(called(mock, 'set_preferences')).toHaveLength(2));
    expect(called(mock, 'set_preferences')[1]).toMatchObject({ preferences: { theme: 'dark', do_not_disturb: true } });
  });

  it('keep this computer from showing its address in sessions', async () => {
    const { mock, user, dialog } = await open();
    await user.click(within(dialog).getByRole('switch', { name: 'Relay only' }));
    await waitFor(() => expect(within(dialog).getByRole('switch', { name: 'Relay only' })).toBeChecked());
    expect(called(mock, 'set_preferences')[0]).toMatchObject({ preferences: { relay_only: true } });
  });

  it.each([
    ['agent', true],
    ['signed-out', false],
  ])('show for %s what happens when nothing was chosen: runs on is %s', async (scenario, on) => {
    const { dialog } = await open(scenario);
    expect(within(dialog).getByRole('switch', { name: /Keep running/ }).getAttribute('aria-checked')).toBe(String(on));
  });

  it('start with the system when asked to, and show what the system says', async () => {
    const { mock, user, dialog } = await open();
    const autostart = await within(dialog).findByRole('switch', { name: 'Start with the system' });
    expect(autostart).not.toBeChecked();
    await user.click(autostart);
    await waitFor(() => expect(autostart).toBeChecked());
    expect(called(mock, 'set_autostart')).toEqual([{ on: true }]);
  });

  it('say what could not be done, and what to do', async () => {
    const { user, dialog } = await open('system-refuses');
    await user.click(await within(dialog).findByRole('switch', { name: 'Start with the system' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(/in the system's own settings/);
  });

  it('name the service, the account and this client', async () => {
    const { dialog } = await open();
    const facts = within(dialog).getByRole('region', { name: 'Service and account' });
    for (const fact of ['Acme Support', 'https://support.acme.example', /Ana Marsh/, 'Support agent', '482 119 070']) {
      expect(within(facts).getByText(fact)).toBeVisible();
    }
  });
});

describe('the own alias', () => {
  const row = (dialog: HTMLElement) => dialog.querySelector('[data-part=alias]');

  it('is changed by its part before the @', async () => {
    const { mock, user, dialog } = await open();
    await user.click(await within(dialog).findByRole('button', { name: 'Change…' }));
    const field = within(dialog).getByLabelText('Alias of this device');
    expect(field).toHaveValue('ana');
    await user.clear(field);
    await user.type(field, 'ana.marsh{Enter}');
    await waitFor(() => expect(row(dialog)).toHaveTextContent('ana.marsh@acme'));
    expect(called(mock, 'set_alias')).toEqual([{ name: 'ana.marsh' }]);
  });

  it('tells why a name cannot be had, and keeps what was typed', async () => {
    const { user, dialog } = await open();
    await user.click(await within(dialog).findByRole('button', { name: 'Change…' }));
    const field = within(dialog).getByLabelText('Alias of this device');
    await user.clear(field);
    await user.type(field, 'taken{Enter}');
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Another device has this alias.');
    expect(field).toHaveValue('taken');
    await user.keyboard('{Escape}');
    expect(dialog).toBeVisible();
    await waitFor(() => expect(row(dialog)).toHaveTextContent('ana@acme'));
  });

  it('is taken away', async () => {
    const { mock, user, dialog } = await open();
    await user.click(await within(dialog).findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(row(dialog)).toHaveTextContent('None'));
    expect(called(mock, 'clear_alias')).toHaveLength(1);
  });

  it('is chosen on a device of the organisation where nobody is signed in', async () => {
    const { mock, user, dialog } = await open('signed-out');
    await user.click(await within(dialog).findByRole('button', { name: 'Change…' }));
    const field = within(dialog).getByLabelText('Alias of this device');
    await user.clear(field);
    await user.type(field, 'front.desk{Enter}');
    await waitFor(() => expect(row(dialog)).toHaveTextContent('front.desk@acme'));
    expect(called(mock, 'set_alias')).toEqual([{ name: 'front.desk' }]);
  });

  it.each([
    ['no-namespace', /organisation that has set a namespace/],
    ['offline', /Changes need the service/],
  ])('cannot be changed for %s, and the row says why', async (scenario, why) => {
    const { mock, dialog } = await open(scenario);
    expect(await within(dialog).findByText(why)).toBeVisible();
    expect(called(mock, 'set_alias')).toEqual([]);
  });
});

describe('other devices', () => {
  it('are not looked for any more once discovery is off', async () => {
    const { mock, user, dialog } = await open();
    const discovery = await within(dialog).findByRole('switch', { name: 'Discovery' });
    expect(discovery).toBeChecked();
    await user.click(discovery);
    await waitFor(() => expect(discovery).not.toBeChecked());
    expect(called(mock, 'set_discovery')).toEqual([{ on: false }]);
  });

  it('that are blocked are listed, and unblocked', async () => {
    const { mock, user, dialog } = await open();
    await user.click(await within(dialog).findByRole('button', { name: /Unblock 556.120.934/ }));
    expect(await within(dialog).findByText('No device is blocked.')).toBeVisible();
    expect(called(mock, 'set_block')).toEqual([{ device: '556120934', blocked: false }]);
  });
});

describe('links', () => {
  const use = { name: 'Use Beckon' };

  it('are taken from the program that holds them, and given back to it', async () => {
    const { mock, user, dialog } = await open();
    expect(await within(dialog).findByText('Opened by AnyDesk')).toBeVisible();
    await user.click(within(dialog).getByRole('button', use));
    await user.click(await within(dialog).findByRole('button', { name: 'Give back to AnyDesk' }));
    expect(await within(dialog).findByText('Opened by AnyDesk')).toBeVisible();
    expect(called(mock, 'take_scheme')).toEqual([{ scheme: 'anydesk' }]);
    expect(called(mock, 'give_back_scheme')).toEqual([{ scheme: 'anydesk' }]);
  });

  it('that nobody opened before can be left to nobody', async () => {
    const { user, dialog } = await open('links-ours');
    await user.click((await within(dialog).findAllByRole('button', { name: 'Stop using Beckon' }))[0] as HTMLElement);
    expect(await within(dialog).findByText('Opened by no program')).toBeVisible();
  });

  it('are changed by the profile alone to which they come', async () => {
    const { mock, dialog } = await open('links-ours');
    mock.stage.world.computer.takes_links = false;
    mock.stage.hint({ kind: 'state' });
    expect(await within(dialog).findByText(/Links come to the profile “default”/)).toBeVisible();
    expect(within(dialog).getAllByText('Opened by Beckon')[0]).toBeVisible();
    expect(within(dialog).queryByRole('button', { name: /^(Use|Stop using|Give back)/ })).toBeNull();
  });

  it('that only the person may choose lead to the page where they do', async () => {
    const { mock, user, dialog } = await open('person-chooses');
    await user.click(await within(dialog).findByRole('button', use));
    expect(await within(dialog).findByText(/choose Beckon for anydesk/)).toBeVisible();
    expect(called(mock, 'open_default_apps_settings')).toEqual([{ ofBeckon: true }]);
    // They chose it there, and come back.
    const links = mock.stage.world.computer.schemes.find(({ scheme }) => scheme === 'anydesk');
    if (links) links.holder = { who: 'us' };
    window.dispatchEvent(new Event('focus'));
    expect(await within(dialog).findByRole('button', { name: 'Give back to AnyDesk' })).toBeVisible();
    expect(within(dialog).queryByText(/choose Beckon for anydesk/)).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Give back to AnyDesk' }));
    expect(await within(dialog).findByText(/choose AnyDesk for anydesk/)).toBeVisible();
    expect(called(mock, 'open_default_apps_settings')[1]).toEqual({ ofBeckon: false });
    if (links) Object.assign(links, { holder: { who: 'another', program: 'AnyDesk' } });
    window.dispatchEvent(new Event('focus'));
    expect(await within(dialog).findByText('Opened by AnyDesk')).toBeVisible();
    expect(within(dialog).queryByText(/choose AnyDesk for anydesk/)).toBeNull();
  });

  it('are opened by a custom client under its own name', async () => {
    const { mock, user, dialog } = await open('person-chooses');
    mock.stage.world.app.custom = { prefix: 'acme', name: 'Acme Helper', features: { session_requests: true }, locked: [] };
    mock.stage.hint({ kind: 'state' });
    await user.click(await within(dialog).findByRole('button', { name: 'Use Acme Helper' }));
    expect(await within(dialog).findByText(/choose Acme Helper for anydesk/)).toBeVisible();
    call(undefined);
  });

  it('that cannot be left to nobody have no button for it', async () => {
    const { dialog } = await open('links-packaged');
    expect((await within(dialog).findAllByText('Opened by Beckon')).length).toBe(2);
    expect(within(dialog).queryByRole('button', { name: 'Stop using Beckon' })).toBeNull();
  });

  it.each([
    ['portable', /keeps its data in a folder of its own and registers nothing/],
    ['copied', /does not lie where programs are installed and registers nothing/],
  ])('are not offered to a %s copy, which says why', async (scenario, why) => {
    const { dialog } = await open(scenario);
    expect(await within(dialog).findByText(why)).toBeVisible();
    expect(within(dialog).queryByText(/links$/)).toBeNull();
    expect(within(dialog).queryByRole('switch', { name: 'Start with the system' })).toBeNull();
  });
});
