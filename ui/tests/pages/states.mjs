// Every view of every window and each of its states, by the query of the mock that shows it and what is done there.

export const WINDOW = [960, 640];
export const SMALLEST = [720, 520];
export const ACCEPT_WINDOW = [380, 640];
const POPUP_WINDOW = [360, 148];

const SESSION = '0190b7a0-1111-7000-8000-0000000003df';
const POPUP = '0190b7a0-1111-7000-8000-000000000191';
const MAIN = [
  'agent', 'empty', 'offline', 'offline-empty', 'outbox', 'undelivered', 'key-changed', 'error', 'loading', 'viewer', 'signed-out', 'no-requests', 'first-start',
];
const ACCEPT = [
  '', '-any', '-asked', '-asked-more', '-available', '-own-profile', '-declined', '-ready', '-line', '-offline', '-closed', '-connected', '-lost',
];
const POPUPS = ['', '-look', '-few', '-long', '-key', '-soon-over'];
const CALL_WINDOW = [380, 260];
const CALL = '0190b7a0-1111-7000-8000-0000000001ef';
const RING = '0190b7a0-1111-7000-8000-0000000001f0';
const HOSTED = '0190b7a0-1111-7000-8000-0000000003de';
const CALLS = ['call-placing', 'call-refused', 'calling', 'calling-alias', 'call-accepted', 'call-missed', 'call-rejected', 'call-cancelled', 'call-failed', 'agent'];
const RINGS = ['ringing', 'ringing-stranger', 'ringing-changed', 'ringing-over', 'rang-cancelled'];
const HOSTS = ['hosted', 'hosted-connecting', 'hosted-lost', 'hosted-ended', 'agent'];
const VIEWER = ['asking', 'running', 'relayed', 'key-met-changed', 'asked-more', 'offered', 'monitor-gone', 'screen-hidden', 'lost', 'ended-by_host', 'session-none'];

const row = (page, name) => page.getByRole('gridcell', { name, exact: true }).click();
const newRequest = (page) => page.click('[data-part=new-request]');

async function refusedRequest(page) {
  await newRequest(page);
  await page.getByRole('button', { name: /Schedule|Termin/ }).click();
  await page.getByRole('switch', { name: /^(Schedule|Termin)$/ }).click();
  await page.locator('[data-field=schedule]').fill('2020-01-01');
  await page.keyboard.press('Control+Enter');
}

async function wholeRequest(page) {
  await newRequest(page);
  await page.locator('[data-field=recipient]').fill('Grace Hopper');
  await page.getByRole('button', { name: /Schedule|Termin/ }).click();
  await page.getByRole('switch', { name: /^(Schedule|Termin)$/ }).click();
}

/** The calendar, or the list of times. */
async function choosing(page, which) {
  await wholeRequest(page);
  await page.locator('.choice-open').nth(which).click();
  await page.locator('.calendar-day, .times').first().waitFor();
}

async function editing(page, label) {
  await row(page, 'Fatima Haddad');
  await page.locator('[data-part=detail] dl dd').nth(label).getByRole('button').first().click();
}

async function reopen(page) {
  await row(page, 'Chloé Moreau');
  await page.locator('[data-part=detail] header').getByRole('button', { name: /^(Reopen|Wieder öffnen)$/ }).click();
}

async function settings(page) {
  await page.click('[data-part=settings]');
  await page.getByRole('button', { name: /^(Use Beckon|Beckon verwenden)$/ }).click({ timeout: 500 }).catch(() => undefined);
}

async function ownProfile(page) {
  await settings(page);
  await page.click('[data-part=new-profile]');
}

async function editedPopup(page) {
  await page.evaluate(() => {
    const { stage } = globalThis.mock;
    Object.assign(stage.world.introductions.invitations[0], { revision: 2, permissions: [] });
    stage.hint({ kind: 'introductions' });
  });
}

async function refusedPopup(page, why) {
  await page.locator('[data-part=connect][data-settled=true]').waitFor();
  await page.evaluate((code) => (globalThis.mock.stage.world.fails = code), why);
  await page.click('[data-part=connect]');
}

