import { describe, expect, it } from 'vitest';
import { DESK, hindrances, PHONE, tooSmall, type Visiting } from './visit.ts';

/** Stories of the manager's desk, told on the demo bank. */
export function describeDesk(visit: Visiting): void {
  describe('a wealth manager’s Monday', () => {
    it('goes down the queue by keys, records a call with one key and Ctrl+Enter, and finds it kept', async () => {
      const { context, page, errors } = await visit(DESK, 'wealth-manager');
      await page.goto('/workbench');
      const rows = page.locator('.queue-row');
      await rows.nth(1).waitFor();
      expect(await page.locator('h1').innerText()).toContain('户逾期');
      expect(await hindrances(page)).toEqual([]);
      const second = await rows.nth(1).innerText();
      await page.keyboard.press('j');
      expect(await page.locator('.queue-at').innerText()).toBe(second);
      await page.locator('.pane').getByRole('button', { name: '登记联系' }).waitFor();
      await page.keyboard.press('c');
      const form = page.getByRole('dialog');
      await form.getByPlaceholder('说了什么').fill('谈到六月到期的存款，打算续作');
      expect(await hindrances(page)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await form.waitFor({ state: 'detached' });
      await page.locator('.contact-note', { hasText: '谈到六月到期的存款' }).waitFor();
      await page.getByText('今天已联系 1 户').waitFor();
      expect(errors).toEqual([]);
      await context.close();
    });

    it('keeps what was written while the connection is lost, and sends it once', async () => {
      const { context, page } = await visit(DESK, 'wealth-manager');
      await page.goto('/workbench');
      await page.locator('.pane').getByRole('button', { name: '登记联系' }).waitFor();
      await page.getByRole('button', { name: '登记联系' }).click();
      const form = page.getByRole('dialog');
      await form.getByPlaceholder('说了什么').fill('断网时写下的记录');
      await context.setOffline(true);
      await form.getByRole('button', { name: '保存' }).click();
      await form.getByText('网络中断').waitFor();
      await context.setOffline(false);
      await form.waitFor({ state: 'detached' });
      await page.locator('.contact-note', { hasText: '断网时写下的记录' }).waitFor();
      expect(await page.locator('.contact-note', { hasText: '断网时写下的记录' }).count()).toBe(1);
      await context.close();
    });

    it('records a call on the phone in three taps, on a page that does not scroll sideways', async () => {
      const { context, page, errors } = await visit(PHONE, 'wealth-manager');
      await page.goto('/workbench');
      await page.locator('.queue-row').first().waitFor();
      expect(await hindrances(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      await page.locator('.queue-row').first().click();
      await page.getByRole('button', { name: '登记联系' }).click();
      expect(await tooSmall(page)).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
      await page.getByText('已登记', { exact: true }).waitFor();
      expect(errors).toEqual([]);
      await context.close();
    });
  });

  it('an outlet head sees who is behind, opens that person’s queue, and finds customers nobody has touched', async () => {
    const { context, page, errors } = await visit(DESK, 'outlet-head');
    await page.goto('/workbench');
    await page.getByRole('columnheader', { name: '逾期（户）' }).waitFor();
    expect(await page.locator('h1').innerText()).toContain('人有待跟进');
    await page.locator('tbody a').first().click();
    await page.locator('.queue-row').first().waitFor();
    expect(await page.locator('h1').innerText()).toContain('的待跟进');
    await page.getByRole('link', { name: '返回团队' }).click();
    await page.getByRole('combobox', { name: '按事由' }).click();
    await page.getByText('长期无人联系').click();
    await page.locator('.queue-row', { hasText: '无人联系' }).first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('a remote manager has a queue to call through', async () => {
    const { context, page } = await visit(DESK, 'remote-manager');
    await page.goto('/workbench');
    await page.locator('.queue-row').first().waitFor();
    const called = new Set<string>();
    for (let call = 0; call < 50; call++) {
      const who = await page.locator('.pane h2').first().innerText();
      expect(called).not.toContain(who);
      called.add(who);
      await page.locator('.pane').getByRole('button', { name: '已联系上' }).and(page.locator(':enabled')).waitFor();
      // One key a result; every fifth does not answer.
      await page.keyboard.press(call % 5 === 4 ? '2' : '1');
      // Who was called leaves their place; the next one stands in it.
      await expect.poll(() => page.locator('.pane h2').first().innerText()).not.toBe(who);
      // After a break one goes on where one stopped.
      if (call === 25) {
        await page.reload();
        await page.locator('.queue-row').first().waitFor();
      }
    }
    await page.getByText('今天已联系 40 户').waitFor();
    // A slip of the key is undone as quickly.
    const slip = await page.locator('.pane h2').first().innerText();
    await page.locator('.pane').getByRole('button', { name: '已联系上' }).and(page.locator(':enabled')).waitFor();
    await page.keyboard.press('1');
    await page.getByText('今天已联系 41 户').waitFor();
    await page.getByRole('button', { name: '撤销' }).last().click();
    await page.getByText('今天已联系 40 户').waitFor();
    await expect.poll(() => page.locator('.pane h2').first().innerText()).toBe(slip);
    await context.close();
  }, 180_000);

  it('a maturity is caught in time: found by its reason, talked over, and off the list', async () => {
    const { context, page, errors } = await visit(DESK, 'lobby-manager');
    await page.goto('/workbench');
    await page.getByRole('combobox', { name: '全部事由' }).click();
    await page.getByText(/^产品到期 \d/).click();
    const rows = page.locator('.queue-row');
    await rows.first().waitFor();
    const before = await rows.count();
    const customer = (await page.locator('.pane h2 .quiet').innerText()).trim();
    await page.getByText('若不跟进：到期资金可能转出').waitFor();
    await rows.first().click();
    await page.keyboard.press('c');
    const form = page.getByRole('dialog');
    await form.getByPlaceholder('说了什么').fill('到期续作三个月');
    await form.getByText('一周后').click();
    await page.keyboard.press('Control+Enter');
    await form.waitFor({ state: 'detached' });
    await expect.poll(() => rows.count()).toBe(before - 1);
    await page.goto(`/customers/${customer}`);
    await page.locator('.contact-note', { hasText: '到期续作三个月' }).waitFor();
    expect(await page.getByText('若不跟进：到期资金可能转出').count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('an advisor prepares a yearly meeting on the customer’s page, and writes down what came of it', async () => {
    const { context, page, errors } = await visit(DESK, 'wealth-advisor');
    await page.goto('/workbench');
    await page.getByRole('link', { name: '打开客户页' }).click();
    for (const title of ['资产与年日均', '持有', '产品结构与客户价值', '同类客户还持有', '客户档案', '联系记录', '管户原因'])
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await page.getByText(/^一年约 /).waitFor();
    await page.getByRole('button', { name: '登记联系' }).click();
    const form = page.getByRole('dialog');
    await form.getByText('面谈', { exact: true }).click();
    await form.getByPlaceholder('说了什么').fill('年度面谈：回顾配置，想为子女留学备美元');
    expect(await hindrances(page)).toEqual([]);
    await form.getByRole('button', { name: '保存' }).click();
    await page.locator('.contact-note', { hasText: '年度面谈' }).waitFor();
    await page
      .getByText(/· 面谈 · 已联系上/)
      .first()
      .waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('the gate says why a product may not be offered, and there is no way past it', async () => {
    const { context, page, errors } = await visit(DESK, 'wealth-manager');
    await page.goto('/workbench');
    await page.getByRole('button', { name: '发消息' }).click();
    const form = page.getByRole('dialog');
    await form.getByText('营销', { exact: true }).click();
    await form.getByRole('combobox').fill('创新成长');
    await page.getByText(/创新成长股票基金 .* R5/).click();
    await form.getByText(/高于客户风险承受能力|风险评估已于|尚未做风险评估/).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await form.getByRole('textbox', { name: '内容' }).fill('新基金发售');
    await form.getByRole('button', { name: '提交' }).click();
    await page.getByText('已被拦截，原因已记录').waitFor();
    await page.goto('/workbench?tab=outreach');
    await page.getByText('新基金发售').waitFor();
    await page
      .getByText(/适当性不符|风险评估到期|未做风险评估/)
      .first()
      .waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('a head opens the week’s meeting and puts the board on the wall', async () => {
    const { context, page, errors } = await visit(DESK, 'outlet-head');
    await page.goto('/meeting');
    await page.getByRole('heading', { name: '各人进度' }).waitFor();
    expect(await page.locator('h1').innerText()).toMatch(/联系客户 [\d,]+ 户/);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '下载 PDF' }).click();
    expect((await download).suggestedFilename()).toMatch(/^例会材料-.*\.pdf$/);
    await page.getByRole('button', { name: '布置跟进' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: '事项' }).fill('会后回访，答复客户');
    expect(await hindrances(page)).toEqual([]);
    await form.getByRole('button', { name: '保存' }).click();
    await page.getByText('已布置').waitFor();
    await page.goto('/board');
    await page.getByText('资产合计').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('columnheader', { name: '名次' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('a head keeps minutes and asks somebody for something, who finds it on the workbench and says it is done', async () => {
    const manager = await visit(DESK, 'wealth-manager');
    const head = await visit(DESK, 'outlet-head');
    await head.page.goto('/meeting');
    await head.page.getByRole('textbox', { name: '纪要内容' }).fill('到期客户逐户联系');
    await head.page.getByRole('button', { name: '添加布置事项' }).click();
    await head.page.getByRole('textbox', { name: '事项' }).fill('把到期名单打一遍');
    const who = head.page.getByRole('combobox', { name: '承办人' });
    const session = await (await manager.context.request.get('/api/session')).json();
    await who.fill(String(session.name));
    await head.page.locator('.ant-select-item-option', { hasText: '理财客户经理' }).first().click();
    expect(await hindrances(head.page)).toEqual([]);
    await head.page.getByRole('button', { name: '记入' }).click();
    await head.page.locator('.action', { hasText: '把到期名单打一遍' }).waitFor();
    await manager.page.goto('/workbench');
    const mine = manager.page.locator('.action', { hasText: '把到期名单打一遍' });
    await mine.getByRole('button', { name: '办完' }).click();
    await manager.page.getByRole('dialog').getByPlaceholder('办理情况').fill('打了 31 户');
    await manager.page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
    await mine.waitFor({ state: 'detached' });
    await head.page.reload();
    await head.page.locator('.action', { hasText: '打了 31 户' }).waitFor();
    expect([...head.errors, ...manager.errors]).toEqual([]);
    await manager.context.close();
    await head.context.close();
  });

  it('the head office changes a rule, hears what it would bring about, and puts it in force', async () => {
    const { context, page, errors } = await visit(DESK, 'branch-admin', 'head-office');
    await page.goto('/workbench?tab=rules');
    await page.getByText(/第 1 版/).waitFor();
    await page.getByRole('button', { name: '更换跟进规则' }).click();
    const form = page.getByRole('dialog');
    const text = form.getByRole('textbox', { name: '规则全文' });
    const shipped = await text.inputValue();
    await text.fill(shipped.replace('percent: 30, days: 30', 'percent: 300, days: 30'));
    await form.getByRole('button', { name: '检查并试算' }).click();
    await form.getByText(/跟进规则有误：第 26 行/).waitFor();
    expect(await form.getByRole('button', { name: '启用' }).isDisabled()).toBe(true);
    await text.fill(shipped.replace('percent: 30, days: 30', 'percent: 25, days: 30'));
    await form.getByRole('button', { name: '检查并试算' }).click();
    await form.getByText(/启用当日产生 [\d,]+ 项；此后一周 [\d,]+ 项，[\d,]+ 人/).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await form.getByRole('button', { name: '启用' }).click();
    await form.waitFor({ state: 'detached' });
    await page
      .getByText(/第 2 版/)
      .first()
      .waitFor();
    expect(errors.filter((text) => !text.includes('422'))).toEqual([]);
    await context.close();
  });

  it('agrees a time with a customer, is told of a clash, and finds both in the week', async () => {
    const { context, page, errors } = await visit(DESK, 'wealth-manager');
    await page.goto('/workbench');
    for (const words of ['谈续作', '谈保险']) {
      await page.getByRole('button', { name: '约时间' }).click();
      const form = page.getByRole('dialog');
      await form.getByRole('textbox', { name: '事由' }).fill(words);
      expect(await hindrances(page)).toEqual([]);
      await form.getByRole('button', { name: '保存' }).click();
      if (words === '谈保险') {
        await form.getByText(/已有预约，时间重叠/).waitFor();
        await form.getByRole('button', { name: '仍然预约' }).click();
      }
      await page.locator('.appointment', { hasText: words }).waitFor();
    }
    await page.goto('/calendar?view=week');
    await page.locator('.calendar-day').nth(6).waitFor();
    // Tomorrow may be next week's Monday.
    if ((await page.locator('.appointment').count()) === 0) await page.keyboard.press('ArrowRight');
    await page.locator('.appointment', { hasText: '谈续作' }).waitFor();
    await page.locator('.appointment', { hasText: '谈保险' }).getByRole('button', { name: '取消预约' }).click();
    await page.getByRole('dialog').getByPlaceholder('原因').fill('客户改期另约');
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
    await page.locator('.appointment', { hasText: '谈保险' }).waitFor({ state: 'detached' });
    expect(errors.filter((text) => !text.includes('409'))).toEqual([]);
    await context.close();
  });

  it('goes a round of visits: chooses somebody on the map, agrees the hour, and finds the way numbered', async () => {
    const { context, page, errors } = await visit(DESK, 'wealth-manager');
    const on = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    await page.goto(`/calendar?view=visits&on=${on}`);
    await page.getByRole('heading', { name: '可以这样走一圈' }).waitFor();
    expect(await page.locator('h1').innerText()).toContain('没有上门预约');
    expect(await page.locator('.visit-ground .visit-near').first().innerText()).toBe('A');
    const [first] = await page.locator('.visit').allInnerTexts();
    await page
      .getByRole('button', { name: /^约 .* 上门$/ })
      .first()
      .click();
    const form = page.getByRole('dialog');
    expect(await form.getByRole('radio', { name: '上门' }).isChecked()).toBe(true);
    await form.getByRole('button', { name: '保存' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: '上门路线' }).waitFor();
    expect(await page.locator('h1').innerText()).toContain('1 处上门');
    const name =
      first
        ?.split('\n')
        .find((line) => line.includes('*'))
        ?.split(' ')[0] ?? 'nobody';
    const [stop] = await page.locator('.visit').allInnerTexts();
    // By the bank’s clock, wherever the browser is.
    for (const said of [name, '10:00–10:30']) expect(stop).toContain(said);
    expect(await page.locator('.visit-ground .visit-stop').innerText()).toBe('1');
    expect(await hindrances(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    expect(await hindrances(page)).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('a manager writes a sale down, asks to take it off, and the head who has no part in it agrees', async () => {
    const manager = await visit(DESK, 'wealth-manager');
    await manager.page.goto('/workbench');
    await manager.page.getByRole('button', { name: '登记销售' }).click();
    const form = manager.page.getByRole('dialog');
    await form.getByRole('combobox').fill('纯债');
    await manager.page.getByText(/纯债基金/).click();
    await form.getByRole('spinbutton', { name: '金额（元）' }).fill('12345.67');
    expect(await hindrances(manager.page)).toEqual([]);
    await form.getByRole('button', { name: '保存' }).click();
    await manager.page.getByText('已登记', { exact: true }).waitFor();
    const month = await manager.page.evaluate('new Date().toISOString().slice(0, 7)');
    await manager.page.goto(`/ledgers?tab=sales&month=${month}`);
    await manager.page.getByText('¥12,345.67').waitFor();
    await manager.page.getByRole('button', { name: '更正归属' }).click();
    const asked = manager.page.getByRole('dialog');
    await asked.getByRole('checkbox', { name: '冲销整笔' }).check();
    await asked.getByRole('textbox', { name: '理由' }).fill('客户当日撤单');
    expect(await hindrances(manager.page)).toEqual([]);
    await asked.getByRole('button', { name: '提交' }).click();
    await manager.page.getByText('待审核更正').waitFor();
    const head = await visit(DESK, 'outlet-head');
    await head.page.goto('/ledgers?tab=corrections');
    await head.page.getByText('客户当日撤单').waitFor();
    await head.page.getByRole('button', { name: '同意' }).click();
    await head.page.getByText('已同意').waitFor();
    await manager.page.reload();
    await manager.page.getByText('还没有销售登记').waitFor();
    await manager.page.getByRole('checkbox', { name: '含已更正、已冲销' }).check();
    await manager.page.getByText('已冲销', { exact: true }).waitFor();
    expect([...manager.errors, ...head.errors]).toEqual([]);
    await manager.context.close();
    await head.context.close();
  });

  it('a head sets one part of the month’s plan by hand, sees the rest balance, and puts it in force', async () => {
    const { context, page, errors } = await visit(DESK, 'outlet-head');
    await page.goto('/plans?metric=talks');
    await page.getByRole('button', { name: '调整计划' }).click();
    const form = page.getByRole('dialog');
    const parts = form.locator('.plan-parts').getByRole('spinbutton');
    await parts.first().waitFor();
    const values = async () =>
      (await parts.all()).reduce(async (sum, one) => (await sum) + Number(await one.inputValue()), Promise.resolve(0));
    const target = await values();
    const second = await parts.nth(1).inputValue();
    await parts.first().fill('40');
    await expect.poll(() => parts.nth(1).inputValue()).not.toBe(second);
    expect(await values()).toBe(target);
    expect(await hindrances(page)).toEqual([]);
    await form.getByRole('button', { name: '下达' }).click();
    await page.getByText('手工', { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });
}
