create schema ledgers;
-- 台账: what was sold to whom by whom, and to whom it counts. A row never changes: another version replaces it, or it is reversed, and both
-- stay to be read. Shares are basis points of the amount and add up to all of it.
create table ledgers.sale (
  customer_id text not null,
  sale_id text not null,
  version integer not null,
  product_code text not null,
  amount_fen bigint not null check (amount_fen >= 0),
  on_date date not null,
  -- Who sold, and the unit of theirs.
  staff_id text collate "C" not null,
  unit_no integer not null,
  -- Who raised the customer, who claimed them, and who covered them on that day.
  referrer text collate "C",
  claimer text collate "C",
  coverer text collate "C",
  seller_bp integer not null check (seller_bp between 0 and 10000),
  referrer_bp integer not null check (referrer_bp between 0 and 10000 and (referrer is not null or referrer_bp = 0)),
  claimer_bp integer not null check (claimer_bp between 0 and 10000 and (claimer is not null or claimer_bp = 0)),
  coverer_bp integer not null check (coverer_bp between 0 and 10000 and (coverer is not null or coverer_bp = 0)),
  -- The same in fen: the parts add up to the amount.
  seller_fen bigint not null check (seller_fen >= 0),
  referrer_fen bigint not null check (referrer_fen >= 0),
  claimer_fen bigint not null check (claimer_fen >= 0),
  coverer_fen bigint not null check (coverer_fen >= 0),
  words text not null,
  source text not null check (source in ('feed', 'own', 'correction')),
  -- The file that it came with; a correction keeps the one of what it corrects.
  import_id text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  state text not null check (state in ('stands', 'replaced', 'reversed', 'undone')),
  -- A correction of it waits: told to everybody who has a part in it.
  waiting boolean not null default false,
  ended_by text,
  ended_at timestamptz,
  primary key (customer_id, sale_id, version),
  check (seller_bp + referrer_bp + claimer_bp + coverer_bp = 10000),
  constraint sale_parts check (seller_fen + referrer_fen + claimer_fen + coverer_fen = amount_fen),
  check (source <> 'feed' or import_id is not null),
  check ((state = 'stands') = (ended_at is null))
);
create unique index sale_stands on ledgers.sale (customer_id, sale_id) where state = 'stands';
create index sale_unit on ledgers.sale (unit_no, on_date) where state = 'stands';
create index sale_staff on ledgers.sale (staff_id, on_date) where state = 'stands';
create index sale_referrer on ledgers.sale (referrer, on_date) where state = 'stands' and referrer_bp > 0;
create index sale_claimer on ledgers.sale (claimer, on_date) where state = 'stands' and claimer_bp > 0;
create index sale_coverer on ledgers.sale (coverer, on_date) where state = 'stands';
create index sale_import on ledgers.sale (import_id) where import_id is not null;

-- Rows of a sales file on their way in.
create unlogged table ledgers.stage_sale (
  work text not null,
  customer_id text not null,
  sale_id text not null,
  product_code text not null,
  amount_fen bigint not null,
  on_date date not null,
  staff_id text not null
);
create index stage_sale_work on ledgers.stage_sale (work, customer_id);

-- A correction asks that a sale count for others, or not at all. Nobody agrees to their own.
create table ledgers.correction (
  customer_id text not null,
  correction_id text not null,
  sale_id text not null,
  version integer not null,
  unit_no integer not null,
  reverse boolean not null,
  seller_bp integer not null,
  referrer_bp integer not null,
  claimer_bp integer not null,
  coverer_bp integer not null,
  words text not null,
  state text not null check (state in ('asked', 'agreed', 'refused', 'withdrawn')),
  asked_by text not null,
  asked_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text not null default '',
  primary key (customer_id, correction_id),
  check ((state = 'asked') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  constraint correction_two_people check (state not in ('agreed', 'refused') or decided_by <> asked_by)
);
create unique index correction_open on ledgers.correction (customer_id, sale_id) where state = 'asked';
create index correction_list on ledgers.correction (unit_no, asked_at desc);

-- 工作日志: one's own words of a day, beside what was recorded of it anyway.
create table ledgers.log_words (
  entry_id text primary key,
  staff_id text collate "C" not null,
  unit_no integer not null,
  on_date date not null,
  kind text not null check (kind in ('suggestion', 'reflection', 'memo')),
  words text not null,
  recorded_at timestamptz not null,
  reversed_at timestamptz
);
create index log_words_day on ledgers.log_words (staff_id, on_date);
create index log_words_unit on ledgers.log_words (unit_no, on_date);

alter table ledgers.sale enable row level security; alter table ledgers.sale force row level security;
alter table ledgers.correction enable row level security; alter table ledgers.correction force row level security;
alter table ledgers.log_words enable row level security; alter table ledgers.log_words force row level security;
create policy scope on ledgers.sale for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       when referrer = nullif(current_setting('app.staff', true), '') then true
       when claimer = nullif(current_setting('app.staff', true), '') then true
       when coverer = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy one_customer on ledgers.sale for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''));
create policy scope on ledgers.correction for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when asked_by = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy scope on ledgers.log_words for select to guanhu_app using (
  case when unit_no between nullif(current_setting('app.lo', true), '')::int and nullif(current_setting('app.hi', true), '')::int then true
       when staff_id = nullif(current_setting('app.staff', true), '') then true
       else false end);