async function endedThere(page, why, status) {
  await page.evaluate(([why, status]) => {
    const { stage } = globalThis.mock;
    for (const session of stage.world.sessions.values()) session.phase = { name: 'ended', why };
    Object.assign(stage.world.app.joined, { status, session: null });
    stage.hint({ kind: 'state' });
  }, [why, status]);
}

const collapsed = (page) => page.locator('[data-part=collapse]').dispatchEvent('click');

async function writtenTo(page) {
  await collapsed(page);
  await page.locator('[data-part=bar]').waitFor();
  await page.evaluate(() => {
    const { stage } = globalThis.mock;
    for (const session of stage.world.sessions.values()) {
      session.chat = [...session.chat, { mine: false, text: 'Are you there?', at: new Date().toISOString() }];
      stage.hint({ kind: 'session', id: session.id });
    }
  });
}

async function filesOpen(page) {
  await page.evaluate(() => {
    const { stage } = globalThis.mock;
    for (const session of stage.world.sessions.values()) {
      Object.assign(session, { permissions: ['file_manager'], available: ['input', 'file_manager'] });
      stage.hint({ kind: 'session', id: session.id });
    }
  });
  await page.getByRole('button', { name: /^(Files|Dateien)$/ }).click();
}

const card = (page, number) => page.locator(`[data-part=tiles] [data-index="${number}"]`);

/** A place of the side bar, and what is done there. */
const place = (scenario, name, there, act) => ({
  ...shown(scenario, name, async (page) => {
    await page.click(`nav [href="#${there}"]`);
    await act?.(page);
  }),
});

const shown = (scenario, name, act) => ({ query: `scenario=${scenario}`, size: WINDOW, name, act });

const popup = (scenario, name, act) => ({ query: `view=popup&id=${POPUP}&scenario=popup${scenario}`, size: POPUP_WINDOW, name: `popup${name}`, act });

