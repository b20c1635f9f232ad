import type { FeedColumn, FeedName, FeedShape } from './contract.ts';

/** Adds each stored value as an accepted text of itself. */
function choices(words: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).flatMap(([stored, texts]) => [stored, ...texts].map((text) => [text, stored])));
}

const LEVELS = choices({ 'head-office': ['总行'], branch: ['分行'], 'sub-branch': ['支行'], outlet: ['网点'] });

const ROLES = choices({
  'sub-branch-head': ['支行负责人', '零售分管行长', '支行行长'],
  'outlet-head': ['网点负责人', '网点主任'],
  'wealth-advisor': ['分行专职财富顾问', '财富顾问'],
  'wealth-manager': ['理财客户经理', '理财经理'],
  'lobby-manager': ['大堂服务经理', '大堂经理'],
  'loan-manager': ['个贷客户经理', '个贷经理'],
  'remote-manager': ['远程客户经理', '远程经理'],
  'marketing-supervisor': ['营销主管'],
  teller: ['柜员', '高柜柜员', '低柜柜员'],
  'operations-supervisor': ['运营主管'],
  'branch-admin': ['分行管理', '分行管理员'],
  auditor: ['审计', '审计员'],
  'system-admin': ['系统管理员'],
});

const CATEGORIES = choices({
  'demand-deposit': ['活期', '活期存款'],
  'time-deposit': ['定期', '定期存款'],
  wealth: ['理财'],
  fund: ['基金'],
  insurance: ['保险'],
  bond: ['国债'],
  metal: ['贵金属'],
  trust: ['信托'],
  loan: ['贷款'],
  'credit-card': ['信用卡'],
  service: ['服务签约'],
});

const RISK_RATINGS = choices({ R1: [], R2: [], R3: [], R4: [], R5: [] });
const RISK_LEVELS = choices({ C1: [], C2: [], C3: [], C4: [], C5: [] });
const GENDERS = choices({ male: ['男', 'm'], female: ['女', 'f'] });

const CHANNELS = choices({
  phone: ['电话'],
  wecom: ['企业微信', '企微'],
  visit: ['上门拜访', '上门', '拜访'],
  meeting: ['网点面谈', '面谈'],
  sms: ['短信'],
  letter: ['信函'],
});
const OUTCOMES = choices({
  reached: ['已联系上', '已接通', '成功'],
  declined: ['客户谢绝', '谢绝'],
  complaint: ['客户投诉', '投诉'],
  'no-answer': ['未接通', '无人接听'],
  'wrong-number': ['号码有误', '空号'],
  sent: ['已发出', '已发送'],
  returned: ['被退回', '退回'],
});

const LONGITUDE: FeedColumn = { name: 'longitude', zh: ['经度'], kind: 'coordinate' };
const LATITUDE: FeedColumn = { name: 'latitude', zh: ['纬度'], kind: 'coordinate' };
const DISTRICT: FeedColumn = { name: 'district', zh: ['区域', '行政区划'], kind: 'text' };

const ORG_UNITS: FeedShape = {
  feed: 'org-units',
  label: { zh: '机构', en: 'organisation units' },
  key: ['id'],
  columns: [
    { name: 'id', zh: ['机构编号', '机构号'], kind: 'id', required: true },
    { name: 'name', zh: ['机构名称'], kind: 'text', required: true },
    { name: 'level', zh: ['级别', '机构级别'], kind: 'choice', required: true, choices: LEVELS },
    { name: 'parent_id', zh: ['上级机构', '上级机构编号'], kind: 'id' },
    DISTRICT,
    LONGITUDE,
    LATITUDE,
    { name: 'closed_on', zh: ['撤并日期', '停业日期'], kind: 'date' },
    { name: 'merged_into', zh: ['并入机构', '并入机构编号'], kind: 'id' },
  ],
};

const STAFF: FeedShape = {
  feed: 'staff',
  label: { zh: '员工', en: 'staff' },
  key: ['id'],
  columns: [
    { name: 'id', zh: ['员工编号', '工号'], kind: 'id', required: true },
    { name: 'name', zh: ['姓名', '员工姓名'], kind: 'text', required: true },
    { name: 'org_unit_id', zh: ['所属机构', '所属机构编号'], kind: 'id', required: true },
    { name: 'role', zh: ['岗位'], kind: 'choice', required: true, choices: ROLES },
    { name: 'grade', zh: ['等级'], kind: 'text' },
    { name: 'share', zh: ['份额'], kind: 'share' },
    { name: 'hired_on', zh: ['入职日期'], kind: 'date' },
    { name: 'left_on', zh: ['离职日期'], kind: 'date' },
  ],
};

const PRODUCTS: FeedShape = {
  feed: 'products',
  label: { zh: '产品', en: 'products' },
  key: ['code'],
  columns: [
    { name: 'code', zh: ['产品代码', '产品编号'], kind: 'id', required: true },
    { name: 'name', zh: ['产品名称'], kind: 'text', required: true },
    { name: 'category', zh: ['类别', '产品类别'], kind: 'choice', required: true, choices: CATEGORIES },
    { name: 'risk_rating', zh: ['风险等级', '产品风险等级'], kind: 'choice', choices: RISK_RATINGS },
    { name: 'term_days', zh: ['期限', '期限天数'], kind: 'integer' },
  ],
};