create policy load on ledgers.sale to guanhu_worker using (true) with check (true);
create policy load on ledgers.correction to guanhu_worker using (true) with check (true);
create policy load on ledgers.log_words to guanhu_worker using (true) with check (true);
insert into platform.table_place values ('ledgers.sale', 'customer'), ('ledgers.stage_sale', 'customer'), ('ledgers.correction', 'customer'), ('ledgers.log_words', 'local');
grant usage on schema ledgers to guanhu_app, guanhu_worker;
grant select on ledgers.sale, ledgers.correction, ledgers.log_words to guanhu_app;
grant select, insert, update on ledgers.sale, ledgers.correction, ledgers.log_words to guanhu_worker;
grant select, insert, delete on ledgers.stage_sale to guanhu_worker;

alter table disclosure.export drop constraint export_kind_check;
alter table disclosure.export add constraint export_kind_check check (kind in ('portfolio', 'portfolio-on', 'run', 'handover', 'group',
  'follow-ups', 'work-log', 'vip-overview', 'customer-register', 'sales'));

select platform.classify('ledgers.sale', 'ledger', 'customer_id C1 none 客户号; sale_id none none 销售编号; version none none 版本; product_code C2 none 产品代码;
  amount_fen C2 none 销售金额（分）; on_date C1 none 销售日期; staff_id C1 none 销售人; unit_no none none 机构序号; referrer C1 none 推荐人; claimer C1 none 认领人;
  coverer C1 none 当日管户人; seller_bp none none 销售人份额（万分之一）; referrer_bp none none 推荐人份额（万分之一）; claimer_bp none none 认领人份额（万分之一）;
  coverer_bp none none 管户人份额（万分之一）; seller_fen C2 none 计入销售人（分）; referrer_fen C2 none 计入推荐人（分）; claimer_fen C2 none 计入认领人（分）;
  coverer_fen C2 none 计入管户人（分）; words C2 none 备注; source none none 来源; import_id none none 导入编号; recorded_by C1 none 登记人;
  recorded_at C1 none 登记时间; state none none 状态; waiting none none 有待审核的更正; ended_by C1 none 了结人; ended_at C1 none 了结时间');
select platform.classify('ledgers.stage_sale', 'staging', 'work none none 批次; customer_id C1 none 客户号; sale_id none none 销售编号; product_code C2 none 产品代码;
  amount_fen C2 none 销售金额（分）; on_date C1 none 销售日期; staff_id C1 none 销售人');
select platform.classify('ledgers.correction', 'ledger', 'customer_id C1 none 客户号; correction_id none none 更正编号; sale_id none none 销售编号; version none none 版本;
  unit_no none none 机构序号; reverse none none 是否冲销; seller_bp none none 销售人份额（万分之一）; referrer_bp none none 推荐人份额（万分之一）;
  claimer_bp none none 认领人份额（万分之一）; coverer_bp none none 管户人份额（万分之一）; words C2 none 更正理由; state none none 状态; asked_by C1 none 申请人;
  asked_at C1 none 申请时间; decided_by C1 none 审核人; decided_at C1 none 审核时间; note C2 none 审核意见');
select platform.classify('ledgers.log_words', 'ledger', 'entry_id none none 记录编号; staff_id C1 none 登记人; unit_no none none 机构序号; on_date C1 none 日期;
  kind none none 类别; words C2 none 内容; recorded_at C1 none 登记时间; reversed_at C1 none 撤销时间');
comment on table ledgers.sale is '销售台账';
comment on table ledgers.stage_sale is '销售文件暂存';
comment on table ledgers.correction is '销售归属更正';
comment on table ledgers.log_words is '工作日志';

-- Contacts that came with a file: a corrected row reverses the one before; taking the file back gives it back.
alter table engagement.contact add column feed_id text;
alter table engagement.contact add column import_id text;
alter table engagement.contact add column reversed_import text;
create index contact_import on engagement.contact (import_id) where import_id is not null;
create index contact_reversed_import on engagement.contact (reversed_import) where reversed_import is not null;
create unlogged table engagement.stage_contact (
  work text not null,
  customer_id text not null,
  feed_id text not null,
  staff_id text not null,
  channel text not null,
  outcome text not null,
  on_date date not null,
  at timestamptz not null,
  note text not null
);
create index stage_contact_work on engagement.stage_contact (work, customer_id);
insert into platform.table_place values ('engagement.stage_contact', 'customer');
grant select, insert, delete on engagement.stage_contact to guanhu_worker;
select platform.classify('engagement.contact', 'ledger', 'feed_id none none 报送编号; import_id none none 导入编号; reversed_import none none 冲正的导入编号');
select platform.classify('engagement.stage_contact', 'staging', 'work none none 批次; customer_id C1 none 客户号; feed_id none none 报送编号; staff_id C1 none 联系人;
  channel C1 none 联系方式; outcome C1 none 结果; on_date C1 none 联系日期; at C1 none 联系时间; note C2 none 沟通记录');
comment on table engagement.stage_contact is '联系记录文件暂存';

-- Rows go with their unit when units are numbered anew.
grant update (unit_no) on platform.deputy to guanhu_worker;
grant select (lo, hi), update (lo, hi) on disclosure.export to guanhu_worker;
