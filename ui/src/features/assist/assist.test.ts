import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import type { Mock } from '../../ipc/mock';
import { Client } from '../../state/client.svelte';
import Assist from './Assist.svelte';

const show = (told: 'told' | 'untold') => {
  const mock = stage(`?scenario=first-start&assist=${told}`);
  render(Assist, { client: new Client() });
  return { mock, user: userEvent.setup() };
};

/** It has stood still for long enough to be answered. */
const settled = async () => {
  const join = await screen.findByRole('button', { name: 'Join' });
  await waitFor(() => expect(join).toHaveAttribute('data-settled', 'true'));
  return join;
};

const anotherIsStarted = (mock: Mock) => {
  mock.stage.world.assist = { kind: 'told', service: 'https://help.other.example', code: '01234-ABCDE' };
  mock.stage.hint({ kind: 'show' });
};

describe('Assist', () => {
  it('names the service and the code, and joins only when told to', async () => {
    const { mock, user } = show('told');
    expect(await screen.findByRole('heading', { name: 'Get help from support.acme.com?' })).toBeVisible();
    expect(screen.getByText('7Q4MX-2K9TD')).toBeVisible();
    expect(called(mock, 'assist_join')).toEqual([]);
    await user.click(await settled());
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

  it('takes no press that was meant for the download before', async () => {
    const { mock, user } = show('told');
    const join = await settled();
    anotherIsStarted(mock);
    expect(await screen.findByRole('heading', { name: 'Get help from help.other.example?' })).toBeVisible();
    await user.click(join);
    expect(called(mock, 'assist_join')).toEqual([]);
    await user.click(await settled());
    expect(called(mock, 'assist_join')).toEqual([{ service: 'https://help.other.example', code: '01234-ABCDE' }]);
  });

  it('keeps what is being typed when another download is started', async () => {
    const { mock, user } = show('untold');
    const service = await screen.findByRole('textbox', { name: 'Service' });
    await user.type(service, 'support.ac');
    anotherIsStarted(mock);
    await waitFor(() => expect(called(mock, 'assist_state')).toHaveLength(2));
    await user.type(service, 'me.com');
    expect(screen.getByRole('textbox', { name: 'Service' })).toHaveValue('support.acme.com');
    expect(screen.getByRole('heading', { name: 'Have someone help you' })).toBeVisible();
  });

  it('shows what another download says while nothing is typed', async () => {
    const { mock } = show('untold');
    await screen.findByRole('textbox', { name: 'Service' });
    anotherIsStarted(mock);
    expect(await screen.findByRole('heading', { name: 'Get help from help.other.example?' })).toBeVisible();
  });

  it('can be pointed elsewhere', async () => {
    const { user } = show('told');
    await user.click(await screen.findByRole('button', { name: 'Enter another service or code' }));
    expect(screen.getByRole('heading', { name: 'Have someone help you' })).toBeVisible();
  });
});
