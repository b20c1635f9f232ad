-- What every column holds, said in the schema itself: how sensitive it is (JR/T 0171: C3, C2, C1, or none), how it is masked, how long
-- it is kept, and what it is. One form for all: `C2 | mask:name | keep:customer | 客户姓名`. A test refuses a column without it;
-- docs/data-classes.md is made from it, and so are the labels of what a person is told that the bank holds of them.
create function platform.classify(table_ text, keep_ text, columns_ text) returns void language plpgsql set search_path = pg_catalog as $$
declare
  line text;
  part text[];
begin
  foreach line in array regexp_split_to_array(columns_, ';\s*') loop
    part := regexp_match(line, '^(\S+) (C3|C2|C1|none) (\S+) (.+)$');
    if part is null then raise exception '% is no "column class mask words"', line; end if;
    execute format('comment on column %s.%I is %L', table_::regclass, part[1],
      format('%s | mask:%s | keep:%s | %s', part[2], part[3], keep_, part[4]));
  end loop;
end $$;
-- Columns of a table that are called as in another one hold the same, kept as long as is said here.
create function platform.classify_like(table_ text, model_ text, keep_ text) returns void language plpgsql set search_path = pg_catalog as $$
declare c record;
begin
  for c in select a.attname, col_description(m.attrelid, m.attnum) as words from pg_attribute a
      join pg_attribute m on m.attname = a.attname and m.attrelid = model_::regclass and m.attnum > 0
     where a.attrelid = table_::regclass and a.attnum > 0 and not a.attisdropped loop
    execute format('comment on column %s.%I is %L', table_::regclass, c.attname, regexp_replace(c.words, 'keep:\S+', 'keep:' || keep_));
  end loop;
end $$;
revoke execute on function platform.classify(text, text, text), platform.classify_like(text, text, text) from public;

