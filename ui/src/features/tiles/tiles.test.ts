import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { someTiles, tile } from '../../ipc/mock/tiles';
import { fieldsOf } from './contact';
import { moved } from './moves';
import { address, copied, subtitle, title } from './names';
import { found, tilesIn } from './places';

const spaced = (text: string | null | undefined) => text?.replaceAll('\u00a0', ' ');

const open = async (place: string, scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('link', { name: place }));
  return { mock, user };
};

const card = async (name: string): Promise<HTMLElement> => {
  const heading = await screen.findByText(name, { selector: '[role=gridcell] .title' });
  return heading.closest<HTMLElement>('[role=gridcell]') as HTMLElement;
};

const names = () => screen.getAllByRole('gridcell').map((cell) => spaced(cell.querySelector('.title')?.textContent));

// The menu floats where jsdom cannot place it, so it is not found by its role.
const menuItem = (label: string) => screen.findByText(label, { selector: '[role=menuitem]' });

const choose = async (user: ReturnType<typeof userEvent.setup>, name: string, item: string) => {
  await user.click(within(await card(name)).getByRole('button', { name: `More for ${name}` }));
  await user.click(await menuItem(item));
};

describe('the places', () => {
  it('show their tiles: the newest first, and the address book by name', async () => {
    const { user } = await open('Recent');
    await card('Dana Fox');
    expect(names()).toEqual(['Dana Fox', '905 661 273', 'FRONT-DESK', 'Plotter room', 'Unknown caller']);
    await user.click(screen.getByRole('link', { name: 'Address book' }));
    await waitFor(() => expect(names()[0]).toBe('build-server@acme'));
    expect(names().slice(1, 3)).toEqual(['Dana Fox', 'João Prado, whose computer has quite a long name of its own']);
  });

  it('tell in words who is there, and when the last session was', async () => {
    await open('Recent');
    const dana = await card('Dana Fox');
    expect(within(dana).getByText('Online')).toBeVisible();
    expect(within(dana).getByLabelText('You connected to it.')).toBeInTheDocument();
    expect(within(await card('Plotter room')).getByText('Offline')).toBeVisible();
    expect(within(await card('Unknown caller')).getByText('Blocked')).toBeVisible();
  });

  it('are without an address book for who is not signed in', async () => {
    await open('Favorites', 'signed-out');
    await card('Dana Fox');
    expect(screen.queryByRole('link', { name: 'Address book' })).toBeNull();
  });

  it('draw only the tiles in sight of two thousand', async () => {
    await open('Address book', 'many-contacts');
    await card('Workstation 1');
    expect(screen.getAllByRole('gridcell').length).toBeLessThan(60);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', String(Math.ceil(2_000 / 3)));
  });

  it('ask who is there among the tiles in sight', async () => {
    const { mock } = await open('Favorites');
    await card('Dana Fox');
    const seen = [{ id: '731204885' }, { id: '348207516' }, { id: '614302218' }];
    await waitFor(() => expect(called(mock, 'look_at_tiles')).toEqual([{ targets: seen }]));
  });

  it.each([
    ['Favorites', 'No favorites yet'],
    ['Recent', 'No sessions yet'],
    ['Discovery', 'No other device found'],
    ['Address book', 'Your address book is empty'],
  ])('say what is missing where %s is empty', async (place, said) => {
    await open(place, 'empty');
    expect(await screen.findByRole('heading', { name: said })).toBeVisible();
  });

  it('say what went wrong, with the reference, and try again', async () => {
    const { mock, user } = await open('Favorites', 'error');
    expect(await screen.findByText(/Reference 7f3a9c21/)).toBeVisible();
    mock.stage.world.fails = null;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await card('Dana Fox');
  });

  it('are found over all of them at once, each device once', async () => {
    const { user } = await open('Discovery');
    await card('LIBRARY-02');
    await user.type(screen.getByRole('searchbox', { name: 'Search all devices' }), 'joao');
    await waitFor(() => expect(names()).toEqual(['João Prado, whose computer has quite a long name of its own']));
    await user.clear(screen.getByRole('searchbox'));
    await user.type(screen.getByRole('searchbox'), '731 204');
    await waitFor(() => expect(names()).toEqual(['Dana Fox']));
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(document.activeElement).toHaveTextContent('Dana Fox'));
  });

  it('give way to the requests when one is asked for from elsewhere', async () => {
    const { user } = await open('Favorites');
    await card('Dana Fox');
    await user.keyboard('n');
    expect(await screen.findByRole('dialog', { name: 'New session request' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Requests', current: 'page' })).toBeInTheDocument();
  });
});

describe('a request that another window or a link asks for', () => {
  it('is shown, wherever the window was', async () => {
    const { mock } = await open('Favorites');
    await card('Dana Fox');
    const invoke = mock.invoke.bind(mock);
    const asked = mock.stage.world.requests.find(({ recipient }) => recipient === 'João Prado')?.id;
    mock.invoke = <T>(command: string, args?: Record<string, unknown>) =>
      command === 'pending_request' ? Promise.resolve(asked as T) : invoke<T>(command, args);
    mock.stage.hint({ kind: 'show' });
    expect(await screen.findByRole('region', { name: /request for João Prado/ })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Requests', current: 'page' })).toBeInTheDocument();
  });
});

describe('a tile', () => {
  it('is reached with the arrow keys, one by the Tab key', async () => {
    const { user } = await open('Recent');
    (await card('Dana Fox')).focus();
    expect(document.querySelectorAll('[role=gridcell][tabindex="0"]')).toHaveLength(1);
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('1'));
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('4'));
    await user.keyboard('{Home}');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('0'));
  });

  it('is called with Enter and with a double click', async () => {
    const { mock, user } = await open('Favorites');
    (await card('Dana Fox')).focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'call')).toHaveLength(1));
    await user.dblClick(await card('FRONT-DESK'));
    await waitFor(() => expect(called(mock, 'call')).toEqual([{ target: '731 204 885' }, { target: 'frontdesk@acme' }]));
  });

  it('is called and invited from its menu, above everything else', async () => {
    const { mock, user } = await open('Address book');
    await choose(user, 'João Prado, whose computer has quite a long name of its own', 'Connect');
    await waitFor(() => expect(called(mock, 'call')).toEqual([{ target: 'joao.prado@acme' }]));
    await choose(user, 'build-server@acme', 'Invite…');
    const asked = await screen.findByRole('dialog', { name: 'Invite somebody to this computer' });
    expect(within(asked).getByLabelText('ID or alias')).toHaveValue('build-server@acme');
    await waitFor(() => expect(within(asked).getByRole('combobox', { name: 'Permission profile' })).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'invite')[0]?.new).toMatchObject({ target: 'build-server@acme' }));
  });

  it('says what to do where the call is refused', async () => {
    const { mock, user } = await open('Favorites');
    mock.stage.world.fails = 'in_a_session';
    await user.dblClick(await card('Dana Fox'));
    expect(await screen.findByText(/in a session\. End it first/)).toBeVisible();
  });

  it('copies its ID with C, and says so', async () => {
    const { mock, user } = await open('Favorites');
    (await card('Dana Fox')).focus();
    await user.keyboard('c');
    expect(await screen.findByText(/^Copied 731.204.885$/)).toBeVisible();
    expect(called(mock, 'copy_text')).toEqual([{ text: '731204885' }]);
  });

  it('is renamed with F2, and an empty name takes the name away', async () => {
    const { mock, user } = await open('Favorites');
    (await card('FRONT-DESK')).focus();
    await user.keyboard('{F2}');
    const field = await screen.findByLabelText('Name');
    await waitFor(() => expect(field).toHaveFocus());
    await user.clear(field);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(names()).toContain('frontdesk@acme'));
    expect(called(mock, 'rename_tile')).toEqual([{ target: { id: '348207516' }, name: null }]);
  });

  it('leaves the favorites with Delete, and the keyboard goes on beside it', async () => {
    const { mock, user } = await open('Favorites');
    (await card('Plotter room')).focus();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(names()).toEqual(['Dana Fox', 'FRONT-DESK']));
    expect(called(mock, 'remove_favorite')).toEqual([{ target: { id: '614302218' } }]);
    await waitFor(() => expect(document.activeElement).toHaveTextContent('FRONT-DESK'));
  });

  it('leaves the address book only after a question', async () => {
    const { mock, user } = await open('Address book');
    (await card('Dana Fox')).focus();
    await user.keyboard('{Delete}');
    const question = await screen.findByRole('alertdialog', { name: 'Remove Dana Fox from your address book?' });
    expect(called(mock, 'remove_contact')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(names()).not.toContain('Dana Fox'));
    expect(called(mock, 'remove_contact')).toHaveLength(1);
  });

  it('leaves the recent sessions with Delete, and from its menu, and nothing else', async () => {
    const { mock, user } = await open('Recent');
    (await card('Unknown caller')).focus();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(names()).not.toContain('Unknown caller'));
    await choose(user, 'Dana Fox', 'Remove from recent sessions');
    await waitFor(() => expect(names()).not.toContain('Dana Fox'));
    expect(called(mock, 'forget_session')).toEqual([{ device: '556120934' }, { device: '731204885' }]);
    expect(mock.calls.filter(({ command }) => command.startsWith('remove'))).toEqual([]);
    await user.click(screen.getByRole('link', { name: 'Favorites' }));
    await card('Dana Fox');
  });

  it('opens its menu with Shift+F10 and with a right click', async () => {
    const { user } = await open('Favorites');
    (await card('Dana Fox')).focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    expect((await menuItem('Copy ID')).closest('[role=menu]')).toHaveAttribute('aria-label', 'More for Dana Fox');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.querySelector('[role=menu]')).toBeNull());
    await user.pointer({ keys: '[MouseRight]', target: await card('FRONT-DESK') });
    expect((await menuItem('Copy ID')).closest('[role=menu]')).toHaveAttribute('aria-label', 'More for FRONT-DESK');
  });

  it('becomes a favorite, and is blocked and unblocked, from its menu', async () => {
    const { mock, user } = await open('Recent');
    await choose(user, 'Unknown caller', 'Add to favorites');
    await waitFor(() => expect(called(mock, 'add_favorite')).toEqual([{ target: { id: '556120934' } }]));
    await choose(user, 'Unknown caller', 'Unblock');
    await waitFor(() => expect(screen.queryByText('Blocked')).toBeNull());
    await choose(user, 'Dana Fox', 'Block');
    expect(await screen.findByText(/Dana Fox is blocked/)).toBeVisible();
    expect(called(mock, 'set_block')).toEqual([
      { device: '556120934', blocked: false },
      { device: '731204885', blocked: true },
    ]);
  });

  it('shows the name of another party as plain text', async () => {
    const { mock } = await open('Favorites');
    await card('Dana Fox');
    const hostile = '<img src=x onerror=alert(1)>\u202e{name}';
    for (const favorite of mock.stage.world.tiles.favorites) favorite.name = hostile;
    mock.stage.hint({ kind: 'tiles' });
    await waitFor(() => expect(names()[0]).toBe(hostile));
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('the address book', () => {
  it('takes somebody new, by ID or alias', async () => {
    const { mock, user } = await open('Address book');
    await user.click(await screen.findByRole('button', { name: 'New entry' }));
    await user.type(await screen.findByLabelText('ID or alias'), 'grace@acme');
    await user.type(screen.getByLabelText('Name'), 'Grace Hopper');
    await user.type(screen.getByLabelText('Tags'), 'Navy, navy , Compilers,');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await card('Grace Hopper');
    const [call] = called(mock, 'add_contact');
    expect(call?.fields).toEqual({ target: 'grace@acme', name: 'Grace Hopper', tags: ['Navy', 'Compilers'], note: '' });
    expect(call?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('says what is wrong with an entry beside its field, and keeps what was typed', async () => {
    const { user } = await open('Address book');
    await user.click(await screen.findByRole('button', { name: 'New entry' }));
    const add = () => user.click(screen.getByRole('button', { name: 'Add' }));
    await add();
    expect(await screen.findByRole('alert')).toHaveTextContent('Enter an ID or an alias.');
    await user.type(screen.getByLabelText('ID or alias'), 'grace');
    await add();
    expect(await screen.findByText(/neither an ID nor an alias/)).toBeVisible();
    await user.clear(screen.getByLabelText('ID or alias'));
    await user.type(screen.getByLabelText('ID or alias'), '482 119 070');
    await add();
    expect(await screen.findByText(/That is this device itself/)).toBeVisible();
    await user.clear(screen.getByLabelText('ID or alias'));
    await user.type(screen.getByLabelText('ID or alias'), '731204885');
    await add();
    expect(await screen.findByText(/has an entry with this ID or alias already/)).toBeVisible();
    expect(screen.getByLabelText('ID or alias')).toHaveValue('731204885');
  });

  it('edits an entry as it is', async () => {
    const { mock, user } = await open('Address book');
    await choose(user, 'Plotter room', 'Edit in address book…');
    expect(await screen.findByLabelText('ID or alias')).toHaveValue('614 302 218');
    expect(screen.getByLabelText('Tags')).toHaveValue('CAD, Second floor, Shared');
    await user.type(screen.getByRole('textbox', { name: 'Note' }), ' Twice.');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(called(mock, 'edit_contact')).toHaveLength(1));
    expect(called(mock, 'edit_contact')[0]?.fields).toMatchObject({ note: 'Wakes up slowly.\nAsk for Rahul. Twice.' });
  });

  it('can be read but not changed while the service is out of reach', async () => {
    const { mock, user } = await open('Address book', 'offline');
    (await card('Dana Fox')).focus();
    expect(screen.getByText(/You can read the address book/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'New entry' })).toHaveAttribute('aria-disabled', 'true');
    await user.keyboard('{Delete}{F2}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await user.keyboard('m');
    expect(await menuItem('Edit in address book…')).toHaveAttribute('aria-disabled', 'true');
    expect(called(mock, 'remove_contact')).toEqual([]);
  });
});

describe('discovery', () => {
  it('is off in a portable copy until it is turned on', async () => {
    const { mock, user } = await open('Discovery', 'portable');
    await user.click(await screen.findByRole('button', { name: 'Turn on discovery' }));
    expect(await screen.findByRole('heading', { name: 'No other device found' })).toBeVisible();
    expect(called(mock, 'set_discovery')).toEqual([{ on: true }]);
  });
});

describe('what a tile is called', () => {
  it.each([
    [tile('731204885', { name: 'Dana' }), 'Dana', '731 204 885', '731204885'],
    [tile('731204885', { name: 'Dana', alias: 'dana@acme' }), 'Dana', 'dana@acme', '731204885'],
    [tile('731204885', { alias: 'dana@acme' }), 'dana@acme', '731 204 885', '731204885'],
    [tile('dana@acme'), 'dana@acme', '', 'dana@acme'],
    [tile('731204885'), '731 204 885', '', '731204885'],
  ])('is its name, alias or ID, and what is copied is the ID (%#)', (of, first, second, text) => {
    expect([title(of), subtitle(of), copied(of)].map(spaced)).toEqual([first, second, text]);
    expect(address(of)).not.toBe('');
  });

  it('is sorted as people count', () => {
    const tiles = { ...someTiles(0), address_book: [tile('111111111', { name: 'PC 10' }), tile('111111112', { name: 'pc 2' })] };
    expect(tilesIn(tiles, 'address_book').map(title)).toEqual(['pc 2', 'PC 10']);
  });

  it('is found without accents, by tags and by notes', () => {
    const tiles = someTiles(0);
    expect(found(tiles, 'prado sales')).toHaveLength(1);
    expect(found(tiles, 'rahul').map(title)).toEqual(['Plotter room']);
    expect(found(tiles, 'nobody')).toEqual([]);
  });
});

describe('moving among tiles', () => {
  const layout = { total: 8, columns: 3, page: 2, rightToLeft: false };

  it.each([
    ['ArrowRight', 2, 3],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 5, 7],
    ['ArrowDown', 6, 6],
    ['ArrowUp', 1, 1],
    ['PageUp', 7, 1],
    ['PageDown', 0, 6],
    ['End', 0, 7],
  ] as const)('%s leads from %i to %i', (key, from, to) => {
    expect(moved(key, from, layout)).toBe(to);
  });

  it('goes the other way where the words do', () => {
    expect(moved('ArrowLeft', 2, { ...layout, rightToLeft: true })).toBe(3);
  });
});

describe('tags', () => {
  it('are what stands between commas, each once', () => {
    expect(fieldsOf({ target: ' 1 ', name: '', tags: ' a, B ,b,, A', note: '' }).tags).toEqual(['a', 'B']);
  });
});
