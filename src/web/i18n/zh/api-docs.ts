export const apiDocs = {
  answer: '接口共 {{n}} 项（OpenAPI {{version}}）。',
  lead: '网页、脚本和其他系统用的是同一套接口；机器可读的说明在',
  parameter: '参数',
  place: '位置',
  type: '类型',
  meaning: '说明',
  body: '请求内容',
  response: '应答 {{status}}',
} as const;