select platform.classify('customers.customer', 'customer', 'customer_id C1 none 客户号; name C2 name 姓名; pinyin C2 name 姓名拼音; initials C2 name 姓名首字母;
  id_type C2 none 证件类型; id_number_sealed C2 id 证件号码（加密）; id_key C2 never 证件号码的查找摘要; mobile_sealed C2 mobile 手机号（加密）;
  mobile_key C2 never 手机号的查找摘要; mobile_last4 C2 none 手机号后四位; birth_date C2 birth 出生日期; gender C2 none 性别; occupation C2 none 职业;
  industry C2 none 行业; district C1 none 所在区县; longitude C2 never 住址经度; latitude C2 never 住址纬度; address_sealed C2 address 地址（加密）;
  risk_level C2 none 风险等级; risk_expires_on C1 none 风险评估到期日; opened_on C1 none 开户日; closed_on C1 none 销户日; merged_into C1 none 并入的客户号;
  consent_phone C1 none 同意电话联系; consent_sms C1 none 同意短信联系; consent_wecom C1 none 同意企业微信联系; household_id C2 none 家庭编号');
select platform.classify('coverage.card', 'customer', 'customer_id C1 none 客户号; name C2 name 姓名; pinyin C2 name 姓名拼音; initials C2 name 姓名首字母;
  mobile_last4 C2 none 手机号后四位; mobile_key C2 never 手机号的查找摘要; id_key C2 never 证件号码的查找摘要; branch_id C1 none 分行; outlet_id C1 none 归属网点;
  unit_no none none 机构序号; lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理');
select platform.classify('coverage.standing', 'customer', 'customer_id C1 none 客户号; branch_id C1 none 分行; outlet_id C1 none 归属网点; unit_no none none 机构序号;
  lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理; assets_fen C2 none 资产（分）; tier C2 none 资产层级; has_loan C2 none 是否有贷款;
  band C2 none 分户级别; band_since C1 none 级别起日; below_since C1 none 低于级别起日');
select platform.classify('coverage.by_staff', 'customer', 'customer_id C1 none 客户号; seat C1 none 席位; staff_id C1 none 客户经理; unit_no none none 机构序号;
  assets_fen C2 none 资产（分）');
select platform.classify('coverage.band_history', 'ledger', 'customer_id C1 none 客户号; since C1 none 起日; until C1 none 止日（不含）; band C2 none 分户级别;
  scheme_id none none 方案');
select platform.classify('coverage.risk_history', 'ledger', 'customer_id C1 none 客户号; since C1 none 流失风险起日; until C1 none 流失风险止日（不含）');
select platform.classify('coverage.carried_grace', 'ledger', 'customer_id C1 none 客户号; band C2 none 保留的分户级别; below_since C1 none 低于级别起日');
select platform.classify('coverage.assignment', 'ledger', 'customer_id C1 none 客户号; seat C1 none 席位; staff_id C1 none 客户经理; portfolio none none 管户包;
  band C2 none 分户级别; from_date C1 none 起日; to_date C1 none 止日（不含）; run_id none none 分户编号; reason C1 none 安排原因; ended_reason C1 none 结束原因');
select platform.classify('coverage.decision', 'ledger', 'customer_id C1 none 客户号; run_id none none 分户编号; seat C1 none 席位; pool_no none none 分户池;
  band C2 none 分户级别; before_staff C1 none 原客户经理; staff_id C1 none 分给的客户经理; reason C1 none 原因; runner_up C1 none 次选客户经理;
  average_fen C2 none 年日均（分）; has_loan C2 none 是否有贷款; branch_id C1 none 分行; outlet_id C1 none 归属网点; unit_no none none 机构序号;
  lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理');
select platform.classify('coverage.raised_by', 'ledger', 'customer_id C1 none 客户号; raised_id none none 记录编号; staff_id C1 none 拓展人; how C1 none 方式;
  on_date C1 none 日期; recorded_by C1 none 记录人; recorded_at C1 none 记录时间');
select platform.classify('coverage.transfer', 'ledger', 'customer_id C1 none 客户号; transfer_id none none 调户编号; seat C1 none 席位; from_staff C1 none 调出人;
  to_staff C1 none 调入人; state C1 none 状态; portfolio none none 管户包; band C2 none 分户级别; reason C1 none 原因; words C2 none 说明; evidence C2 none 依据;
  requested_by C1 none 申请人; requested_at C1 none 申请时间; decided_by C1 none 审批人; decided_at C1 none 审批时间; note C2 none 审批意见;
  effective_from C1 none 生效日; unit_no none none 机构序号; lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理; wanted_on C1 none 约定生效日;
  carried_at C1 none 执行时间; failure C1 none 未能生效的原因; batch_id none none 批次编号');
select platform.classify('coverage.transfer_batch', 'ledger', 'batch_id none none 批次编号; file_name none none 文件名; state none none 状态; items none none 笔数;
  lo none none 最小机构序号; hi none none 最大机构序号; requested_by C1 none 申请人; requested_at none none 申请时间; decided_by C1 none 审批人;
  decided_at none none 审批时间; note none none 审批意见');
select platform.classify('coverage.handover_item', 'ledger', 'customer_id C1 none 客户号; handover_id none none 交接编号; seat C1 none 席位; band C2 none 分户级别;
  assets_fen C2 none 资产（分）; from_portfolio none none 原管户包; to_staff C1 none 接收人; to_portfolio none none 新管户包; often C1 none 近期是否多次交接;
  outcome C1 none 结果; unit_no none none 机构序号; lead_staff C1 none 主办客户经理; joint_staff C1 none 协办客户经理');
select platform.classify('coverage.handover', 'staff', 'handover_id none none 交接编号; staff_id C1 none 交出人; kind C1 none 类别; on_date C1 none 离岗日;
  back_on C1 none 返岗日; words C1 none 说明; state none none 状态; unit_id none none 机构; unit_no none none 机构序号; successors C1 none 接收人;
  often_words C1 none 多次交接的说明; started_by C1 none 发起人; started_at none none 发起时间; split_by C1 none 分配人; split_at none none 分配时间;
  giver_signed_by C1 none 交出方签署人; giver_signed_at none none 交出方签署时间; decided_by C1 none 审批人; decided_at none none 审批时间;
  effective_from none none 生效日; returned_by C1 none 返还人; returned_at none none 返还时间');
select platform.classify('coverage.handover_signature', 'staff', 'handover_id none none 交接编号; staff_id C1 none 签署人; signed_at none none 签署时间');
select platform.classify('coverage.list_index', 'setting', 'name none none 索引; definition none none 定义');
select platform.classify('coverage.lock_period', 'setting', 'lock_id none none 锁包期编号; name none none 名称; from_date none none 起日; to_date none none 止日;
  set_by C1 none 设定人; set_at none none 设定时间; lifted_by C1 none 解除人; lifted_at none none 解除时间; lift_asked_by C1 none 申请解除人;
  lift_asked_at none none 申请解除时间; lift_words none none 申请解除的原因');
select platform.classify('coverage.portfolio', 'staff', 'staff_id C1 none 客户经理; portfolio none none 管户包; customers none none 客户数; cap none none 上限');
select platform.classify('coverage.run', 'ledger', 'run_id none none 分户编号; kind none none 类别; scheme_id none none 方案; business_date none none 业务日期;
  effective_from none none 生效日; move_budget none none 变动上限; state none none 状态; input_digest none none 输入摘要; digest none none 结果摘要; basis none none 依据;
  totals none none 合计; roster C1 none 参与分户的员工; progress none none 进度; created_by C1 none 发起人; created_at none none 发起时间; applied_by C1 none 生效人;
  applied_at none none 生效时间');
select platform.classify('coverage.run_pool', 'ledger', 'run_id none none 分户编号; pool_no none none 分户池; unit_id none none 机构; unit_no none none 机构序号;
  band none none 分户级别; seat none none 席位; portfolio none none 管户包; customers none none 客户数; covered none none 已安排数; uncovered none none 待安排数;
  kept none none 保持数; moved none none 变动数; fresh none none 新安排数; staff_needed none none 尚缺人数; over_initial none none 是否超过首次上限;
  staff C1 none 员工与客户数; applied_at none none 生效时间');
select platform.classify('coverage.scheme', 'setting', 'scheme_id none none 方案编号; name none none 方案名; version none none 版本; title_zh none none 中文标题;
  title_en none none 英文标题; source none none 方案原文; digest none none 摘要; state none none 状态; created_by C1 none 保存人; created_at none none 保存时间;
  activated_on none none 启用日');
select platform.classify('coverage.scheme_band', 'setting', 'scheme_id none none 方案编号; band none none 级别序号; id none none 级别');
select platform.classify('coverage.unit_count', 'setting', 'unit_id none none 机构; unit_no none none 机构序号; band none none 级别; tier none none 层级;
  customers none none 客户数; covered none none 有人管户数; at_risk none none 流失风险数; assets_fen none none 资产合计（分）; covered_assets_fen none none 有人管户资产（分）');
select platform.classify('coverage.stage_change', 'staging', 'customer_id C1 none 客户号; work none none 处理编号; band C2 none 分户级别; band_since C1 none 级别起日;
  below_since C1 none 低于级别起日; was_band C2 none 原级别; was_band_since C1 none 原级别起日; was_below_since C1 none 原低于级别起日');
select platform.classify_like('coverage.stage_decision', 'coverage.decision', 'staging');
select platform.classify_like('coverage.stage_taken', 'coverage.assignment', 'staging');
select platform.classify('coverage.stage_taken', 'staging', 'work none none 处理编号');

select platform.classify('closing.balance', 'ledger', 'customer_id C1 none 客户号; from_date C1 none 起日; assets_fen C2 none 资产（分）; home_outlet C1 none 归属网点;
  has_loan C2 none 是否有贷款; cum_before C2 none 此前累计（分·日）; year_cum C2 none 年初累计（分·日）; runner_up_outlet C1 none 次多网点;
  home_fen C2 none 归属网点资产（分）; runner_up_fen C2 none 次多网点资产（分）; home_held C1 none 归属保持');
select platform.classify_like('closing.segment', 'closing.balance', 'ledger');
select platform.classify('closing.segment', 'ledger', 'to_date C1 none 止日（不含）');
select platform.classify('closing.position', 'ledger', 'customer_id C1 none 客户号; outlet_id C1 none 网点; product_code C2 none 产品; balance_fen C2 none 余额（分）;
  matures_on C2 none 到期日; since C1 none 起日');
select platform.classify('closing.merged', 'ledger', 'customer_id C1 none 客户号; into_id C1 none 并入的客户号');
select platform.classify('closing.product', 'setting', 'code none none 产品代码; category none none 类别');
select platform.classify('closing.day', 'ledger', 'business_date none none 业务日期; import_id none none 报送编号; closed_at none none 日终时间; input_digest none none 输入摘要;
  chain none none 链摘要; digest none none 结果摘要; customers none none 客户数; positions none none 持仓数; changed_customers none none 变动客户数;
  changed_positions none none 变动持仓数; totals none none 合计');
select platform.classify_like('closing.stage_customer', 'closing.balance', 'staging');
select platform.classify_like('closing.stage_position', 'closing.position', 'staging');
select platform.classify('closing.stage_position', 'staging', 'business_date C1 none 业务日期');
select platform.classify_like('closing.stage_total', 'closing.balance', 'staging');
select platform.classify('closing.stage_total', 'staging', 'business_date C1 none 业务日期; fallback_outlet C1 none 备选网点');
select platform.classify_like('verify.position', 'closing.position', 'staging');
select platform.classify_like('verify.stretch', 'closing.segment', 'staging');
select platform.classify_like('customers.stage_customer', 'customers.customer', 'staging');
select platform.classify('customers.stage_customer', 'staging', 'import_id none none 报送编号; line none none 行号');

select platform.classify('feed.import', 'file', 'import_id none none 报送编号; seq none none 序号; feed none none 数据种类; file_name none none 文件名; sha256 none none 文件摘要;
  bytes none none 字节数; business_date none none 业务日期; revision none none 版次; delta none none 是否增量; state none none 状态; rows none none 行数; rejected none none 未收行数;
  held none none 暂存行数; totals none none 合计; effect none none 影响; progress none none 进度; problems C2 never 问题（含坏单元格样例）; unknown_columns none none 未识别的列;
  present_columns none none 出现的列; headers none none 表头; options none none 选项; sent_by C1 none 报送人; sent_at none none 报送时间; decided_at none none 处理时间;
  accept_no none none 入库序号; undone_by C1 none 撤回人; undone_at none none 撤回时间');
select platform.classify('feed.held', 'customer', 'import_id none none 报送编号; customer_id C1 none 客户号; rows C1 none 暂存行数; balance_fen C2 none 余额（分）;
  taken_at C1 none 入账时间');
select platform.classify('disclosure.export', 'audit', 'export_id none none 导出编号; kind none none 类别; subject C1 none 导出对象; unit_id none none 机构; purpose none none 用途;
  words C1 none 说明; rows_counted none none 估计行数; needs_approval none none 是否须审批; state none none 状态; requested_by C1 none 申请人; requested_at none none 申请时间;
  lo none none 最小机构序号; hi none none 最大机构序号; decided_by C1 none 审批人; decided_at none none 审批时间; note C1 none 审批意见; expires_at none none 失效时间;
  taken_at none none 取走时间; rows_written none none 写出行数; digest none none 文件摘要');
select platform.classify('disclosure.setting', 'setting', 'only_one none none 唯一行; export_rows_a_day none none 每人每天可导出行数');
select platform.classify('disclosure.usage', 'session', 'staff_id C1 none 员工; kind none none 类别; since none none 起始时间; role none none 角色; used none none 次数');
select platform.classify('audit.entry', 'audit', 'entry_id none none 记录编号; epoch none none 纪元; xid none none 事务号; at C1 none 时间; actor C1 none 操作人;
  on_behalf_of C1 none 代谁操作; role C1 none 角色; unit_no none none 机构序号; request_id none none 请求编号; origin C1 none 来源地址; kind C1 none 事项; subject C1 none 对象;
  customer_id C1 none 客户号; purpose C1 none 用途; body C1 none 详情（不含个人信息的值）');
select platform.classify('audit.seal', 'audit', 'seal_no none none 封印号; epoch none none 纪元; seen none none 快照; entries none none 条数; total_entries none none 累计条数;
  first_at none none 最早时间; last_at none none 最晚时间; leaves none none 逐条摘要; prev none none 前一封印; chain none none 链摘要; sealed_at none none 封印时间');
select platform.classify('audit.retired', 'audit', 'month none none 月份; entries none none 条数; digest none none 文件摘要; retired_at none none 移出时间');

select platform.classify('organisation.org_unit', 'setting', 'id none none 机构号; name none none 名称; level none none 层级; parent_id none none 上级; district none none 区县;
  longitude none none 经度; latitude none none 纬度; unit_no none none 机构序号; last_no none none 末级序号; branch_id none none 分行; sub_branch_id none none 支行;
  closed_on none none 撤销日; merged_into none none 并入的机构; heir_id none none 承接的机构');
select platform.classify_like('organisation.unit_history', 'organisation.org_unit', 'setting');
select platform.classify('organisation.unit_history', 'setting', 'from_date none none 起日; to_date none none 止日（不含）');
select platform.classify_like('organisation.stage_org_unit', 'organisation.org_unit', 'staging');
select platform.classify('organisation.stage_org_unit', 'staging', 'import_id none none 报送编号; line none none 行号');
select platform.classify('organisation.staff', 'staff', 'id C1 none 员工号; name C1 none 姓名; pinyin C1 none 姓名拼音; initials C1 none 姓名首字母; org_unit_id C1 none 机构;
  role C1 none 角色; grade C1 none 职级; share_bp C1 none 工时占比（万分之一）; hired_on C1 none 入职日; left_on C1 none 离职日');
select platform.classify_like('organisation.post_history', 'organisation.staff', 'staff');
select platform.classify('organisation.post_history', 'staff', 'staff_id C1 none 员工号; from_date C1 none 起日; to_date C1 none 止日（不含）');
select platform.classify_like('organisation.stage_staff', 'organisation.staff', 'staging');
select platform.classify('organisation.stage_staff', 'staging', 'import_id none none 报送编号; line none none 行号');
select platform.classify('products.product', 'setting', 'code none none 产品代码; name none none 名称; category none none 类别; risk_rating none none 风险等级; term_days none none 期限（天）');
select platform.classify_like('products.stage_product', 'products.product', 'staging');
select platform.classify('products.stage_product', 'staging', 'import_id none none 报送编号; line none none 行号');

select platform.classify('platform.account', 'staff', 'staff_id C1 none 员工号; password_hash C3 never 密码（scrypt 摘要）; password_set_at C1 none 密码设定时间;
  totp_secret C3 never 动态口令密钥（加密）; totp_pending C3 never 待启用的动态口令密钥（加密）; totp_step none never 最近用过的口令步; created_at none none 开通时间');
select platform.classify('platform.api_token', 'session', 'token_id none none 密钥编号; token_hash C3 never 接口密钥（摘要）; staff_id C1 none 员工号; label none none 名称;
  permissions none none 权限; created_at none none 创建时间; expires_at none none 到期时间; used_at C1 none 最近使用');
select platform.classify('platform.attempt', 'session', 'key_hash none never 账号或地址的摘要; attempts none none 次数; since none none 起始时间; locked_until none none 锁定至');
select platform.classify('platform.idempotency', 'session', 'staff_id C1 none 员工号; key none none 请求键; route none none 接口; request_digest none none 请求摘要; status none none 状态码;
  response C2 never 已答复的内容; created_at none none 时间');
select platform.classify('platform.known_device', 'session', 'device_hash none never 设备标识（摘要）; staff_id C1 none 员工号; expires_at none none 到期时间');
select platform.classify('platform.notice', 'notice', 'notice_id none none 通知编号; staff_id C1 none 员工号; kind none none 类别; subject C1 none 对象; at none none 时间; read_at none none 已读时间');
select platform.classify('platform.recovery_code', 'staff', 'staff_id C1 none 员工号; code_hash C3 never 备用码（摘要）');
select platform.classify('platform.session', 'session', 'token_hash C3 never 会话（摘要）; staff_id C1 none 员工号; demo none none 是否演示; created_at C1 none 登录时间;
  seen_at C1 none 最近活动; expires_at none none 到期时间; session_id none none 会话编号; second_factor none none 是否双因素; address C1 none 来源地址; agent C1 none 浏览器');
select platform.classify('platform.setup_link', 'session', 'code_hash C3 never 开通码（摘要）; staff_id C1 none 员工号; made_by C1 none 发出人; expires_at none none 到期时间');
select platform.classify('platform.table_place', 'setting', 'table_name none none 表; place none none 所在');
select platform.classify('public.guanhu_migration', 'setting', 'file none none 迁移文件; applied_at none none 时间');

-- What the bank holds of a person is read from every table with a customer_id; these titles stand over them in the report.
comment on table customers.customer is '客户资料';
comment on table coverage.card is '客户卡片（供查找）';
comment on table coverage.standing is '当前归属与级别';
comment on table coverage.by_staff is '管户名单';
comment on table coverage.band_history is '历次分户级别';
comment on table coverage.risk_history is '历次流失风险';
comment on table coverage.carried_grace is '保留的分户级别';
comment on table coverage.assignment is '历任客户经理';
comment on table coverage.decision is '历次分户结果';
comment on table coverage.raised_by is '拓展记录';
comment on table coverage.transfer is '调户';
comment on table coverage.handover_item is '随整包交接';
comment on table closing.balance is '当前资产';
comment on table closing.segment is '历史资产';
comment on table closing.position is '当前持仓';
comment on table closing.merged is '客户号合并';
comment on table feed.held is '暂存的持仓';

create schema personal;
-- Who looked at a customer and what for, for the report to that person; and that somebody did, for nothing else.
create function personal.looks_at(customer_ text) returns table (at timestamptz, actor text, role text, kind text, purpose text, fields text)
  language sql stable security definer set search_path = pg_catalog as $$
  select e.at, e.actor, e.role, e.kind, coalesce(e.purpose, e.body->>'purpose'), e.body->>'field' from audit.entry e
   where e.customer_id = customer_ order by e.at, e.entry_id
$$;
revoke execute on function personal.looks_at(text) from public;
grant usage on schema personal to guanhu_app, guanhu_worker;
grant execute on function personal.looks_at(text) to guanhu_worker;

-- What stands about a person's own wishes: one row for who has any.
create table personal.mark (
  customer_id text primary key,
  no_marketing boolean not null default false,
  no_profiling boolean not null default false,
  restricted_at timestamptz,                  -- stored, and nothing else done with it
  held_at timestamptz,                        -- legal hold: nothing of them is erased
  erased_at timestamptz,
  resent_at timestamptz                       -- when a file last brought the identity of an erased customer, which was not taken
);
-- Consent to a purpose, given or withdrawn; the last one counts.
create table personal.consent (
  customer_id text not null,
  consent_id text not null,
  purpose text not null check (purpose in ('marketing', 'profiling')),
  given boolean not null,
  words text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, consent_id)
);
-- What a person asks for, written down by one and decided by another; what protects them holds at once.
create table personal.request (
  customer_id text not null,
  request_id text not null,
  kind text not null check (kind in ('correct', 'restrict', 'release', 'hold', 'unhold', 'erase', 'appeal')),
  field text check (field in ('name', 'mobile', 'idNumber', 'address')),
  value_sealed bytea,                         -- the right value, until a file brings it
  agreed_at timestamptz,                      -- when a file brought it: from then on the file's counts again
  words text not null,
  state text not null check (state in ('requested', 'done', 'rejected', 'withdrawn')),
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text,
  primary key (customer_id, request_id),
  constraint request_two_people check (
    state = 'withdrawn' or kind in ('restrict', 'hold') or decided_by is distinct from requested_by),
  constraint request_decided check ((state = 'requested') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  constraint request_field check ((kind = 'correct') = (field is not null))
);
create unique index request_open on personal.request (customer_id, kind, coalesce(field, '')) where state = 'requested';
create index request_overlay on personal.request (customer_id) where kind = 'correct' and state = 'done' and agreed_at is null;

do $$
declare one text;
begin
  foreach one in array array['personal.mark', 'personal.consent', 'personal.request'] loop
    execute format('alter table %s enable row level security', one);
    execute format('alter table %s force row level security', one);
    execute format($p$create policy one_customer on %s for select to guanhu_app using (customer_id = nullif(current_setting('app.customer', true), ''))$p$, one);
    execute format('create policy load on %s to guanhu_worker using (true) with check (true)', one);
    execute format('grant select on %s to guanhu_app', one);
    execute format('grant select, insert, update on %s to guanhu_worker', one);
    insert into platform.table_place values (one, 'customer');
  end loop;
end $$;
select platform.classify('personal.mark', 'ledger', 'customer_id C1 none 客户号; no_marketing C1 none 不可营销; no_profiling C1 none 不可画像; restricted_at C1 none 限制处理起;
  held_at C1 none 依法保全起; erased_at C1 none 删除时间; resent_at C1 none 删除后核心系统再次报送的时间');
select platform.classify('personal.consent', 'ledger', 'customer_id C1 none 客户号; consent_id none none 记录编号; purpose C1 none 用途; given C1 none 是否同意; words C2 none 说明;
  recorded_by C1 none 经办人; recorded_at C1 none 时间');
select platform.classify('personal.request', 'ledger', 'customer_id C1 none 客户号; request_id none none 记录编号; kind C1 none 事项; field C1 none 项目; value_sealed C2 id 更正为（加密）;
  agreed_at C1 none 核心系统已更正的时间; words C2 none 说明; state C1 none 状态; requested_by C1 none 经办人; requested_at C1 none 申请时间; decided_by C1 none 复核人;
  decided_at C1 none 复核时间; note C2 none 复核意见');
comment on table personal.mark is '您的权利：现状';
comment on table personal.consent is '您的权利：同意与撤回';
comment on table personal.request is '您的权利：申请';

-- Lists say with whom nobody may get in touch to sell something.
alter table coverage.card add column no_marketing boolean not null default false;
select platform.classify('coverage.card', 'customer', 'no_marketing C1 none 不可营销');

-- What the retention job looks at and removes: sessions and keys that are dead, counts, answers kept for a repeat, old notices.
grant select (expires_at), delete on platform.session, platform.known_device, platform.api_token to guanhu_worker;
grant select (created_at), delete on platform.idempotency to guanhu_worker;
grant select (since), delete on platform.attempt, disclosure.usage to guanhu_worker;
grant delete on platform.notice to guanhu_worker;
