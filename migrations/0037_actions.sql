-- 会议布置: what a meeting asks somebody of the unit to do by a day. What is to be done with a customer is a task of its own.
create table meetings.action (
  action_id text primary key,
  minutes_id text not null references meetings.minutes,
  unit_id text not null,
  unit_no integer not null,
  staff_id text not null,
  words text not null,
  due_on date not null,
  made_by text not null,
  made_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'done', 'dropped')),
  ended_by text,
  ended_at timestamptz,
  ended_words text,
  check ((state = 'open') = (ended_at is null))
);
create index action_of_staff on meetings.action (staff_id, due_on) where state = 'open';
create index action_of_unit on meetings.action (unit_id, due_on);
insert into platform.table_place values ('meetings.action', 'local');
grant select on meetings.action to guanhu_app;
grant select, insert, update on meetings.action to guanhu_worker;
select platform.classify('meetings.action', 'ledger', 'action_id none none 事项编号; minutes_id none none 纪要编号; unit_id none none 机构; unit_no none none 机构序号;
  staff_id C1 none 承办人; words C2 none 事项; due_on none none 应办日期; made_by C1 none 布置人; made_at C1 none 布置时间; state none none 状态; ended_by C1 none 了结人;
  ended_at C1 none 了结时间; ended_words C2 none 了结说明');
comment on table meetings.action is '会议布置的事项';