export const states = [
  ...MAIN.map((scenario) => shown(scenario, scenario)),
  shown('many', 'many'),
  shown('agent', 'details', (page) => row(page, 'Dana Fox')),
  shown('agent', 'details scheduled', (page) => row(page, 'Fatima Haddad')),
  shown('agent', 'details closed', (page) => row(page, 'Chloé Moreau')),
  shown('agent', 'mail failed', (page) => row(page, 'João Prado')),
  shown('offline', 'details offline', (page) => row(page, 'Dana Fox')),
  shown('agent', 'edit assignee', (page) => editing(page, 0)),
  shown('agent', 'edit schedule', (page) => editing(page, 1)),
  shown('agent', 'edit expiry', (page) => editing(page, 2)),
  shown('agent', 'edit profile', (page) => editing(page, 3)),
  shown('agent', 'edit email', (page) => editing(page, 4)),
  shown('agent', 'menu', (page) => page.click('[data-index="0"] [data-menu]')),
  shown('agent', 'queues', (page) => page.click('[data-part=queues]')),
  shown('agent', 'new', newRequest),
  shown('agent', 'new whole', wholeRequest),
  shown('agent', 'new refused', refusedRequest),
  shown('agent', 'new calendar', (page) => choosing(page, 0)),
  shown('agent', 'new times', (page) => choosing(page, 1)),
  shown('agent', 'new assign', async (page) => {
    await newRequest(page);
    await page.click('[data-field=assign]');
  }),
  shown('no-mail', 'new without mail', newRequest),
  shown('agent', 'reopen', reopen),
  shown('agent', 'reopen lengths', async (page) => {
    await reopen(page);
    await page.click('[data-field=expires]');
  }),
  shown('outbox', 'outbox edit', (page) => page.locator('[data-part=outbox] button').first().click()),
  shown('agent', 'details hidden', async (page) => {
    await row(page, 'Dana Fox');
    await page.getByRole('radio').last().click();
  }),
  shown('outbox', 'discard', (page) => page.locator('[data-part=outbox] button').last().click()),
  shown('agent', 'palette', (page) => page.keyboard.press('Control+k')),
  shown('agent', 'palette found', async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('an');
    await page.waitForTimeout(300);
  }),
  shown('agent', 'keys', (page) => page.keyboard.press('?')),
  ...['agent', 'links-ours', 'person-chooses', 'portable', 'copied', 'signed-out', 'system-refuses', 'agent&words=long'].map((scenario) =>
    shown(scenario, `settings ${scenario}`, settings),
  ),
  shown('profiles-locked', 'settings profiles locked', settings),
  shown('agent', 'settings new profile', ownProfile),
  shown('agent', 'settings delete profile', async (page) => {
    await settings(page);
    await page.locator('[data-part=profiles] button').last().click();
  }),
  ...['favorites', 'recents', 'discovery', 'address_book'].flatMap((there) => [
    place('agent', `tiles ${there}`, there),
    place('empty', `tiles ${there} empty`, there),
  ]),
  place('signed-out', 'tiles signed-out', 'favorites'),
  place('portable', 'tiles discovery off', 'discovery'),
  place('many-contacts', 'tiles many', 'address_book'),
  place('offline', 'tiles offline', 'address_book'),
  place('offline-empty', 'tiles offline empty', 'address_book'),
  place('error', 'tiles error', 'favorites'),
  place('loading', 'tiles loading', 'favorites'),
  place('agent', 'tiles menu', 'recents', (page) => card(page, 0).click({ button: 'right' })),
  place('agent', 'tiles contact menu', 'address_book', (page) => card(page, 1).click({ button: 'right' })),
  place('agent', 'tiles rename', 'favorites', async (page) => {
    await card(page, 1).click();
    await page.keyboard.press('F2');
  }),
  place('agent', 'tiles remove', 'address_book', async (page) => {
    await card(page, 1).click();
    await page.keyboard.press('Delete');
  }),
  place('agent', 'tiles copied', 'favorites', (page) => card(page, 0).dblclick()),
  place('agent', 'tiles new contact', 'address_book', (page) => page.click('[data-part=new-contact]')),
  place('agent', 'tiles wrong contact', 'address_book', async (page) => {
    await page.click('[data-part=new-contact]');
    await page.keyboard.type('grace');
    await page.keyboard.press('Enter');
  }),
  place('agent', 'tiles found', 'favorites', (page) => page.locator('main [role=searchbox]').fill('a')),
  place('agent', 'tiles nothing found', 'favorites', (page) => page.locator('main [role=searchbox]').fill('nobody')),
  shown('agent', 'settings alias', async (page) => {
    await page.click('[data-part=settings]');
    await page.getByRole('button', { name: /^(Change…|Ändern …)$/ }).click();
  }),
  ...['invited', 'invited-look', 'invited-many', 'sent', 'sent-five', 'sent-over', 'missed'].map((scenario) => shown(scenario, `introduced ${scenario}`)),
  shown('invited', 'introduced changed', async (page) => {
    await page.evaluate(() => {
      Object.assign(globalThis.mock.stage.world.introductions.invitations[0], { revision: 2, permissions: [] });
      globalThis.mock.stage.hint({ kind: 'introductions' });
    });
    await page.locator('[data-revision="2"]').waitFor();
  }),
  shown('invited', 'introduced menu', (page) => page.locator('[data-part=received] [aria-haspopup=menu]').click()),
  place('introduced', 'introduced history', 'recents', (page) => page.locator('.history button').first().click()),
  shown('agent', 'invite', (page) => page.click('[data-part=invite]')),
  shown('agent', 'invite suggestions', async (page) => {
    await page.click('[data-part=invite]');
    await page.locator('[data-field=invite]').fill('a');
    await page.locator('[data-combobox-item]').first().waitFor();
  }),
  shown('agent', 'invite wrong', async (page) => {
    await page.click('[data-part=invite]');
    await page.locator('[data-field=invite]').fill('grace');
    await page.click('[data-part=send-invitation]');
    await page.locator('[role=dialog] [role=alert]').waitFor();
  }),
  shown('sent-five', 'invite refused', async (page) => {
    await page.click('[data-part=invite]');
    await page.locator('[data-field=invite]').fill('905661273');
    await page.click('[data-part=send-invitation]');
    await page.locator('[role=dialog] [role=alert]').waitFor();
  }),
  shown('sent', 'invite edit', (page) => page.locator('[data-part=sent] button').first().click()),
  shown('agent', 'id menu', (page) => page.click('[data-part=own-id]', { button: 'right' })),
  shown('no-namespace', 'settings no namespace', (page) => page.click('[data-part=settings]')),
  shown('signed-out', 'sign in', (page) => page.click('[data-part=sign-in]')),
  ...ACCEPT.map((end) => ({ query: `view=accept&scenario=joined${end}`, size: ACCEPT_WINDOW, name: `accept${end}` })),
  ...POPUPS.map((end) => popup(end, end)),
  popup('-long', ' changed', editedPopup),
  popup('', ' refused', (page) => refusedPopup(page, 'in_a_session')),
  popup('-long', ' unreachable', (page) => refusedPopup(page, 'unreachable')),
  ...CALLS.map((scenario) => ({ query: `view=call&id=${CALL}&scenario=${scenario}`, size: CALL_WINDOW, name: `call ${scenario}` })),
  ...RINGS.map((scenario) => ({ query: `view=ring&id=${RING}&scenario=${scenario}`, size: ACCEPT_WINDOW, name: `ring ${scenario}` })),
  ...HOSTS.map((scenario) => ({ query: `view=host&id=${HOSTED}&scenario=${scenario}`, size: ACCEPT_WINDOW, name: `host ${scenario}` })),
  ...['first-start', 'signed-out', 'agent', 'agent&words=long'].map((scenario) => shown(`${scenario}&ask=links`, `links question ${scenario}`)),
  shown('person-chooses&ask=links', 'links question person-chooses', (page) => page.locator('[data-part=links-question] button').last().click()),
  { query: 'scenario=agent&link=not_called', size: WINDOW, name: 'link not called' },
  { query: 'view=accept&scenario=joined-asked-more', size: ACCEPT_WINDOW, name: 'accept asked-more switches', act: (page) => page.click('summary') },
  { query: `view=session&id=${SESSION}&scenario=asked-more`, size: WINDOW, name: 'session asked-more held', act: (page) => page.click('summary') },
  { query: 'view=accept&scenario=joined-available', size: ACCEPT_WINDOW, name: 'accept profiles', act: (page) => page.click('[data-part=profile]') },
  { query: 'view=accept&scenario=joined-available', size: ACCEPT_WINDOW, name: 'accept not here', act: (page) => page.click('[data-part=not-here] summary') },
  { query: 'view=accept&scenario=joined-connected', size: ACCEPT_WINDOW, name: 'accept files', act: filesOpen },
  { query: 'view=accept&scenario=joined-connected', size: ACCEPT_WINDOW, name: 'accept ended', act: (page) => page.click('[data-part=end]') },
  { query: 'view=accept&scenario=joined-connected', size: ACCEPT_WINDOW, name: 'accept ended there', act: (page) => endedThere(page, 'by_viewer', 'ready') },
  { query: 'view=accept&scenario=joined-connected', size: ACCEPT_WINDOW, name: 'accept ended closed', act: (page) => endedThere(page, 'request_closed', 'closed') },
  { query: 'view=accept&scenario=joined-connected', size: [680, 44], name: 'accept bar', act: collapsed },
  { query: 'view=accept&scenario=joined-connected', size: [680, 44], name: 'accept bar unread', act: writtenTo },
  ...VIEWER.map((scenario) => ({ query: `view=session&id=${SESSION}&scenario=${scenario}`, size: WINDOW, name: `session ${scenario}` })),
  { query: `view=session&id=${SESSION}&scenario=monitors`, size: WINDOW, name: 'session monitors menu', act: (page) => page.click('[data-part=monitors]') },
  { query: `view=session&id=${SESSION}&scenario=no-folder`, size: WINDOW, name: 'session no folder', act: (page) => page.getByRole('radio', { name: /^(Files|Dateien)$/ }).dispatchEvent('click') },
  { query: `view=session&id=${SESSION}&scenario=running`, size: WINDOW, name: 'session no side panel', act: (page) => page.click('[data-part=side-panel]') },
  { query: 'view=assist&assist=told', size: [480, 560], name: 'assist' },
];