const CUSTOMERS: FeedShape = {
  feed: 'customers',
  label: { zh: '客户', en: 'customers' },
  key: ['id'],
  columns: [
    { name: 'id', zh: ['客户号', '客户编号'], kind: 'id', required: true },
    { name: 'name', zh: ['姓名', '客户姓名'], kind: 'text', required: true },
    { name: 'id_type', zh: ['证件类型'], kind: 'text' },
    { name: 'id_number', zh: ['证件号码', '证件号'], kind: 'text' },
    { name: 'mobile', zh: ['手机', '手机号'], kind: 'text' },
    { name: 'birth_date', zh: ['出生日期'], kind: 'date', past: true },
    { name: 'gender', zh: ['性别'], kind: 'choice', choices: GENDERS },
    { name: 'occupation', zh: ['职业'], kind: 'text' },
    { name: 'industry', zh: ['行业'], kind: 'text' },
    DISTRICT,
    LONGITUDE,
    LATITUDE,
    { name: 'address', zh: ['地址'], kind: 'text' },
    { name: 'risk_level', zh: ['风险等级', '客户风险等级'], kind: 'choice', choices: RISK_LEVELS },
    { name: 'risk_expires_on', zh: ['风险评估到期日'], kind: 'date' },
    { name: 'opened_on', zh: ['开户日期'], kind: 'date', past: true },
    { name: 'closed_on', zh: ['销户日期'], kind: 'date', past: true },
    { name: 'merged_into', zh: ['并入客户号'], kind: 'id' },
    { name: 'consent_phone', zh: ['同意电话联系'], kind: 'flag' },
    { name: 'consent_sms', zh: ['同意短信联系'], kind: 'flag' },
    { name: 'consent_wecom', zh: ['同意企业微信联系', '同意企微联系'], kind: 'flag' },
    { name: 'household_id', zh: ['家庭号', '家庭编号'], kind: 'id' },
  ],
};

const POSITIONS: FeedShape = {
  feed: 'positions',
  label: { zh: '持仓', en: 'positions' },
  key: ['customer_id', 'outlet_id', 'product_code'],
  columns: [
    { name: 'customer_id', zh: ['客户号', '客户编号'], kind: 'id', required: true },
    { name: 'outlet_id', zh: ['网点', '网点编号', '机构编号'], kind: 'id', required: true },
    { name: 'product_code', zh: ['产品代码', '产品编号'], kind: 'id', required: true },
    { name: 'balance', zh: ['余额'], kind: 'amount', required: true },
    { name: 'account_id', zh: ['账号'], kind: 'id' },
    { name: 'matures_on', zh: ['到期日'], kind: 'date' },
  ],
};

const ASSIGNMENTS: FeedShape = {
  feed: 'assignments',
  label: { zh: '管户', en: 'assignments' },
  key: ['customer_id', 'staff_id'],
  columns: [
    { name: 'customer_id', zh: ['客户号', '客户编号'], kind: 'id', required: true },
    { name: 'staff_id', zh: ['员工编号', '工号', '管户经理'], kind: 'id', required: true },
    { name: 'since', zh: ['起始日', '起始日期'], kind: 'date', past: true },
  ],
};

const SALES: FeedShape = {
  feed: 'sales',
  label: { zh: '销售', en: 'sales' },
  key: ['id'],
  columns: [
    { name: 'id', zh: ['销售编号', '交易编号'], kind: 'id', required: true },
    { name: 'customer_id', zh: ['客户号', '客户编号'], kind: 'id', required: true },
    { name: 'staff_id', zh: ['销售人', '员工编号', '工号'], kind: 'id', required: true },
    { name: 'product_code', zh: ['产品代码', '产品编号'], kind: 'id', required: true },
    { name: 'amount', zh: ['金额', '销售金额'], kind: 'amount', required: true },
    { name: 'on', zh: ['日期', '销售日期'], kind: 'date', required: true, past: true },
  ],
};

const CONTACTS: FeedShape = {
  feed: 'contacts',
  label: { zh: '联系记录', en: 'contacts' },
  key: ['id'],
  columns: [
    { name: 'id', zh: ['记录编号', '联系编号'], kind: 'id', required: true },
    { name: 'customer_id', zh: ['客户号', '客户编号'], kind: 'id', required: true },
    { name: 'staff_id', zh: ['联系人', '员工编号', '工号'], kind: 'id', required: true },
    { name: 'channel', zh: ['方式', '联系方式'], kind: 'choice', required: true, choices: CHANNELS },
    { name: 'at', zh: ['联系时间', '时间', '日期'], kind: 'moment', required: true, past: true },
    { name: 'outcome', zh: ['结果'], kind: 'choice', choices: OUTCOMES },
    { name: 'note', zh: ['内容', '沟通记录'], kind: 'text' },
  ],
};

/** The columns of each feed (FEEDS.md): the one list that reading, templates and documents follow. */
export const SHAPES: Readonly<Record<FeedName, FeedShape>> = {
  'org-units': ORG_UNITS,
  staff: STAFF,
  products: PRODUCTS,
  customers: CUSTOMERS,
  positions: POSITIONS,
  assignments: ASSIGNMENTS,
  sales: SALES,
  contacts: CONTACTS,
};

/** The column's name in the normalised Parquet: amounts carry their unit (`balance_fen`), shares too (`share_bp`). */
export function storedName(column: FeedColumn): string {
  if (column.kind === 'amount') return `${column.name}_fen`;
  if (column.kind === 'share') return `${column.name}_bp`;
  return column.name;
}
