import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import { Client } from '../../state/client.svelte';
import Assist from './Assist.svelte';

const show = (told: 'told' | 'untold') => {
  const mock = stage(`?scenario=first-start&assist=${told}`);
  render(Assist, { client: new Client() });
  return { mock, user: userEvent.setup() };
};

describe('Assist', () => {
  it('names the service and the code, and joins only when told to', async () => {
    const { mock, user } = show('told');
    expect(await screen.findByRole('heading', { name: 'Get help from support.acme.com?' })).toBeVisible();
    expect(screen.getByText('7Q4MX-2K9TD')).toBeVisible();
    expect(called(mock, 'assist_join')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Join' }));
    await waitFor(() => expect(called(mock, 'close_window')).toHaveLength(1));
    expect(called(mock, 'assist_join')).toEqual([{ service: 'https://support.acme.com', code: '7Q4MX-2K9TD' }]);
  });

  it('closes on Cancel, and has joined nothing', async () => {
    const { mock, user } = show('told');
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(called(mock, 'close_window')).toHaveLength(1);
    expect(called(mock, 'assist_join')).toEqual([]);
  });

  it('lets the person type both where its name says nothing', async () => {
    const { mock, user } = show('untold');
    const service = await screen.findByRole('textbox', { name: 'Service' });
    await waitFor(() => expect(service).toHaveFocus());
    await user.click(screen.getByRole('button', { name: 'Join' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Enter the address of the service.');
    await user.type(service, ' support.acme.com ');
    await user.type(screen.getByRole('textbox', { name: 'Join code' }), '7Q4MX-2K9TD{Enter}');
    await waitFor(() => expect(called(mock, 'assist_join')).toEqual([{ service: 'support.acme.com', code: '7Q4MX-2K9TD' }]));
  });

  it('says what is wrong with a code, and lets it be corrected', async () => {
    const { user } = show('untold');
    await user.type(await screen.findByRole('textbox', { name: 'Service' }), 'support.acme.com');
    await user.type(screen.getByRole('textbox', { name: 'Join code' }), '00000-0000A{Enter}');
    expect(await screen.findByRole('alert')).toBeVisible();
    await user.type(screen.getByRole('textbox', { name: 'Join code' }), 'x');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('can be pointed elsewhere', async () => {
    const { user } = show('told');
    await user.click(await screen.findByRole('button', { name: 'Enter another service or code' }));
    expect(screen.getByRole('heading', { name: 'Have someone help you' })).toBeVisible();
  });
});
