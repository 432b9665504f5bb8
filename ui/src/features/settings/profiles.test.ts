import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const open = async (scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Settings' }));
  const dialog = await screen.findByRole('dialog', { name: 'Settings' });
  const profiles = within(dialog).getByRole('region', { name: 'Permission profiles' });
  return { mock, user, profiles };
};

describe('permission profiles in the settings', () => {
  it('can all be copied, and only the own ones changed and deleted', async () => {
    const { profiles } = await open();
    await within(profiles).findByText('Only show and write');
    const named = (pattern: RegExp) => within(profiles).getAllByRole('button', { name: pattern });
    expect(named(/^Copy /)).toHaveLength(5);
    expect(named(/^Change /)).toHaveLength(2);
    expect(named(/^Delete /)).toHaveLength(2);
  });

  it('a copy begins with what it is a copy of', async () => {
    const { mock, user, profiles } = await open();
    await user.click(within(profiles).getByRole('button', { name: 'Copy Screen sharing' }));
    const form = await screen.findByRole('dialog', { name: 'New permission profile' });
    expect(within(form).getByRole('textbox', { name: 'Name' })).toHaveValue('Copy of Screen sharing');
    await user.click(within(form).getByRole('switch', { name: 'Clipboard text' }));
    await user.click(within(form).getByRole('button', { name: 'Add profile' }));
    const [kept] = called(mock, 'keep_profile');
    expect(kept).toMatchObject({ name: 'Copy of Screen sharing', permissions: ['clipboard', 'user_pointer'] });
    expect(await within(profiles).findByText('Copy of Screen sharing')).toBeVisible();
  });

  it('one that is changed stays the same one', async () => {
    const { mock, user, profiles } = await open();
    await user.click(await within(profiles).findByRole('button', { name: 'Change Only show and write' }));
    const form = await screen.findByRole('dialog', { name: 'Change permission profile' });
    const name = within(form).getByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.click(within(form).getByRole('button', { name: 'Save' }));
    expect(within(form).getByText('Give it a name.')).toBeVisible();
    await user.type(name, 'Only show{Enter}');
    expect(called(mock, 'keep_profile')).toMatchObject([{ id: mock.stage.world.profiles.own[0]?.id, name: 'Only show' }]);
  });

  it('a name that another one has is refused beside it', async () => {
    const { user, profiles } = await open();
    await within(profiles).findByText('Only show and write');
    await user.click(within(profiles).getByRole('button', { name: 'New profile…' }));
    const form = await screen.findByRole('dialog', { name: 'New permission profile' });
    await user.type(within(form).getByRole('textbox', { name: 'Name' }), 'only SHOW and write{Enter}');
    expect(await within(form).findByText(/Another permission profile has this name/)).toBeVisible();
  });

  it('deleting one asks first', async () => {
    const { mock, user, profiles } = await open();
    await user.click(await within(profiles).findByRole('button', { name: 'Delete Only show and write' }));
    const question = await screen.findByRole('alertdialog');
    expect(called(mock, 'delete_profile')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(within(profiles).queryByText('Only show and write')).toBeNull());
  });

  it('are shown as they are where a custom client keeps them', async () => {
    const { profiles } = await open('profiles-locked');
    expect(await within(profiles).findByText(/^Set by Acme Helper/)).toBeVisible();
    expect(within(profiles).queryByRole('button')).toBeNull();
    expect(within(profiles).getAllByText('3 of 13 on')).toHaveLength(2);
  });
});
